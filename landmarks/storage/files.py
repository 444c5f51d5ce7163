"""All access to stored files: the configured storage behind a few functions, with its errors translated.

Every file is known by its name in the storage, `photos/1f/….jpg`. Each call may go over a network, so none belongs into
a database transaction.
"""

import logging
import math
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import SpooledTemporaryFile

from django.core.files.base import File
from django.core.files.storage import default_storage
from PIL import Image

from landmarks.core.errors import StorageError
from landmarks.photos.encode import write_photo_within
from landmarks.storage.errors import FILE_ERRORS, describe, storage_errors

logger = logging.getLogger(__name__)

IN_MEMORY = 2**20
"""Bytes of a new picture; a larger one is on disk while it is written, because many may be."""


class FileMissing(StorageError):
    """There is no such file, or not any more."""


# --- reading ---------------------------------------------------------------------------------------------------------


def open_file(name: str) -> "File[bytes]":
    """Raises FileMissing or StorageError."""
    with storage_errors():
        try:
            return default_storage.open(name, "rb")
        except FileNotFoundError as exc:
            raise FileMissing("file_missing", detail=name) from exc


def read(name: str) -> bytes:
    """The whole file. Raises FileMissing or StorageError."""
    with open_file(name) as file, storage_errors():
        return bytes(file.read())


def exists(name: str) -> bool:
    with storage_errors():
        return default_storage.exists(name)


def root() -> Path | None:
    """The folder of all files; None for a storage that is not on a disk."""
    try:
        return Path(default_storage.path(""))
    except NotImplementedError:  # how Django's storages say that they are not on a disk
        return None


def list_folder(name: str) -> tuple[list[str], list[str]]:
    """The names of its folders and of its files; none for a folder that does not exist. Raises StorageError."""
    with storage_errors():
        try:
            return default_storage.listdir(name)
        except FileNotFoundError:
            return [], []


def size(name: str) -> int | None:
    """In bytes; None where the file is gone. Raises StorageError."""
    with storage_errors():
        try:
            return default_storage.size(name)
        except FileNotFoundError:
            return None


def modified(name: str) -> datetime | None:
    """When the file was written; None where it is gone. Raises StorageError."""
    with storage_errors():
        try:
            return default_storage.get_modified_time(name)
        except FileNotFoundError:
            return None


# --- writing ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SavedPicture:
    name: str
    size: int
    """In bytes."""
    quality: int
    """Of the JPEG, 1 to 100."""


def save(name: str, content: "File[bytes]") -> str:
    """Write a new file and return its name, when it would survive a power cut.

    Raises StorageError, and then leaves nothing behind.
    """
    with ExitStack() as undo, storage_errors():
        undo.callback(delete, name)
        saved = default_storage.save(name, content)
        undo.pop_all()
    return saved


def save_picture(name: str, image: Image.Image, undo: ExitStack, max_bytes: float = math.inf) -> SavedPicture:
    """Write a picture as a JPEG of at most so many bytes; `undo` deletes it again.

    Raises PhotoTooLarge if the quality would be too low for that, or StorageError.
    """
    with storage_errors(), SpooledTemporaryFile(IN_MEMORY) as jpeg:
        quality = write_photo_within(image, jpeg, max_bytes)
        size = jpeg.tell()
        saved = SavedPicture(save(name, File(jpeg)), size, quality)
    undo.callback(delete, saved.name)
    return saved


def delete(*names: str) -> bool:
    """Whether all of them are gone; a file that cannot be deleted is left, and logged."""
    gone = [_delete(name) for name in names]
    return all(gone)


def _delete(name: str) -> bool:
    try:
        with suppress(FileNotFoundError):
            default_storage.delete(name)
    except FILE_ERRORS as exc:
        folder = name.partition("/")[0]
        logger.error("A file in %s can't be deleted (%s). `manage.py sweep` tries again.", folder, describe(exc))
        return False
    return True
