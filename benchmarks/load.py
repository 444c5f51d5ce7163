"""Clients that submit photos and clients that browse, as fast as they are answered, against one server."""

import re
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

import requests

from benchmarks.album import Album, portraits
from benchmarks.arguments import add_count
from benchmarks.report import Report, Table, make_report, milliseconds, single
from benchmarks.server import serving
from benchmarks.site import models_dir
from benchmarks.timing import Progress

HELP = "a server while clients submit photos and others browse: response times, and whether anything is lost"
RESULT = re.compile(r"/results/[0-9a-f-]{36}/")
THUMBNAIL = re.compile(r"/results/[0-9a-f-]{36}/thumbnail")
TIMEOUT = 60
MOST_PROBLEMS = 20

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
        uploads = [pool.submit(upload, each, end, cycle(photos)) for each in clients[:uploading]]
        visits = [pool.submit(browse, each, end) for each in clients[uploading:]]
        return Load(owner, [each.result() for each in uploads], [each.result() for each in visits])


def to_tables(load: Load, seconds: int) -> dict[str, Table]:
    kinds = {"submitting": load.uploading, "browsing": load.browsing}
    times = {kind: [each for client in clients for each in client.seconds] for kind, clients in kinds.items()}
    rates = {kind: {"rate": single(round(len(each) / seconds, 1), "1/s")} for kind, each in times.items()}
    return {
        "responses": Table("Response times", "kind", {kind: {"time": milliseconds(times[kind])} for kind in kinds}),
        "rate": Table("Requests in a second", "kind", rates),
        "results": Table("Results made", "kind", {"submitting": {"count": single(len(load.results))}}),
    }


def add_arguments(parser: ArgumentParser) -> None:
    add_count(parser, "seconds", 30, "how long the clients work")
    add_count(parser, "uploading", 2, "clients that submit photos")
    add_count(parser, "browsing", 10, "clients that browse")


def measure(album: Album, options: Namespace, progress: Progress) -> Report:
    """Raises BenchmarkError when the server does not start."""
    photos = [path.read_bytes() for path in album.paths]
    with serving(models_dir()) as server:
        load = run_clients(server.address, photos, options.seconds, options.uploading, options.browsing)
        load.check_results()
        status, log = server.stop(), server.log
    problems = [*load.faults[:MOST_PROBLEMS], *(f"Logged: {line}" for line in log[:MOST_PROBLEMS])]
    if status:
        problems.append(f"The server ended with exit status {status}.")
    conditions = {name: getattr(options, name) for name in ("seconds", "uploading", "browsing")}
    conditions |= {"photos": f"{len(photos)} of {album.name}"}
    return make_report("load", conditions, to_tables(load, options.seconds), problems=problems)
