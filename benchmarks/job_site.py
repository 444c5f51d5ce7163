"""A site with jobs as processes that can be killed, frozen and started again, with what it needs around it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import requests

from benchmarks.errors import BenchmarkError
from benchmarks.process import PROJECT
from benchmarks.server import address_of, environment_of
from benchmarks.services import start_broker, start_database
from benchmarks.site import PREFIX, models_dir

if TYPE_CHECKING:
    from tests.brokers import Broker
    from tests.postgresql import Cluster

SERVE = (sys.executable, "manage.py", "serve", "--port", "0")
WORKER = (sys.executable, "-m", "celery", "-A", "facesite", "worker", "--concurrency", "1")
TIMEOUT = 60
STOP_SECONDS = 120
PAUSE = 0.2
"""Seconds between two questions."""


@dataclass
class Program:
    """A process with all that it starts, in a group of its own."""

    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    process: "subprocess.Popen[str] | None" = None
    address: str = ""

    def start(self) -> None:
        is_server = "serve" in self.command
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=PROJECT,
                env=self.environment,
                stdout=subprocess.PIPE if is_server else log,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        if is_server:
            self.address = address_of(self.process, self.log)

    def signal(self, number: signal.Signals) -> None:
        """To all of them."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        if self.process:
            self.process.wait()
            if self.process.stdout:
                self.process.stdout.close()

    def stop(self) -> None:
        """It finishes what it does."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(STOP_SECONDS)
        self.kill()

    def count_logged(self, text: str) -> int:
        """Lines of the log with this text."""
        return sum(text in line for line in self.log.read_text(errors="replace").splitlines())


@dataclass
class JobSite:
    """The servers, of which the first one is asked, and the workers if there are any."""

    servers: list[Program]
    workers: list[Program]
    broker: "Broker | None"
    database: "Cluster | None"
    token: str = ""
    seconds: list[float] = field(default_factory=list)
    """For the answers to those who submit, however often they had to ask."""

    @property
    def executors(self) -> list[Program]:
        """What runs jobs."""
        return self.workers or self.servers

    def request(self, method: str, path: str, key: str = "", **options: Any) -> Any:
        """The response; None while the server or its database starts again, or still knows a request with that key."""
        headers = {"Authorization": f"Bearer {self.token}"} | ({"Idempotency-Key": key} if key else {})
        with suppress(requests.ConnectionError), requests.Session() as session:
            session.trust_env = False
            address = self.servers[0].address + path
            response = session.request(method, address, headers=headers, timeout=TIMEOUT, **options)
            if response.ok:
                return response.json()
            if response.status_code not in (409, 503):
                raise BenchmarkError(f"{method} {path}: {response.status_code} {response.text[:200]}")
        return None

    def submit(self, photo: bytes) -> str:
        """The path of the job. It is sent again, as the same request, until there is an answer."""
        key, file = uuid4().hex, {"photo": ("photo.jpg", photo)}
        began = time.perf_counter()
        while (job := self.request("POST", "/api/results?async=1", key, files=file)) is None:
            time.sleep(PAUSE)
        self.seconds.append(time.perf_counter() - began)
        return f"/api/jobs/{job['id']}"

    def results(self) -> int:
        """How many there are; -1 while the server or its database starts again."""
        page = self.request("GET", "/api/results?limit=1")
        return page["total"] if page else -1

    def wait_for_results(self, count: int, end: float) -> None:
        while self.results() < count and time.monotonic() < end:
            time.sleep(PAUSE)

    def wait_until_over(self, job: str, end: float) -> Any:
        """Its row; None if it did not end until then."""
        while time.monotonic() < end:
            row = self.request("GET", job)
            if row and row["finished"]:
                return row
            time.sleep(PAUSE)
        return None

    def count_logged(self, text: str) -> int:
        return sum(each.count_logged(text) for each in (*self.servers, *self.workers))


@contextmanager
def running_site(
    broker: str, workers: int, *, servers: int = 1, has_cluster: bool = False, starts_workers: bool = True
) -> Iterator[JobSite]:
    """With a broker of that kind, unless it is empty, and with SQLite or a database server of its own.

    Raises BenchmarkError where a program is missing.
    """
    with TemporaryDirectory(prefix=PREFIX) as name, ExitStack() as stack:
        folder, more = Path(name), dict[str, str]()
        messages = start_broker(stack, broker, folder) if broker else None
        database = start_database(stack) if has_cluster else None
        more |= {"TASKS": "celery", "CELERY_BROKER_URL": messages.url} if messages else {}
        more |= {"DATABASE_URL": database.make_database()} if database else {}
        environment = environment_of(folder, models_dir(), **more)
        site = JobSite(
            [Program(SERVE, environment, folder / f"server-{number}.log") for number in range(servers)],
            [Program(WORKER, environment, folder / f"worker-{number}.log") for number in range(workers)],
            messages,
            database,
        )
        for each in (*site.servers, *site.workers):
            stack.callback(each.kill)
        for each in (*site.servers, *(site.workers if starts_workers else ())):
            each.start()
        site.token = make_token(environment)
        yield site


def make_token(environment: Mapping[str, str]) -> str:
    """One without a rate limit."""
    command = [sys.executable, "manage.py", "create_token", "benchmark", "--rate", "off"]
    done = subprocess.run(command, cwd=PROJECT, env=environment, check=True, capture_output=True, text=True)
    return done.stdout.splitlines()[-1]
