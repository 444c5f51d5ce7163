"""Clients that submit photos and clients that browse, as fast as they are answered, against one server.

Afterwards the submitting clients go on alone, in turn with the bare work of the same photos (decoding, engine,
encoding), which shows what the site adds to it. Each photo is sent with other bytes at its end, so that all are stored.
"""

import re
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from uuid import uuid4

import requests

from benchmarks.album import Album, portraits
from benchmarks.api import BARE_WORK, bare_work
from benchmarks.arguments import add_count
from benchmarks.process import cpu_seconds
from benchmarks.report import Report, Row, Table, figure, make_report, milliseconds, single
from benchmarks.server import Server, serving
from benchmarks.site import models_dir
from benchmarks.timing import Progress, run_in_threads
from landmarks.runtime.concurrency import CORES

HELP = "a server while clients submit photos and others browse: errors, response times, CPU time for each photo"
RESULT = re.compile(r"/results/[0-9a-f-]{36}/")
THUMBNAIL = re.compile(r"/results/[0-9a-f-]{36}/thumbnail")
TIMEOUT = 60
MOST_PROBLEMS = 20
SLOWEST_PAGE = 500.0
"""Milliseconds in which 95 % of the pages must be answered."""
MOST_CPU = 1.1
"""Times the CPU time of the bare work that the site may take for a photo."""
ROUND = 48
"""Fewest photos in one round of measuring CPU time."""

default_album = portraits


@dataclass
class Client:
    """A browser: its response times, the results it made, and responses that it did not expect."""

    address: str
    session: requests.Session
    seconds: list[float] = field(default_factory=list)
    results: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def request(self, method: str, path: str, expected: int = 200, **options: Any) -> requests.Response:
        began = time.perf_counter()
        response = self.session.request(method, self.address + path, timeout=TIMEOUT, allow_redirects=False, **options)
        self.seconds.append(time.perf_counter() - began)
        if response.status_code != expected:
            self.faults.append(f"{method} {path}: {response.status_code}")
        return response

    def submit(self, photo: bytes) -> None:
        form = {"csrfmiddlewaretoken": self.session.cookies["csrftoken"]}
        response = self.request("POST", "/", 303, data=form, files={"photo": ("photo.jpg", photo)})
        self.results.append(response.headers.get("Location", ""))


def open_client(address: str, owner: Client | None = None) -> Client:
    """A browser on the first page; with the cookies of another it sees the same results."""
    session = requests.Session()
    session.trust_env = False
    if owner:
        session.cookies.update(owner.session.cookies)
    client = Client(address, session)
    client.request("GET", "/")
    client.seconds.clear()
    return client


def distinct(photos: Sequence[bytes]) -> Iterator[bytes]:
    """The photos again and again, never the same bytes twice."""
    return (photo + uuid4().bytes for photo in cycle(photos))


def upload(client: Client, end: float, photos: Iterator[bytes]) -> Client:
    while time.monotonic() < end:
        client.submit(next(photos))
    return client


def browse(client: Client, end: float) -> Client:
    """Go through the pages as a person does, one after the other, on the results that others submit meanwhile."""
    while time.monotonic() < end:
        client.request("GET", "/")
        page = client.request("GET", "/results/").text
        for thumbnail in THUMBNAIL.findall(page)[:6]:
            client.request("GET", thumbnail)
        for result in RESULT.findall(page)[:1]:
            for part in ("", "photo", "overlay.svg", "export/json"):
                client.request("GET", result + part)
    return client


@dataclass(frozen=True)
class Load:
    """All clients after their work; `owner` is the one whose cookies the others have."""

    owner: Client
    uploading: Sequence[Client]
    browsing: Sequence[Client]

    @property
    def results(self) -> list[str]:
        return [result for client in self.uploading for result in client.results]

    @property
    def faults(self) -> list[str]:
        return [fault for client in (self.owner, *self.uploading, *self.browsing) for fault in client.faults]

    def check_results(self) -> None:
        """Request each result that was made, so that a lost one is a fault."""
        for result in self.results:
            self.owner.request("GET", result)


def run_clients(address: str, photos: Sequence[bytes], seconds: int, uploading: int, browsing: int) -> Load:
    owner = open_client(address)
    owner.submit(photos[0])
    with ThreadPoolExecutor(uploading + browsing) as pool:
        clients = [open_client(address, owner) for _ in range(uploading + browsing)]
        end = time.monotonic() + seconds
        uploads = [pool.submit(upload, each, end, distinct(photos)) for each in clients[:uploading]]
        visits = [pool.submit(browse, each, end) for each in clients[uploading:]]
        return Load(owner, [each.result() for each in uploads], [each.result() for each in visits])


# --- CPU time --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cost:
    """CPU seconds for a photo: of the site while clients submit photos, and of the bare work."""

    site: float
    bare: float


def measure_cost(server: Server, load: Load, paths: Sequence[Path], rounds: int, progress: Progress) -> list[Cost]:
    """One round after the other, so that other work on the machine affects both; the first one isn't counted."""
    files = list(islice(cycle(paths), max(ROUND, len(paths))))
    photos = [path.read_bytes() for path in files]
    clients: SimpleQueue[Client] = SimpleQueue()
    for client in load.uploading:
        clients.put(client)

    def submit(photo: bytes) -> None:
        client = clients.get()
        client.submit(photo + uuid4().bytes)
        clients.put(client)

    def submit_all() -> float:
        for client in load.uploading:
            client.session.close()  # the server closes connections that were idle during the bare work
        before = cpu_seconds(server.process.pid)
        run_in_threads(photos, len(load.uploading), submit)
        return cpu_seconds(server.process.pid) - before

    with bare_work(models_dir(), files, CORES) as works:
        costs = [
            Cost(submit_all() / len(files), works[BARE_WORK]() / len(files))
            for _ in progress(range(rounds + 1), "rounds")
        ]
    return costs[1:]


# --- the report ------------------------------------------------------------------------------------------------------


def to_tables(load: Load, seconds: int) -> dict[str, Table]:
    kinds = {"submitting": load.uploading, "browsing": load.browsing}
    times = {kind: [each for client in clients for each in client.seconds] for kind, clients in kinds.items()}
    rates = {kind: {"rate": single(round(len(each) / seconds, 1), "1/s")} for kind, each in times.items()}
    return {
        "responses": Table("Response times", "kind", {kind: {"time": milliseconds(times[kind])} for kind in kinds}),
        "rate": Table("Requests in a second", "kind", rates),
        "results": Table("Results made", "kind", {"submitting": {"count": single(len(load.results))}}),
    }


def cost_tables(costs: Sequence[Cost]) -> dict[str, Table]:
    """Raises ValueError for no rounds."""
    cpu: dict[str, Row] = {
        "submitting": {"cpu": milliseconds([cost.site for cost in costs])},
        BARE_WORK: {"cpu": milliseconds([cost.bare for cost in costs])},
    }
    ratio = figure([cost.site / cost.bare for cost in costs], "")
    return {
        "cpu": Table("CPU time of a photo", "work", cpu),
        "ratio": Table("CPU time divided by that of the bare work", "work", {"submitting": {"ratio": ratio}}),
    }


def find_slow(tables: Mapping[str, Table]) -> list[str]:
    """What takes longer than it should."""
    found = []
    if (pages := tables["responses"].rows["browsing"]["time"].p95) >= SLOWEST_PAGE:
        found.append(f"Slow: 5 % of the pages took {pages:.0f} ms or more.")
    if "ratio" in tables and (ratio := tables["ratio"].rows["submitting"]["ratio"].median) > MOST_CPU:
        found.append(f"Slow: a photo took {ratio:.2f} times the CPU time of the bare work.")
    return found


def add_arguments(parser: ArgumentParser) -> None:
    add_count(parser, "seconds", 60, "how long the clients work")
    add_count(parser, "uploading", 16, "clients that submit photos")
    add_count(parser, "browsing", 10, "clients that browse")
    add_count(parser, "rounds", 4, "rounds in which CPU time is measured")


def measure(album: Album, options: Namespace, progress: Progress) -> Report:
    """Raises BenchmarkError when the server does not start."""
    photos = [path.read_bytes() for path in album.paths]
    with serving(models_dir()) as server:
        load = run_clients(server.address, photos, options.seconds, options.uploading, options.browsing)
        tables = to_tables(load, options.seconds)
        if Path("/proc/self/task").is_dir():
            tables |= cost_tables(measure_cost(server, load, album.paths, options.rounds, progress))
        load.check_results()
        status, log = server.stop(), server.log
    problems = [*find_slow(tables), *load.faults[:MOST_PROBLEMS], *(f"Logged: {line}" for line in log[:MOST_PROBLEMS])]
    if status:
        problems.append(f"The server ended with exit status {status}.")
    conditions = {name: getattr(options, name) for name in ("seconds", "uploading", "browsing")}
    conditions |= {"photos": f"{len(photos)} of {album.name}"}
    return make_report("load", conditions, tables, problems=problems)
