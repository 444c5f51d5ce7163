"""Thousands of photos as one collection: memory of the server, progress, and a second run over the same photos.

The numbers of the collection must be right at every moment, and the second run must analyse nothing.

The photos are small, each with other bytes at its end, and are run by the server's own threads.
"""

import io
import threading
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import requests
from PIL import Image

from benchmarks.album import Album, portraits
from benchmarks.arguments import add_count
from benchmarks.errors import BenchmarkError
from benchmarks.load import distinct
from benchmarks.process import family
from benchmarks.report import Report, Row, Table, make_report, single
from benchmarks.server import Server, serving
from benchmarks.site import models_dir
from benchmarks.timing import Progress

HELP = "thousands of photos as one collection: memory, progress at every moment, a second run over the same photos"
SIDE = 200
CLIENTS = 2
TIMEOUT = 60
SAMPLE_SECONDS = 1.0
LONGEST = 4 * 3600
MOST_GROWTH = 1.1
"""Times the memory that the server may hold at its end of what it held after the first fifth."""
MB = 1_000_000
OVER = ("done", "none", "failed", "cancelled")

default_album = portraits


@dataclass(frozen=True)
class Sample:
    """What the API said about the collection at one moment, and what the server held."""

    sent: tuple[int, int]
    """Photos that were answered before, and that were under way at most after that."""
    total: int
    counts: dict[str, int]
    memory: int
    """Bytes."""

    @property
    def over(self) -> int:
        return sum(self.counts[state] for state in OVER)


@dataclass
class Collection:
    """One that is filled through the API."""

    server: Server
    token: str
    path: str = ""
    begun: int = 0
    answered: int = 0
    new: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def request(self, method: str, path: str, **options: Any) -> Any:
        with requests.Session() as session:
            session.trust_env = False
            session.headers["Authorization"] = f"Bearer {self.token}"
            response = session.request(method, self.server.address + path, timeout=TIMEOUT, **options)
        if not response.ok:
            raise BenchmarkError(f"{method} {path}: {response.status_code} {response.text[:200]}")
        return response.json()

    def create(self) -> None:
        self.path = f"/api/collections/{self.request('POST', '/api/collections', json={'name': 'Benchmark'})['id']}"

    def add(self, photo: bytes) -> None:
        with self.lock:
            self.begun += 1
        added = self.request("POST", f"{self.path}/photos/upload", files={"photo": ("photo.jpg", photo)})
        with self.lock:
            self.answered += 1
            self.new += added["is_new"]

    def sample(self) -> Sample:
        answered = self.answered
        found = self.request("GET", self.path)
        return Sample((answered, self.begun), found["total"], found["counts"], resident(self.server.process.pid))

    def fill(self, photos: Iterable[bytes]) -> list[Sample]:
        """Send all, wait until they are over, and return what was seen meanwhile. Raises BenchmarkError."""
        samples, end = [], time.monotonic() + LONGEST
        with ThreadPoolExecutor(CLIENTS) as threads:
            sending = [threads.submit(self.add, photo) for photo in photos]
            while time.monotonic() < end:
                samples.append(self.sample())
                if all(each.done() for each in sending) and samples[-1].over == samples[-1].total:
                    break
                time.sleep(SAMPLE_SECONDS)
            for each in sending:
                each.result()
        samples.append(self.sample())
        return samples


def resident(process: int) -> int:
    """Bytes of memory of a process and its descendants."""
    return sum(_resident(each) for each in family(process))


def _resident(process: int) -> int:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


def scaled(path: Path) -> bytes:
    with Image.open(path) as image:
        image.thumbnail((SIDE, SIDE))
        file = io.BytesIO()
        image.convert("RGB").save(file, "JPEG", quality=90)
    return file.getvalue()


def memory_row(samples: Sequence[Sample], count: int) -> Row:
    """From when a fifth of so many photos was over, and caches are full."""
    held = [each.memory for each in samples if each.over >= count // 5] or [samples[-1].memory]
    return {
        "after a fifth": single(round(held[0] / MB), "MB"),
        "most": single(round(max(held) / MB), "MB"),
        "at the end": single(round(held[-1] / MB), "MB"),
        "growth": single(round(held[-1] / held[0], 3)),
    }


def wrong(samples: Sequence[Sample]) -> list[str]:
    """What cannot have been at that moment."""
    found = []
    for before, after in zip([None, *samples], samples, strict=False):
        least, most = after.sent
        if sum(after.counts.values()) != after.total or min(after.counts.values()) < 0:
            found.append(f"The states do not add up: {after}")
        if not least <= after.total <= most:
            found.append(f"There are not as many photos as were sent: {after}")
        if before and after.over < before.over:
            found.append(f"Fewer photos are over than before: {before}, {after}")
    return found


def add_arguments(parser: ArgumentParser) -> None:
    add_count(parser, "photos", 5000, "photos")


def measure(album: Album, options: Namespace, progress: Progress) -> Report:
    """Raises BenchmarkError."""
    photos = list(islice(distinct([scaled(path) for path in album.paths]), options.photos))
    with serving(models_dir(), MAX_STORED_MB="off") as server:
        collection = Collection(server, server.create_token("benchmark"))
        runs = []
        for run in progress(("first", "second"), "run"):
            collection.create()
            began = time.monotonic()
            samples = collection.fill(photos)
            runs.append((run, samples, time.monotonic() - began))
            collection.begun = collection.answered = 0
        results = collection.request("GET", "/api/results?limit=1")["total"]
    tables = {
        "memory": Table("Memory of the server", "run", {"first": memory_row(runs[0][1], options.photos)}),
        "runs": Table("Runs", "run", {run: run_row(samples, seconds) for run, samples, seconds in runs}),
        "results": Table("Results", "of", {"both runs": {"count": single(results)}}),
    }
    growth = tables["memory"].rows["first"]["growth"].median
    found = [problem for _, samples, _ in runs for problem in wrong(samples)[:5]]
    if growth > MOST_GROWTH:
        found.append(f"The server holds {growth} times the memory that it held after a fifth of the photos.")
    if results != options.photos:
        found.append(f"{options.photos} photos have {results} results.")
    return make_report("collection", {"photos": options.photos, "side": f"{SIDE} px"}, tables, (), found)


def run_row(samples: Sequence[Sample], seconds: float) -> Row:
    return {
        "photos": single(samples[-1].total),
        "done": single(samples[-1].counts["done"]),
        "samples": single(len(samples)),
        "seconds": single(round(seconds, 1), "s"),
    }
