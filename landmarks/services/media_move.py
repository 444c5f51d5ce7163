"""Copies photos and thumbnails from the data folder to the storage that is configured, a bucket."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from django.core.files.base import File

from landmarks.core.errors import StorageError
from landmarks.models import Photo, Result
from landmarks.storage import files
from landmarks.storage.backup_errors import BackupError
from landmarks.storage.errors import storage_errors
from landmarks.storage.temporary_files import STORES

BATCH = 500
"""Rows read at a time."""


@dataclass
class Report:
    copied: int = 0
    present: int = 0
    """Files that were there already, with the same content."""
    missing: int = 0
    """Files that rows name and that neither the folder nor the bucket has."""
    named: int = 0
    """Files that rows name."""


def move_media(source: Path, begin: Callable[[int], Callable[[int], object]]) -> Report:
    """Copy every file below `source` that a row names; each copy is read back and compared.

    Started again after it was interrupted, it copies the rest. Nothing in the folder is changed or deleted.
    Raises BackupError where a file cannot be read or written, or does not come back as it was.
    """
    if files.root() is not None:
        raise BackupError("move_needs_bucket")
    report = Report()
    with storage_errors():
        advance = begin(Photo.objects.count() + Result.objects.count())
    for name in named_files():
        report.named += 1
        move_file(source / name, name, report)
        advance(1)
    return report


def named_files() -> Iterator[str]:
    """Of photos, then of results; both in batches, so that the database is not read all the while."""
    photos = Photo.objects.order_by("pk").values_list("file", flat=True)
    thumbnails = Result.objects.order_by("pk").values_list("thumbnail", flat=True)
    return filter(None, chain(photos.iterator(BATCH), thumbnails.iterator(BATCH)))


def move_file(path: Path, name: str, report: Report) -> None:
    try:
        digest = sha256_of(path)
        stored = stored_sha256(name)
        if stored is not None and digest in (None, stored):
            report.present += 1
        elif digest is None:
            report.missing += 1
        else:
            with path.open("rb") as file:
                files.save(name, File(file))
            if stored_sha256(name) != digest:
                raise BackupError("move_differs", path=str(path))
            report.copied += 1
    except OSError as exc:
        raise BackupError("move_failed", path=str(path), reason=exc.strerror or str(exc)) from exc
    except StorageError as exc:
        raise BackupError("move_failed", path=str(path), reason=exc.detail) from exc


def sha256_of(path: Path) -> bytes | None:
    """None where there is no such file."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except FileNotFoundError:
        return None


def stored_sha256(name: str) -> bytes | None:
    """None where the storage has no such file. Raises StorageError."""
    try:
        with files.open_file(name) as file:
            return hashlib.sha256(file.read()).digest()
    except files.FileMissing:
        return None


def delete_copied(source: Path) -> int:
    """Delete the files of photos, thumbnails and expired links below `source`; returns their number.

    To be called after a move that missed nothing.
    """
    folders = [source / name for name in ("photos", "thumbnails", *STORES)]
    paths = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    for path in paths:
        path.unlink()
    return len(paths)
