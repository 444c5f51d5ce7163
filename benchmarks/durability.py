"""What it costs that an answered photo survives a power cut: storing photos with and without waiting for the disk.

All ways take turns on the same database and folder, so that other load on the machine affects them alike. `TMPDIR`
chooses the disk.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice

from django.db import connection

from benchmarks.album import Album, portraits
from benchmarks.arguments import add_count
from benchmarks.report import Report, Row, Table, make_report, milliseconds
from benchmarks.site import store_result, temporary_storage
from benchmarks.timing import Progress, timed
from landmarks.core.finding import Finding
from landmarks.photos.decode import read_photo
from landmarks.photos.photo import PhotoLimits
from landmarks.storage import durable_storage

HELP = "the price of waiting for the disk when photos and results are stored"
WAYS = {
    "for nothing": (False, "NORMAL"),
    "for rows": (False, "FULL"),
    "for files": (True, "NORMAL"),
    "for both": (True, "FULL"),
}
"""What is waited for: whether for files, and SQLite's `synchronous`."""
ANY_SIZE = PhotoLimits(10**9, 10**9)

default_album = portraits


@contextmanager
def waiting_for(files: bool, synchronous: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA synchronous={synchronous}")
    sync = durable_storage.sync
    durable_storage.sync = sync if files else lambda path: None
    try:
        yield
    finally:
        durable_storage.sync = sync


def add_arguments(parser: ArgumentParser) -> None:
    add_count(parser, "photos", 100, "photos stored in each way; those of the folder are repeated")


def measure(album: Album, options: Namespace, progress: Progress) -> Report:
    photos = [read_photo(path.read_bytes(), ANY_SIZE) for path in album.paths[: options.photos]]
    finding = Finding((), (), "local", "", 0.0)
    seconds: dict[str, list[float]] = {name: [] for name in WAYS}
    with temporary_storage():
        for photo in progress(list(islice(cycle(photos), options.photos)), "photos"):
            for name, way in WAYS.items():
                with waiting_for(*way):
                    seconds[name].append(timed(lambda photo=photo: store_result(photo, finding)))  # type: ignore[misc]
    rows: dict[str, Row] = {name: {"time": milliseconds(times)} for name, times in seconds.items()}
    table = Table("Time to store a photo and a result, waiting …", "way", rows)
    return make_report("durability", {"photos": f"{options.photos} of {album.name}"}, {"time": table})
