"""Access to files: errors of the storage are translated, and nothing is left of a file that could not be written."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from PIL import Image

from landmarks.core.errors import StorageError
from landmarks.storage import files


@pytest.fixture(autouse=True)
def media(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def save(name: str = "folder/name.jpg") -> str:
    return files.save(name, ContentFile(b"content"))


def test_a_saved_file_is_read_listed_and_deleted() -> None:
    name = save()
    assert name == "folder/name.jpg"
    assert files.exists(name)
    assert files.read(name) == b"content"
    assert files.list_folder("") == (["folder"], [])
    assert files.list_folder("folder") == ([], ["name.jpg"])
    assert files.modified(name)
    assert files.delete(name)
    assert not files.exists(name)


def test_a_missing_file_is_an_error_of_its_own() -> None:
    for read in (files.read, files.open_file):
        with pytest.raises(files.FileMissing):
            read("missing.jpg")
    assert files.modified("missing.jpg") is None
    assert files.list_folder("missing") == ([], [])
    assert files.delete("missing.jpg")


@pytest.mark.parametrize(
    "access", [save, files.read, files.exists, files.modified, files.list_folder], ids=lambda access: access.__name__
)
@pytest.mark.parametrize("name", ["../outside.jpg", "file/inside.jpg"], ids=["outside of the folder", "below a file"])
def test_other_errors_of_the_storage_are_translated(access: Callable[[str], object], name: str, media: Path) -> None:
    media.mkdir()
    (media / "file").touch()
    try:
        found = access(name)
    except StorageError as exc:
        assert not isinstance(exc, files.FileMissing)
        assert exc.code == "storage_failed"
    else:
        assert found is False  # `exists` does not see the difference
    assert [path.name for path in media.parent.rglob("*")] == ["media", "file"]


def test_a_file_that_cannot_be_deleted_is_reported(media: Path) -> None:
    (media / "folder").mkdir(parents=True)
    (media / "folder" / "other").touch()
    name = save()
    assert not files.delete("folder", name)
    assert not files.exists(name)


def test_of_a_file_that_cannot_be_written_nothing_is_left(media: Path) -> None:
    class Broken(ContentFile):  # type: ignore[type-arg]
        def chunks(self, chunk_size: int | None = None) -> object:  # type: ignore[override]
            yield b"half"
            raise OSError("The disk is full.")

    with pytest.raises(StorageError):
        files.save("folder/name.jpg", Broken(b""))
    assert not [path for path in media.rglob("*") if path.is_file()]


def test_a_picture_can_be_taken_back() -> None:
    with ExitStack() as undo:
        saved = files.save_picture("folder/name.jpg", Image.new("RGB", (4, 3)), undo)
        assert files.read(saved.name).startswith(b"\xff\xd8")
        assert (files.size(saved.name), saved.quality) == (saved.size, 92)
    assert not files.exists(saved.name)
    assert files.size(saved.name) is None
