"""A load on a real `serve`, by hand: for 30 seconds two clients submit photos and ten look at pages.

    python -m tests.load [--seconds 30] [--uploading 2] [--browsing 10]

Prints the row of docs/deployment.md, and ends with status 1 if anything was answered wrongly, lost or logged.
"""

import argparse
import re
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from statistics import quantiles

import django

from tests import conftest

django.setup()

import requests  # noqa: E402
from django.conf import settings  # noqa: E402

from tests.server.test_serve import Server, serving  # noqa: E402

PHOTOS = ("astronaut.jpg", "two_people.jpg", "obama-240p.jpg")
RESULT = re.compile(r"/results/[0-9a-f-]{36}/")
THUMBNAIL = re.compile(r"/results/[0-9a-f-]{36}/thumbnail")
PATIENCE = 60


@dataclass
class Client:
    """A browser: what it was answered, how long that took, and which results it made."""

    address: str
    session: requests.Session
    seconds: list[float] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def ask(self, method: str, path: str, expected: int = 200, **options: object) -> requests.Response:
        began = time.perf_counter()
        answer = self.session.request(
            method,
            self.address + path,
            timeout=PATIENCE,
            allow_redirects=False,
            **options,  # type: ignore[arg-type]
        )
        self.seconds.append(time.perf_counter() - began)
        if answer.status_code != expected:
            self.faults.append(f"{method} {path}: {answer.status_code}")
        return answer

    def submit(self, photo: bytes) -> None:
        form = {"csrfmiddlewaretoken": self.session.cookies["csrftoken"]}
        answer = self.ask("POST", "/", 303, data=form, files={"photo": ("photo.jpg", photo)})
        self.made.append(answer.headers.get("Location", ""))


def browser(address: str, cookies: requests.Session | None = None) -> Client:
    session = requests.Session()
    session.trust_env = False
    if cookies:
        session.cookies.update(cookies.cookies)
    client = Client(address, session)
    client.ask("GET", "/")
    return client


def upload(client: Client, end: float, photos: Iterator[bytes]) -> Client:
    while time.monotonic() < end:
        client.submit(next(photos))
    return client


def browse(client: Client, end: float) -> Client:
    """The pages that a person goes through, one after the other, on what the uploading clients make meanwhile."""
    while time.monotonic() < end:
        client.ask("GET", "/")
        page = client.ask("GET", "/results/").text
        for thumbnail in THUMBNAIL.findall(page)[:6]:
            client.ask("GET", thumbnail)
        for result in RESULT.findall(page)[:1]:
            for part in ("", "photo", "overlay.svg", "export/json"):
                client.ask("GET", result + part)
    return client


@dataclass
class Load:
    """What came of it, and the browser whose results they all are."""

    owner: Client
    uploading: list[Client]
    browsing: list[Client]

    @property
    def made(self) -> list[str]:
        return [result for client in self.uploading for result in client.made]

    @property
    def faults(self) -> list[str]:
        return [fault for client in (self.owner, *self.uploading, *self.browsing) for fault in client.faults]

    def look_for_lost(self) -> None:
        """Each result that was made is to be seen."""
        for result in self.made:
            self.owner.ask("GET", result)


def run(server: Server, seconds: float, uploading: int, browsing: int) -> Load:
    photos = [(conftest.BASE_DIR / "tests/images" / name).read_bytes() for name in PHOTOS]
    owner = browser(server.address)
    owner.submit(photos[0])
    with ThreadPoolExecutor(uploading + browsing) as pool:
        clients = [browser(server.address, owner.session) for _ in range(uploading + browsing)]
        end = time.monotonic() + seconds
        sending = [pool.submit(upload, each, end, cycle(photos)) for each in clients[:uploading]]
        looking = [pool.submit(browse, each, end) for each in clients[uploading:]]
        return Load(owner, [each.result() for each in sending], [each.result() for each in looking])


def row(name: str, clients: list[Client], seconds: float) -> str:
    took = sorted(each for client in clients for each in client.seconds)
    middle, high = (1000 * quantiles(took, n=100)[place] for place in (49, 94))
    return f"| {name} | {len(took)} | {len(took) / seconds:.0f} | {middle:.0f} | {high:.0f} | {1000 * took[-1]:.0f} |"


def main() -> int:
    parser = argparse.ArgumentParser()
    for name, default in (("seconds", 30), ("uploading", 2), ("browsing", 10)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder) / "data", Path(settings.MODELS_DIR), API_RATE="off") as server,
    ):
        load = run(server, asked.seconds, asked.uploading, asked.browsing)
        load.look_for_lost()
        status, log = server.stop(signal.SIGTERM)
    conftest.pytest_unconfigure()
    write = sys.stdout.write
    write(
        "| What | Requests | a second | Middle, ms | 95 of 100 within, ms | Longest, ms |\n|---|---|---|---|---|---|\n"
    )
    write(row("Submitting", load.uploading, asked.seconds) + "\n")
    write(row("Browsing", load.browsing, asked.seconds) + "\n")
    lines, faults = log.splitlines(), load.faults
    write(f"{len(load.made)} results made, {len(faults)} faults, exit status {status}, {len(lines)} lines logged\n")
    write("".join(f"{line}\n" for line in [*faults[:20], *lines[:20]]))
    return 1 if faults or status or lines else 0


if __name__ == "__main__":
    sys.exit(main())
