"""Photos as they are named on a command line."""

from pathlib import Path

import pytest

from landmarks.cli.sources import PassedOver, Source, expand, read_file
from landmarks.core.errors import PhotoError


def test_folders_are_walked_and_other_files_passed_over(tmp_path):
    for name in ("b/2.JPG", "a/1.png", "a/notes.txt", "a/deep/3.webp"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    found = list(expand([str(tmp_path)]))
    assert [source.output.as_posix() for source in found] == ["a/1.png", "a/deep/3.webp", "b/2.JPG"]
    assert found[0].name == str(tmp_path / "a/1.png")


def test_a_named_file_is_read_whatever_its_suffix(tmp_path):
    path = tmp_path / "photo"
    path.write_bytes(b"x")
    assert list(expand([str(path)])) == [Source(str(path), path, Path("photo"))]


def test_a_url_is_not_a_file():
    (source,) = expand(["https://example.com/../../etc/a.jpg?x=1"])
    assert source.path is None
    assert len(source.output.parts) == 1


def test_a_name_cannot_turn_a_line_around(tmp_path):
    path = tmp_path / "gpj\u202e\x1b.exe\n"
    path.write_bytes(b"x")
    (source,) = expand([str(path)])
    assert source.name == str(tmp_path / "gpj") + "\\u202e\\x1b.exe\\x0a"


def test_a_huge_file_is_read_no_further_than_the_limit(tmp_path):
    path = tmp_path / "huge.jpg"
    path.write_bytes(bytes(5000))
    assert len(read_file(path, 1000)) == 1001


def test_a_missing_file_is_one_sentence(tmp_path):
    with pytest.raises(PhotoError, match="No such file"):
        read_file(tmp_path / "none.jpg", 1000)


SYSTEM_FILES = (
    "._1.jpg",
    ".hidden.jpg",
    ".thumbnails/1.jpg",
    "@eaDir/1.jpg/SYNOPHOTO_THUMB_M.jpg",
    "#recycle/1.jpg",
    ".Trash-1000/files/1.jpg",
    "__MACOSX/._1.jpg",
    "__MACOSX/1.jpg",
    ".picasaoriginals/1.jpg",
    "$RECYCLE.BIN/S-1-5/$R1.jpg",
    "$Recycle.Bin/1.jpg",
    "Thumbs.db",
    "System Volume Information/1.jpg",
    "album/.AppleDouble/1.jpg",
)


def test_files_of_systems_are_passed_over_and_counted(tmp_path):
    for name in (*SYSTEM_FILES, "1.jpg", "album/2.jpg", "notes.txt", "album/film.mp4"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    passed_over = PassedOver()
    found = list(expand([str(tmp_path)], passed_over))
    assert [source.output.as_posix() for source in found] == ["1.jpg", "album/2.jpg"]
    assert passed_over == PassedOver(system=len(SYSTEM_FILES), others=2)
    text = f"Files skipped in folders: {len(SYSTEM_FILES)} hidden or system, 2 of another type."
    assert (str(passed_over), str(PassedOver())) == (text, "")


def test_a_system_folder_that_is_named_is_read(tmp_path):
    path = tmp_path / ".thumbnails" / "1.jpg"
    path.parent.mkdir()
    path.write_bytes(b"x")
    assert [source.path for source in expand([str(path.parent)])] == [path]
    assert [source.path for source in expand([str(path)])] == [path]


@pytest.mark.parametrize("around", ["\u200b", "\ufeff", "\u00a0", "\u202a", "\u2069", " ", "\u00ad", "\t"])
def test_invisible_characters_around_an_address_are_dropped(around):
    (source,) = expand([f"{around}https://example.com/a.jpg{around}"])
    assert (source.name, source.path) == ("https://example.com/a.jpg", None)
