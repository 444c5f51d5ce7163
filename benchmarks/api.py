"""CPU time of the server for a request to the API, beside that of the bare work, measured in turn.

The bare work is decoding, the embedded engine and encoding the photo again, in one process with as many threads. All
photos are scaled to 640 pixels. Server and bare work process the same photos in each round, one after the other, so
that other load on the machine affects both; the ratio is that of each round.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import requests
from PIL import ImageOps

from benchmarks.album import Album, portraits
from benchmarks.arguments import add_count
from benchmarks.errors import BenchmarkError
from benchmarks.first_pass import Setup, setup_of
from benchmarks.process import cpu_seconds, running
from benchmarks.report import Report, Row, Table, figure, make_report, milliseconds
from benchmarks.server import Server, serving
from benchmarks.site import PREFIX, models_dir
from benchmarks.timing import Progress, run_in_threads

HELP = "CPU time of the server for a request to the API, beside that of decoding, engine and encoding alone"
SIDE = 640
BARE_WORK = "bare work"

Cost = Callable[[], float]
"""Processes all photos once and returns the CPU seconds of that."""

default_album = portraits


# --- the bare work ---------------------------------------------------------------------------------------------------


@contextmanager
def bare_work(models: Path, files: Sequence[Path], threads: int) -> Iterator[dict[str, Cost]]:
    """In a process that the work of this one does not disturb."""
    with running("benchmarks.bare_work", models, threads, *files) as child:
        yield {BARE_WORK: child.ask}


# --- the server ------------------------------------------------------------------------------------------------------


@contextmanager
def served_work(models: Path, files: Sequence[Path], threads: int) -> Iterator[dict[str, Cost]]:
    """Requests by the address of a photo, and with the photo itself."""
    with (
        serving(models, FETCH_ALLOW_NETWORKS="127.0.0.0/8") as server,
        photos_at(files[0].parent) as photos,
        requests.Session() as session,
    ):
        session.trust_env = False
        session.headers["Authorization"] = f"Bearer {server.create_token('cost')}"

        def analyze(file: Path) -> None:
            body = {"image_url": f"{photos}/{file.name}"}
            session.post(f"{server.address}/face/analyze", json=body).raise_for_status()

        def submit(file: Path) -> None:
            content = {"photo": file.read_bytes()}
            session.post(f"{server.address}/api/results", files=content).raise_for_status()

        yield {
            "POST /face/analyze": partial(cost_of, server, files, threads, analyze),
            "POST /api/results": partial(cost_of, server, files, threads, submit),
        }


def cost_of(server: Server, files: Sequence[Path], threads: int, work: Callable[[Path], object]) -> float:
    before = cpu_seconds(server.process.pid)
    run_in_threads(files, threads, work)
    return cpu_seconds(server.process.pid) - before


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base class's name)
        """Log nothing."""


@contextmanager
def photos_at(folder: Path) -> Iterator[str]:
    """The address of a web server for the files in a folder."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


# --- both in turn ----------------------------------------------------------------------------------------------------


def write_scaled(paths: Sequence[Path], setup: Setup, folder: Path) -> list[Path]:
    """Upright JPEG copies of photos, 640 pixels on their long side; raise PhotoError."""
    files = [folder / f"{number:04}.jpg" for number in range(len(paths))]
    for path, file in zip(paths, files, strict=True):
        ImageOps.contain(setup.read(path, whole=True).image, (SIDE, SIDE)).save(file, "JPEG", quality=90)
    return files


def measure_rounds(
    models: Path, files: Sequence[Path], options: Namespace, progress: Progress
) -> list[dict[str, float]]:
    """CPU seconds a photo of each kind of work in each round, after one round that is not counted."""
    with ExitStack() as stack:
        works = {
            **stack.enter_context(bare_work(models, files, options.threads)),
            **stack.enter_context(served_work(models, files, options.threads)),
        }
        for cost in works.values():
            cost()
        rounds = progress(range(options.rounds), "rounds")
        return [{name: cost() / len(files) for name, cost in works.items()} for _ in rounds]


def to_tables(rounds: Sequence[Mapping[str, float]]) -> dict[str, Table]:
    costs: dict[str, Row] = {name: {"cpu": milliseconds([each[name] for each in rounds])} for name in rounds[0]}
    ratios: dict[str, Row] = {
        name: {"ratio": figure([each[name] / each[BARE_WORK] for each in rounds], "")}
        for name in costs
        if name != BARE_WORK
    }
    return {
        "cpu": Table("CPU time of a photo", "work", costs),
        "ratio": Table("CPU time divided by that of the bare work", "work", ratios),
    }


def add_arguments(parser: ArgumentParser) -> None:
    add_count(parser, "photos", 30, "photos in a round; those of the folder are repeated")
    add_count(parser, "rounds", 6, "repetitions")
    add_count(parser, "threads", 2, "requests at a time")


def measure(album: Album, options: Namespace, progress: Progress) -> Report:
    """Raises BenchmarkError where the system has no /proc, or when the server does not start."""
    if not Path("/proc/self/task").is_dir():
        raise BenchmarkError("The CPU time of a server can only be measured on Linux.")
    paths = list(islice(cycle(album.paths), options.photos))
    setup = setup_of(models_dir())
    with TemporaryDirectory(prefix=PREFIX) as folder:
        files = write_scaled(paths, setup, Path(folder))
        rounds = measure_rounds(setup.models_dir, files, options, progress)
    conditions = {"photos": f"{len(paths)} of {album.name}, scaled to {SIDE} px", "threads": options.threads}
    return make_report("api", conditions, to_tables(rounds))
