"""Jobs while the server and the workers are killed again and again: each must be done once, or failed with its reason.

Without a broker the server's own threads run the jobs; with one, two workers of Celery, and they and the server are
killed in turn.
"""

import os
import signal
import subprocess
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests

from benchmarks.album import Album, portraits
from benchmarks.arguments import add_count
from benchmarks.errors import BenchmarkError
from benchmarks.load import distinct
from benchmarks.process import PROJECT
from benchmarks.report import Report, Row, Table, figure, make_report, milliseconds, single
from benchmarks.server import address_of, environment_of
from benchmarks.site import PREFIX, models_dir
from benchmarks.timing import Progress

HELP = "jobs while whoever runs them is killed: lost and doubled results, time"
SERVE = ("manage.py", "serve", "--port", "0")
WORKER = ("-m", "celery", "-A", "facesite", "worker", "--concurrency", "1")
TIMEOUT = 60
LONGEST = 900
"""Seconds for all jobs, after which those that are not over are lost."""
MOST_ATTEMPTS = 3

default_album = portraits


@dataclass
class Program:
    """A process with all that it starts, which can be killed and started again."""

    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    process: "subprocess.Popen[str] | None" = None
    address: str = ""

    def start(self) -> None:
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.command],
                cwd=PROJECT,
                env=self.environment,
                stdout=subprocess.PIPE if self.command == SERVE else log,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        if self.command == SERVE:
            self.address = address_of(self.process, self.log)

    def kill(self) -> None:
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        if self.process and self.process.stdout:
            self.process.stdout.close()


@dataclass
class Site:
    """The server, and the workers if there are any."""

    server: Program
    workers: list[Program]
    token: str = ""
    seconds: list[float] = field(default_factory=list)
    """For the answers to those who submit."""

    def request(self, method: str, path: str, **options: Any) -> Any:
        """The response; None while the server starts again."""
        headers = {"Authorization": f"Bearer {self.token}"}
        with suppress(requests.ConnectionError), requests.Session() as session:
            session.trust_env = False
            response = session.request(method, self.server.address + path, headers=headers, timeout=TIMEOUT, **options)
            if not response.ok:
                raise BenchmarkError(f"{method} {path}: {response.status_code} {response.text[:200]}")
            return response.json()
        return None

    def submit(self, photo: bytes) -> str:
        """The path of the job."""
        began = time.perf_counter()
        job = self.request("POST", "/api/results?async=1", files={"photo": ("photo.jpg", photo)})
        self.seconds.append(time.perf_counter() - began)
        return f"/api/jobs/{job['id']}"

    def results(self) -> int:
        """How many there are; -1 while the server starts again."""
        page = self.request("GET", "/api/results?limit=1")
        return page["total"] if page else -1

    def victims(self) -> Iterator[Program]:
        """Whom to kill next."""
        while True:
            yield from (*self.workers, self.server)


@contextmanager
def running_site(broker: str) -> Iterator[Site]:
    more = {"TASKS": "celery", "CELERY_BROKER_URL": broker} if broker else {}
    with TemporaryDirectory(prefix=PREFIX) as name, ExitStack() as stack:
        folder = Path(name)
        environment = environment_of(folder, models_dir(), **more)
        server = Program(SERVE, environment, folder / "server.log")
        workers = [Program(WORKER, environment, folder / f"worker-{n}.log") for n in range(2 if broker else 0)]
        for each in (server, *workers):
            stack.callback(each.kill)
            each.start()
        command = [sys.executable, "manage.py", "create_token", "benchmark", "--rate", "off"]
        done = subprocess.run(command, cwd=PROJECT, env=environment, check=True, capture_output=True, text=True)
        yield Site(server, workers, done.stdout.splitlines()[-1])


def add_arguments(parser: ArgumentParser) -> None:
    add_count(parser, "jobs", 200, "jobs; the photos of the folder are repeated")
    add_count(parser, "kills", 5, "how often something is killed meanwhile")
    parser.add_argument(
        "--broker", default="", metavar="URL", help="of an empty Redis or RabbitMQ: use Celery's workers"
    )


def measure(album: Album, options: Namespace, progress: Progress) -> Report:
    photos = [path.read_bytes() for path in album.paths]
    with running_site(options.broker) as site:
        jobs = [site.submit(photo) for photo in progress(list(islice(distinct(photos), options.jobs)), "submitting")]
        began = time.monotonic()
        for number, victim in zip(progress(range(options.kills), "killing"), site.victims(), strict=False):
            wait_for_results(site, options.jobs * (number + 1) // (options.kills + 1), began)
            victim.kill()
            victim.start()
        rows = [wait_until_over(site, job, began) for job in progress(jobs, "waiting")]
        seconds, total = time.monotonic() - began, site.results()
    done = [row["result"] for row in rows if row and row["status"] == "done"]
    table: Row = {
        "done": single(len(done)),
        "begun again": single(sum(row["attempts"] > 1 for row in rows if row)),
        "attempts": figure([row["attempts"] for row in rows if row], ""),
        "seconds": single(round(seconds, 1), "s"),
        "submitting": milliseconds(site.seconds),
    }
    conditions = {"jobs": options.jobs, "killed": options.kills, "executor": "celery" if options.broker else "threads"}
    return make_report(
        "jobs", conditions, {"jobs": Table("Jobs", "of", {"all": table})}, (), problems(rows, done, total)
    )


def wait_for_results(site: Site, count: int, began: float) -> None:
    while site.results() < count and time.monotonic() - began < LONGEST:
        time.sleep(0.2)


def wait_until_over(site: Site, job: str, began: float) -> Any:
    """Its row; None if it never ended."""
    while time.monotonic() - began < LONGEST:
        row = site.request("GET", job)
        if row and row["finished"]:
            return row
        time.sleep(0.2)
    return None


def problems(rows: list[Any], done: list[str], total: int) -> list[str]:
    failed = [row for row in rows if row and row["status"] != "done"]
    found = [f"{rows.count(None)} jobs never ended."] if None in rows else []
    found += [f"A job failed without a reason: {row}" for row in failed if not row["error"]]
    if total != len(set(done)) or len(done) != len(set(done)):
        found.append(f"{len(done)} jobs are done, but there are {total} results.")
    if any(row["attempts"] > MOST_ATTEMPTS for row in rows if row):
        found.append("A job was begun too often.")
    return found
