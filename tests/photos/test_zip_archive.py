"""Archives of photos: read one by one, and never trusted."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from landmarks.core.errors import PhotoError, RequestInvalid
from landmarks.photos import zip_archive
from landmarks.photos.zip_archive import photo_entries

MOST = 1000


def archive(entries: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    return file


def names(file: io.BytesIO) -> list[str]:
    return [entry.name for entry in photo_entries(file, MOST)]


def test_files_are_read_by_the_last_part_of_their_path() -> None:
    file = archive({"a/one.jpg": b"1", "b\\two.jpg": b"2", "../../etc/three.jpg": b"3", "/four.jpg": b"4"})
    assert {entry.name: entry.read() for entry in photo_entries(file, MOST)} == {
        "one.jpg": b"1",
        "two.jpg": b"2",
        "three.jpg": b"3",
        "four.jpg": b"4",
    }


def test_folders_and_files_of_systems_are_passed_over() -> None:
    file = archive({"album/": b"", "__MACOSX/._one.jpg": b"", "album/.hidden": b"", "Thumbs.db": b"", "one.jpg": b"1"})
    assert names(file) == ["one.jpg"]


def test_no_more_is_unpacked_than_a_photo_may_have() -> None:
    (entry,) = photo_entries(archive({"bomb.jpg": bytes(50_000_000)}), MOST)
    assert len(entry.read()) == MOST + 1


def test_a_size_that_is_a_lie_changes_nothing() -> None:
    data = archive({"bomb.jpg": bytes(50_000_000)}).getvalue()
    data = data.replace(struct.pack("<L", 50_000_000), struct.pack("<L", 10))
    (entry,) = photo_entries(io.BytesIO(data), MOST)
    try:
        assert len(entry.read()) <= MOST + 1
    except PhotoError as exc:
        assert exc.message_id == "archive_entry_damaged"


@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_file_is_one_error_and_the_others_are_read(compression: int) -> None:
    content = b"".join(zlib.compress(bytes([n])) for n in range(100))
    data = bytearray(archive({"bad.jpg": content, "good.jpg": b"good"}, compression).getvalue())
    data[60:100] = bytes(40)
    bad, good = photo_entries(io.BytesIO(bytes(data)), MOST)
    with pytest.raises(PhotoError) as caught:
        bad.read()
    assert caught.value.message_id == "archive_entry_damaged"
    assert good.read() == b"good"


def test_an_encrypted_file_says_so() -> None:
    data = bytearray(archive({"secret.jpg": b"x" * 50}, zipfile.ZIP_STORED).getvalue())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (entry,) = photo_entries(io.BytesIO(bytes(data)), MOST)
    with pytest.raises(PhotoError) as caught:
        entry.read()
    assert caught.value.message_id == "archive_entry_encrypted"


def test_what_is_no_archive_is_rejected(images: Path) -> None:
    whole = archive({"one.jpg": b"1"}).getvalue()
    for data in (b"", b"PK\x03\x04", whole[:-10], (images / "rocket.jpg").read_bytes(), b"PK\x05\x06" + bytes(18 - 1)):
        with pytest.raises(RequestInvalid) as caught:
            names(io.BytesIO(data))
        assert caught.value.message_id == "archive_unreadable"


def test_a_long_directory_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_archive, "LONGEST_DIRECTORY", 100)
    with pytest.raises(RequestInvalid) as caught:
        names(archive({f"{number}.jpg": b"" for number in range(10)}))
    assert caught.value.message_id == "archive_too_large"


def test_a_directory_behind_a_zip64_locator_is_not_read() -> None:
    data = archive({"one.jpg": b"1"}).getvalue()
    end = data.rindex(zip_archive.END)
    with pytest.raises(RequestInvalid):
        names(io.BytesIO(data[:end] + zip_archive.ZIP64 + bytes(16) + data[end:]))
