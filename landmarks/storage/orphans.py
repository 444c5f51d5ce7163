"""What is left behind when a process is killed: files without a row, and photos without a result."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from uuid import UUID

from django.db.models import Q

from landmarks.models import Photo, Result
from landmarks.runtime.periods import SLACK, is_over
from landmarks.storage import files
from landmarks.storage.errors import storage_errors
from landmarks.storage.temporary_files import STORES

MIN_AGE = timedelta(hours=1)
"""Anything younger may belong to a photo that is being analyzed just now; also what seems to be younger than nothing by
less than that, because the clock was set back meanwhile."""
BATCH = 500
"""Files looked up in the database at a time."""


def find_unused_photos(now: datetime) -> list[Photo]:
    """Photos that never got a result. Raises StorageError."""
    is_old = Q(created__lte=now - MIN_AGE) | Q(created__gt=now + MIN_AGE)
    with storage_errors():
        return list(Photo.objects.filter(is_old, results=None))


def find_orphans(now: datetime, folder: str = "") -> Iterator[str]:
    """Names of files without a row, and of temporary files that are expired. Raises StorageError."""
    folders, names = files.list_folder(folder)
    age, slack = (STORES[folder].expires, SLACK) if folder in STORES else (MIN_AGE, MIN_AGE)
    names = [f"{folder}/{name}".lstrip("/") for name in names]
    old = [name for name in names if (moment := files.modified(name)) and is_over(moment, age, now, slack)]
    for start in range(0, len(old), BATCH):
        batch = old[start : start + BATCH]
        used = used_by_rows(batch)
        yield from (name for name in batch if name not in used)
    for inner in folders:
        yield from find_orphans(now, f"{folder}/{inner}".lstrip("/"))


def used_by_rows(names: list[str]) -> set[str]:
    """Those of the names that are in a row. Most files are named after their row; for the rest all rows are read."""
    ids = [id for name in names if (id := id_of(name))]
    used = names_in_rows(ids=ids)
    rest = [name for name in names if name not in used]
    return used | (names_in_rows(names=rest) if rest else set())


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
