"""Two hosts, each with a site and a worker, one of which is cut off while clients submit photos, and comes back.

They are network namespaces of this machine, and share PostgreSQL, Redis and an S3-compatible store. Clients take the
hosts in turn, as a proxy in front of them would: who gets no answer sends the same request, with its Idempotency-Key,
to the other host, and asks the first one no more.
"""

import itertools
import sys
import threading
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import requests

from benchmarks.album import Album, portraits
from benchmarks.arguments import add_count
from benchmarks.job_site import WORKER, JobSite, Program, make_token
from benchmarks.jobs import LATE, LONGEST, problems, to_row
from benchmarks.load import distinct
from benchmarks.network import SERVICES, Host, hosts
from benchmarks.report import Report, Row, Table, make_report, milliseconds, single
from benchmarks.server import environment_of
from benchmarks.services import start_database, start_redis, start_store
from benchmarks.site import PREFIX, models_dir
from benchmarks.timing import Progress

HELP = "two hosts with a site and a worker each, one of which is cut off meanwhile: errors, lost and doubled results"
PORT = "8000"
TIMEOUT = (3, 30)
"""Seconds until there is a connection, and an answer."""
IN_USE = 409
"""Of a request that is repeated while the first one may still be processed."""
WAIT = 5.0

default_album = portraits


@dataclass
class Clients:
    """What became of the requests of all clients."""

    sites: Sequence[JobSite]
    cut: Host
    is_cut: bool = False
    jobs: list[str] = field(default_factory=list)
    cut_requests: int = 0
    before: list[float] = field(default_factory=list)
    after: list[float] = field(default_factory=list)
    """Seconds for an answer."""
    errors: list[str] = field(default_factory=list)
    turns: "itertools.cycle[int]" = field(default_factory=lambda: itertools.cycle((0, 1)))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def submit_until(self, end: float, photos: Iterator[bytes]) -> None:
        while time.monotonic() < end:
            with self.lock:
                photo = next(photos)
            self.submit(photo)

    def submit(self, photo: bytes) -> None:
        key, end = uuid4().hex, time.monotonic() + LONGEST
        while time.monotonic() < end:
            site = self.sites[0 if self.cut_requests else next(self.turns)]
            try:
                response = self.send(site, key, photo)
            except requests.RequestException as exc:
                if not self.is_cut or self.cut.address not in site.servers[0].address:
                    self.errors.append(f"{type(exc).__name__} from {site.servers[0].address}")
                    return
                self.cut_requests += 1
                continue
            if response.status_code != IN_USE:
                self.note(response)
                return
            time.sleep(WAIT)
        self.errors.append("A request could not be repeated.")

    def send(self, site: JobSite, key: str, photo: bytes) -> requests.Response:
        headers = {"Authorization": f"Bearer {site.token}", "Idempotency-Key": key}
        began = time.perf_counter()
        with requests.Session() as session:
            session.trust_env = False
            response = session.post(
                f"{site.servers[0].address}/api/results?async=1",
                headers=headers,
                files={"photo": ("photo.jpg", photo)},
                timeout=TIMEOUT,
            )
        (self.after if self.is_cut else self.before).append(time.perf_counter() - began)
        return response

    def note(self, response: requests.Response) -> None:
        if response.ok:
            self.jobs.append(f"/api/jobs/{response.json()['id']}")
        else:
            self.errors.append(f"{response.status_code} {response.text[:200]}")


@contextmanager
def running_sites() -> Iterator[tuple[list[Host], list[JobSite]]]:
    """Raises BenchmarkError where something is missing."""
    with TemporaryDirectory(prefix=PREFIX) as name, ExitStack() as stack:
        folder, made = Path(name), stack.enter_context(hosts(2))
        broker = start_redis(stack, folder, SERVICES)
        database = start_database(stack, SERVICES)
        bucket = start_store(stack, SERVICES)
        shared = {
            "SECRET_KEY": uuid4().hex * 2,
            "DATABASE_URL": database.make_database(),
            "TASKS": "celery",
            "CELERY_BROKER_URL": broker.url,
            **bucket.settings,
        }
        sites = []
        for host in made:
            own = environment_of(folder / host.name, models_dir(), ALLOWED_HOSTS=host.address, **shared)
            (folder / host.name).mkdir()
            serve = host.command(sys.executable, "manage.py", "serve", "--host", host.address, "--port", PORT)
            server = Program(serve, own, folder / f"{host.name}-server.log")
            worker = Program(host.command(*WORKER), own, folder / f"{host.name}-worker.log")
            for each in (server, worker):
                stack.callback(each.kill)
                each.start()
            sites.append(JobSite([server], [worker], broker, database))
        token = make_token(sites[0].servers[0].environment)
        for site in sites:
            site.token = token
        yield made, sites


def add_arguments(parser: ArgumentParser) -> None:
    add_count(parser, "seconds", 60, "how long the clients submit photos; a host is cut off after the first half")
    add_count(parser, "clients", 4, "clients that submit photos")


def measure(album: Album, options: Namespace, progress: Progress) -> Report:
    """Raises BenchmarkError where something is missing."""
    photos = distinct([path.read_bytes() for path in album.paths])
    with running_sites() as (made, sites):
        clients, end = Clients(sites, made[1]), time.monotonic() + options.seconds
        with ThreadPoolExecutor(options.clients) as threads:
            running = [threads.submit(clients.submit_until, end, photos) for _ in range(options.clients)]
            time.sleep(options.seconds / 2)
            clients.is_cut = True
            clients.cut.cut_off()
            for each in progress(running, "one host cut off"):
                each.result()
        # Its worker wakes up with jobs that are no longer its own.
        clients.cut.connect()
        site, over = sites[0], time.monotonic() + LONGEST
        rows = [site.wait_until_over(job, over) for job in progress(clients.jobs, "waiting")]
        total, late = site.results(), sum(each.count_logged(LATE) for each in sites)
    requests_made: Row = {
        "answered": single(len(clients.jobs)),
        "cut": single(clients.cut_requests),
        "errors": single(len(clients.errors)),
    }
    times = {"both hosts": clients.before, "one host": clients.after}
    tables = {
        "requests": Table("Requests", "of", {"all": requests_made}),
        "jobs": Table("Jobs", "of", {"all": {**to_row(rows), "discarded": single(late), "results": single(total)}}),
        "responses": Table(
            "Response times", "with", {name: {"time": milliseconds(each)} for name, each in times.items() if each}
        ),
    }
    found = [*problems(rows, total), *clients.errors[:10]]
    conditions = {"seconds": options.seconds, "clients": options.clients}
    return make_report("hosts", conditions, tables, (), found)
