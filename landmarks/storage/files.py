"""Stored files: written, read and removed, with the errors of whatever storage is configured translated."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from tempfile import TemporaryFile

from django.core.files.base import File
from django.core.files.storage import Storage
from django.db import DatabaseError
from django.db.models.fields.files import FieldFile
from PIL import Image

from landmarks import models
from landmarks.core.errors import PhotoError, StorageError
from landmarks.photos.encode import write_photo

logger = logging.getLogger(__name__)


def write(file: FieldFile, image: Image.Image, undo: ExitStack) -> None:
    """Store a picture under the name that the field gives; `undo` takes it away again, also if only half is there."""
    name = file.field.generate_filename(file.instance, "file.jpg")
    with TemporaryFile() as jpeg:
        write_photo(image, jpeg)
        undo.callback(remove, file.storage, name)
        file.save("file.jpg", File(jpeg), save=False)


def stored_bytes(photo: models.Photo) -> bytes:
    """The upright copy that is kept; raise PhotoError when it is lost, StorageError when it cannot be read."""
    with storage_errors():
        try:
            with photo.file.open("rb") as file:
                return bytes(file.read())
        except FileNotFoundError as exc:
            raise PhotoError("photo_gone") from exc


def discard(*files: FieldFile) -> None:
    """Remove files that no row names any more; one that cannot be removed is left to the log."""
    for file in files:
        remove(file.storage, str(file.name))


def remove(storage: Storage, name: str) -> bool:
    """Whether the file is gone."""
    try:
        storage.delete(name)
    except OSError as exc:
        logger.error("The file %s could not be removed (%s). Remove it by hand.", name, exc.strerror)
        return False
    return True


@contextmanager
def storage_errors() -> Iterator[None]:
    """Translate what disks and databases say into StorageError."""
    try:
        yield
    except (OSError, DatabaseError) as exc:
        logger.error("Nothing could be stored: %s", exc)
        raise StorageError("storage_failed", detail=str(exc)) from exc
