"""Photos as they are named on a command line."""

from pathlib import Path

import pytest

from landmarks.cli.sources import Source, expand, read_file
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
