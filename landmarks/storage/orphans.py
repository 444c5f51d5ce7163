"""What is left behind when a process is killed: files without a row, and photos without a result."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from uuid import UUID

from django.db.models import Q

from landmarks.models import Photo, Result
from landmarks.runtime.periods import SLACK, is_over
from landmarks.storage import deletion, files
from landmarks.storage.errors import storage_errors
from landmarks.storage.temporary_files import STORES

MIN_AGE = timedelta(minutes=30)
"""Anything younger may belong to a photo that is being analyzed just now, which takes some minutes at most; also what
seems to be younger than nothing by less than that, because the clock was set back meanwhile. With the time between two
searches it is less than the hour that docs/operations.md promises."""
BATCH = 500
"""Files looked up in the database at a time."""


def delete_orphans(now: datetime) -> Iterator[bool]:
    """Delete unused photos and orphaned files; yields after each step whether a row was deleted. Raises StorageError.

    All steps together take some seconds for 100,000 files.
    """
    for photo in find_unused_photos(now):
        yield deletion.delete_unused(photo)
    for names in find_orphans(now):
        files.delete(*names)
        yield False


def find_unused_photos(now: datetime) -> list[Photo]:
    """Photos that never got a result, and wait for none. Raises StorageError."""
    is_old = Q(created__lte=now - MIN_AGE) | Q(created__gt=now + MIN_AGE)
    with storage_errors():
        return list(Photo.objects.filter(is_old, results=None, jobs=None))


def find_orphans(now: datetime, folder: str = "") -> Iterator[list[str]]:
    """Names of files without a row, and of temporary files that are expired, in batches of which most are empty.

    Raises StorageError.
    """
    folders, names = files.list_folder(folder)
    names = [f"{folder}/{name}".lstrip("/") for name in names]
    if folder in STORES:
        yield older_than(STORES[folder].expires, names, now, SLACK)
    else:
        for start in range(0, len(names), BATCH):
            yield find_unused_files(names[start : start + BATCH], now)
    for inner in folders:
        yield from find_orphans(now, f"{folder}/{inner}".lstrip("/"))


def find_unused_files(names: list[str], now: datetime) -> list[str]:
    """Those that are in no row. Most are named after their row, so that an index finds it; for others that are old
    enough to be orphans all rows are read."""
    ids = [id for name in names if (id := id_of(name))]
    used = names_in_rows(ids=ids)
    rest = older_than(MIN_AGE, [name for name in names if name not in used], now, MIN_AGE)
    used = names_in_rows(names=rest) if rest else set()
    return [name for name in rest if name not in used]


def older_than(age: timedelta, names: list[str], now: datetime, slack: timedelta) -> list[str]:
    return [name for name in names if (moment := files.modified(name)) and is_over(moment, age, now, slack)]


def id_of(name: str) -> UUID | None:
    try:
        return UUID(PurePosixPath(name).stem)
    except ValueError:
        return None


def names_in_rows(ids: list[UUID] | None = None, names: list[str] | None = None) -> set[str]:
    photos, results = Photo.objects.values_list("file", flat=True), Result.objects.values_list("thumbnail", flat=True)
    with storage_errors():
        if ids is not None:
            return {*photos.filter(pk__in=ids), *results.filter(pk__in=ids)}
        return {*photos.filter(file__in=names), *results.filter(thumbnail__in=names)}
