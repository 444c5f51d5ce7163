"""How fast results are exported, and how much more memory a server holds while it sends them.

Speed is CPU time within this process, which other programs do not lengthen; memory is that of `manage.py serve`.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from threading import Event, Thread
from time import perf_counter, process_time

import requests
from django.db import connections
from django.db.utils import DEFAULT_DB_ALIAS, ConnectionHandler
from django.test.utils import override_settings

from benchmarks.album import Album, portraits
from benchmarks.arguments import add_count
from benchmarks.errors import BenchmarkError
from benchmarks.process import family
from benchmarks.report import Report, Row, Table, make_report, single
from benchmarks.server import Server, serving
from benchmarks.site import connected, models_dir, temporary_storage
from benchmarks.timing import Progress
from landmarks.core.faces import Face
from landmarks.core.finding import Options
from landmarks.engines.local.engine import LocalEngine
from landmarks.models import Face as FaceRow
from landmarks.models import Owner, Photo, Result, faces_of
from landmarks.photos.decode import read_photo
from landmarks.photos.photo import Photo as Picture
from landmarks.photos.photo import PhotoLimits
from landmarks.services import exporting
from landmarks.storage import results

HELP = "speed and memory of exports: results with one face each, and photos"
TIMED = ("csv-wide", "csv", "jsonl", "coco", "cvat", "labelstudio", "dlib", "npz")
LEAST_RATE = 2_000
"""Results a second, for a table with a row for each face."""
MOST_MEMORY = {"csv-wide": 50, "coco": 50, "npz": 50, "zip": 100}
"""MB more than before the request."""
SAMPLE_SECONDS = 0.02
TOKEN = "benchmark"  # noqa: S105
ANY_SIZE = PhotoLimits(10**9, 10**9)
BATCH = 1_000
PICTURED = "pictured"
MB = 1_000_000
ENGINE = "django.db.backends.sqlite3"
default_album = portraits


# --- results ---------------------------------------------------------------------------------------------------------


def find_face(album: Album) -> tuple[Picture, Face]:
    """The first photo of the album with a face. Raises BenchmarkError."""
    engine = LocalEngine(models_dir())
    for path in album.paths:
        photo = read_photo(path.read_bytes(), ANY_SIZE)
        if faces := engine.find(photo, Options(max_faces=1)).faces:
            return photo, faces[0]
    raise BenchmarkError("There is no face in these photos. Name another folder.")


def fill(picture: Picture, face: Face, count: int, pictured: int = 0) -> None:
    """Results of one face each. The newest are called pictured, each with a photo of its own, all in one file."""
    owner = Owner(kind=Owner.Kind.TOKEN, key=TOKEN).saved()
    shared = results.store_photo(owner, "shared", picture)
    rows = (make_result(shared, number, number >= count - pictured) for number in range(count))
    while some := list(islice(rows, BATCH)):
        Photo.objects.bulk_create(result.photo for result in some if result.photo is not shared)
        Result.objects.bulk_create(some)
        FaceRow.objects.bulk_create(row for result in some for row in faces_of(result, [face]))


def make_result(shared: Photo, number: int, is_pictured: bool) -> Result:
    copied = {name: getattr(shared, name) for name in ("owner", "file", "file_size", "width", "height", "format")}
    return Result(
        owner=shared.owner,
        photo=Photo(digest=f"photo {number}", **copied) if is_pictured else shared,
        name=f"{PICTURED if is_pictured else 'portrait'} {number:06}.jpg",
        engine="local",
        face_model_version="3.0",
        face_count=1,
        elapsed_ms=80.0,
        thumbnail="thumbnails/none.jpg",
    )


# --- speed -----------------------------------------------------------------------------------------------------------


def time_formats(rounds: int, progress: Progress) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for name in progress(TIMED, "formats"):
        rates, size = [], 0
        for _ in range(rounds):
            started = process_time()
            positions = exporting.positions_of(Result.objects.kept())
            size = sum(map(len, exporting.export_many(positions, name).pieces))
            rates.append(len(positions) / (process_time() - started))
        rows[name] = {"rate": single(round(max(rates)), "/s"), "size": single(round(size / MB, 1), "MB")}
    return rows


# --- memory ----------------------------------------------------------------------------------------------------------


@contextmanager
def database_of(server: Server) -> Iterator[None]:
    """The server's own database and files, in this process."""
    folder = Path(server.environment["DATA_DIR"])
    site = connections[DEFAULT_DB_ALIAS].settings_dict
    options = site["OPTIONS"] if site["ENGINE"] == ENGINE else {}
    database = {"ENGINE": ENGINE, "NAME": str(folder / "facesite.sqlite3"), "OPTIONS": options}
    connection = ConnectionHandler({DEFAULT_DB_ALIAS: database})[DEFAULT_DB_ALIAS]
    with connected(connection), override_settings(MEDIA_ROOT=folder / "media"):
        try:
            yield
        finally:
            connection.close()


def resident(process: int) -> int:
    """Bytes of a process and its descendants."""
    total = 0
    for each in family(process):
        lines = Path(f"/proc/{each}/status").read_text().splitlines()
        total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))
    return total


class Sampler:
    """The most memory that a process holds within a block."""

    def __init__(self, process: int) -> None:
        self.process, self.before, self.peak = process, resident(process), 0
        self._is_over = Event()
        self._thread = Thread(target=self._sample)

    def __enter__(self) -> "Sampler":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._is_over.wait(SAMPLE_SECONDS):
            self.peak = max(self.peak, resident(self.process))

    @property
    def more(self) -> float:
        return max(0, self.peak - self.before) / MB


def download(server: Server, token: str, name: str, query: str) -> tuple[float, int, float]:
    """MB more, bytes and seconds."""
    address, headers = f"{server.address}/api/results/export/{name}?{query}", {"Authorization": f"Bearer {token}"}
    started, size = perf_counter(), 0
    with (
        Sampler(server.process.pid) as sampler,
        requests.get(address, headers=headers, stream=True, timeout=60) as file,
    ):
        if file.status_code != 200:
            raise BenchmarkError(f"{address} returned {file.status_code}.")
        for piece in file.iter_content(2**16):
            size += len(piece)
    return sampler.more, size, perf_counter() - started


def measure_memory(picture: Picture, face: Face, count: int, photo_count: int, progress: Progress) -> dict[str, Row]:
    with serving(models_dir()) as server:
        token = server.create_token(TOKEN)
        with database_of(server):
            fill(picture, face, count, photo_count)
        # What every first request costs is not what this is about.
        requests.get(f"{server.address}/api/results?limit=1", headers={"Authorization": f"Bearer {token}"}, timeout=60)
        rows: dict[str, Row] = {}
        for name in progress(tuple(MOST_MEMORY), "memory"):
            query = f"words={PICTURED}&formats=coco" if name == "zip" else ""
            more, size, seconds = download(server, token, name, query)
            rows[name] = {
                "memory": single(round(more, 1), "MB"),
                "size": single(round(size / MB, 1), "MB"),
                "time": single(round(seconds, 1), "s"),
            }
        return rows


# --- figures ---------------------------------------------------------------------------------------------------------


def find_problems(speed: dict[str, Row], memory: dict[str, Row]) -> list[str]:
    problems = []
    if (rate := speed["csv-wide"]["rate"].median) < LEAST_RATE:
        problems.append(f"csv-wide has {rate:.0f} results a second; {LEAST_RATE} is the least.")
    for name, most in MOST_MEMORY.items():
        if (more := memory[name]["memory"].median) > most:
            problems.append(f"{name} takes {more} MB more; {most} is the limit.")
    return problems


def add_arguments(parser: ArgumentParser) -> None:
    add_count(parser, "results", 10_000, "results with one face each")
    add_count(parser, "photos", 2_000, "of them with photos of their own, for zip")
    add_count(parser, "rounds", 2, "repetitions, of which the fastest counts")


def measure(album: Album, options: Namespace, progress: Progress) -> Report:
    """Raises BenchmarkError."""
    picture, face = find_face(album)
    with temporary_storage():
        fill(picture, face, options.results)
        speed = time_formats(options.rounds, progress)
    memory = measure_memory(picture, face, options.results, min(options.photos, options.results), progress)
    conditions = {"results": options.results, "photos": options.photos, "rounds": options.rounds}
    tables = {
        "speed": Table("Results exported in a second of CPU time", "format", speed),
        "memory": Table("Memory of a server beyond that before the request, at most", "format", memory),
    }
    return make_report("exports", conditions, tables, problems=find_problems(speed, memory))
