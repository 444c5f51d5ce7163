"""Files that no row names: what is left behind where a process is killed between a file and its row."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from uuid import UUID

from django.core.files.storage import default_storage

from landmarks.models import Photo, Result
from landmarks.storage.temporary_files import STORES

SETTLED = timedelta(hours=1)
"""A younger file may be one of a photo that is being kept just now."""
TOGETHER = 500
"""Files that are looked up at a time."""


def find_orphans(now: datetime, folder: str = "") -> Iterator[str]:
    """The names of such files, also of copies whose link has expired."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return  # nothing was ever kept
    age = STORES[folder].expires if folder in STORES else SETTLED
    names = [f"{folder}/{file}".lstrip("/") for file in files]
    old = [name for name in names if is_older(name, now - age)]
    for start in range(0, len(old), TOGETHER):
        some = old[start : start + TOGETHER]
        named = named_by_rows(some)
        yield from (name for name in some if name not in named)
    for inner in folders:
        yield from find_orphans(now, f"{folder}/{inner}".lstrip("/"))


def is_older(name: str, moment: datetime) -> bool:
    try:
        return default_storage.get_modified_time(name) < moment
    except FileNotFoundError:
        return False  # deleted meanwhile


def named_by_rows(names: list[str]) -> set[str]:
    """Those that a row names. A file is called after its row as a rule; only for the rest all rows are looked at."""
    ids = [id for name in names if (id := id_of(name))]
    named = names_in(ids=ids)
    rest = [name for name in names if name not in named]
    return named | (names_in(files=rest) if rest else set())


def id_of(name: str) -> UUID | None:
    try:
        return UUID(PurePosixPath(name).stem)
    except ValueError:
        return None


def names_in(ids: list[UUID] | None = None, files: list[str] | None = None) -> set[str]:
    photos, results = Photo.objects.values_list("file", flat=True), Result.objects.values_list("thumbnail", flat=True)
    if ids is not None:
        return {*photos.filter(pk__in=ids), *results.filter(pk__in=ids)}
    return {*photos.filter(file__in=files), *results.filter(thumbnail__in=files)}
