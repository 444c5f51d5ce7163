"""A site with jobs: its server, and what runs the jobs, as processes that can be killed, frozen and started again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.brokers import Broker
from tests.brokers import rabbitmq as run_rabbitmq
from tests.brokers import redis as run_redis
from tests.conftest import BASE_DIR
from tests.patience import PATIENCE
from tests.processes import family
from tests.sites import Site

SERVER_IS_READY, WORKER_IS_READY = "facesite is ready at ", "ready."
EXPIRE = "UPDATE landmarks_job SET due = '2026-01-01 00:00:00' WHERE status IN ('running', 'queued')"


def eventually(condition: Callable[[], Any]) -> Any:
    """What the condition returns as soon as that is true, which nothing tells."""
    end = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.05)
    return found


@dataclass
class Program:
    """A process with its log in a file."""

    process: "subprocess.Popen[bytes]"
    log: Path

    def wait_for(self, text: str) -> str:
        """The first line of the log with this text."""

        def find() -> str:
            lines = [line for line in self.log.read_text().splitlines() if text in line]
            assert lines or self.process.poll() is None, self.log.read_text()
            return lines[0] if lines else ""

        return str(eventually(find))

    def signal(self, number: signal.Signals) -> None:
        """To it and to all that it started."""
        for pid in family(self.process.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        self.process.wait(PATIENCE)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


@dataclass
class JobSite:
    site: Site
    broker: Broker | None = None
    """None for jobs that are run by threads of the server."""
    programs: list[Program] = field(default_factory=list)
    address: str = ""
    token: str = ""

    def start(self, *command: str) -> Program:
        log = self.site.data_dir.parent / f"{len(self.programs)}.log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, *command], cwd=BASE_DIR, env=self.site.environment(), stdout=file, stderr=file
            )
        self.programs.append(Program(process, log))
        return self.programs[-1]

    def serve(self) -> Program:
        server = self.start("manage.py", "serve", "--port", "0")
        self.address = server.wait_for(SERVER_IS_READY).split(SERVER_IS_READY)[1].split("/ ")[0]
        return server

    def work(self) -> Program:
        """What runs the jobs: a worker, or for threads another server."""
        if not self.broker:
            return self.serve()
        worker = self.start("-m", "celery", "-A", "facesite", "worker", "--concurrency", "1", "--loglevel", "INFO")
        worker.wait_for(WORKER_IS_READY)
        return worker

    def open(self) -> Program:
        """Start everything; returns what runs the jobs."""
        server = self.serve()
        done = self.site.manage("create_token", "ann", "--rate", "off")
        self.token = done.stdout.split()[-1]
        return self.work() if self.broker else server

    def close(self) -> None:
        for program in self.programs:
            if program.process.poll() is None:
                program.signal(signal.SIGCONT)
                program.kill()

    # --- requests ----------------------------------------------------------------------------------------------------

    def request(self, method: str, path: str, **more: Any) -> Any:
        with requests.Session() as session:
            session.trust_env = False
            headers = {"Authorization": f"Bearer {self.token}"}
            response = session.request(method, f"{self.address}{path}", headers=headers, timeout=PATIENCE, **more)
        assert response.ok, response.text
        return response.json()

    def submit(self, photo: Path, **fields: str) -> str:
        """The path of a new job."""
        with photo.open("rb") as file:
            job = self.request("POST", "/api/results?async=1", files={"photo": file}, data=fields)
        return f"/api/jobs/{job['id']}"

    def poll(self, job: str) -> Any:
        return self.request("GET", job)

    def wait_until_over(self, jobs: list[str]) -> list[Any]:
        return [eventually(lambda job=job: (row := self.poll(job))["finished"] and row) for job in jobs]

    def let_leases_end(self) -> None:
        """As if the time of all leases and messages were over."""
        with self.site.open_database() as database:
            database.execute(EXPIRE)
            database.commit()

    def results(self) -> list[Any]:
        return list(self.request("GET", "/api/results?limit=100")["results"])


EXECUTORS = [
    pytest.param(None, id="threads"),
    pytest.param(run_redis, id="celery-redis"),
    # It takes longer to start than all tests with the others.
    pytest.param(run_rabbitmq, id="celery-rabbitmq", marks=pytest.mark.slow),
]


def running_site(make_broker: Any, folder: Path, models_dir: Path, **settings: str) -> Iterator[JobSite]:
    """To be used as a fixture."""
    settings |= {"MODELS_DIR": str(models_dir), "PYTHONUNBUFFERED": "1"}
    if make_broker is None:
        job_site = JobSite(Site(folder / "site", settings))
        try:
            yield job_site
        finally:
            job_site.close()
        return
    (folder / "broker").mkdir()
    with make_broker(folder / "broker") as broker:
        settings |= {"TASKS": "celery", "CELERY_BROKER_URL": broker.url}
        job_site = JobSite(Site(folder / "site", settings), broker)
        try:
            yield job_site
        finally:
            job_site.close()
