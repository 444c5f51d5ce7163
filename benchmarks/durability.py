"""What it costs that an answered photo survives a power cut: `python -m benchmarks.durability [COUNT]`.

Stores photos with a result each, as the site does after the engine, with and without waiting for the disk. Databases
and files are made in the folder for temporary files (`TMPDIR=/srv/facesite` for another disk) and deleted afterwards.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from time import perf_counter, process_time

import django
from PIL import Image

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from benchmarks.site import store_result, temporary_storage  # noqa: E402
from landmarks.core.finding import Finding  # noqa: E402
from landmarks.photos.photo import Photo  # noqa: E402
from landmarks.storage import durable_storage  # noqa: E402

SIDES = (640, 480)


@contextmanager
def waiting(files: bool, rows: bool) -> Iterator[None]:
    """Wait for the disk to have files, or rows, or neither."""
    sync = durable_storage.sync
    with temporary_storage():
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA synchronous={'FULL' if rows else 'NORMAL'}")
        durable_storage.sync = sync if files else lambda path: None
        try:
            yield
        finally:
            durable_storage.sync = sync


def measure(count: int) -> tuple[float, float, float]:
    """Milliseconds a photo: median, the slowest of twenty, and processor time."""
    photo = Photo(Image.effect_noise(SIDES, 40).convert("RGB"), "JPEG", 1)
    finding = Finding((), (), "local", "0", 1.0)
    times, begin = [], process_time()
    for _ in range(count):
        start = perf_counter()
        store_result(photo, finding)
        times.append(1000 * (perf_counter() - start))
    cpu = 1000 * (process_time() - begin) / count
    return median(times), sorted(times)[int(0.95 * count)], cpu


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    sys.stdout.write(f"{count} photos of {SIDES[0]} × {SIDES[1]}; SQLite; ms a photo: median, 95 %, processor\n")
    for files, rows in ((False, False), (False, True), (True, False), (True, True)):
        with waiting(files, rows):
            figures = " ".join(f"{figure:7.1f}" for figure in measure(count))
        sys.stdout.write(f"files {'synced' if files else '   no '}   rows {'FULL  ' if rows else 'NORMAL'} {figures}\n")


if __name__ == "__main__":
    settings.MIN_FREE_MB = 0
    main()
