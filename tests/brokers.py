"""Brokers of messages, each started as processes of its own where it is installed."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from kombu import Connection

from tests.patience import PATIENCE
from tests.ports import free_port

RABBITMQ = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
"""Debian's own start script would use the system's folders and user."""


@dataclass
class Broker:
    """A running broker, which can be started again on the same port and has forgotten everything then."""

    url: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        end = time.monotonic() + PATIENCE
        while not self.answers():
            assert self.process.poll() is None and time.monotonic() < end, self.log.read_text()
            time.sleep(0.1)  # until it listens, of which nothing tells

    def answers(self) -> bool:
        try:
            with Connection(self.url, connect_timeout=2) as connection:
                connection.connect()
            return True
        except OSError:
            return False

    def stop(self) -> None:
        """With all that it started, at once."""
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@contextmanager
def redis(folder: Path, host: str = "127.0.0.1") -> Iterator[Broker]:
    """Who reaches that address of this machine needs no password."""
    program, port = shutil.which("redis-server"), free_port()
    if program is None:
        missing("Redis is not installed")
    command = [program, "--port", str(port), "--bind", host, "--save", "", "--dir", str(folder)]
    command += ["--protected-mode", "no"]
    broker = Broker(f"redis://{host}:{port}/0", command, dict(os.environ), folder / "redis.log")
    try:
        broker.start()
        yield broker
    finally:
        broker.stop()


@contextmanager
def rabbitmq(folder: Path) -> Iterator[Broker]:
    """With a register of names of its own, since that of the system would stay when the broker has ended."""
    epmd = shutil.which("epmd")
    if not RABBITMQ.is_file() or epmd is None:
        missing("RabbitMQ is not installed")
    port, names = free_port(2), free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "ERL_EPMD_PORT": str(names),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODENAME": f"facesite{port}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(port + 1),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder / "logs"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1",
    }
    broker = Broker(f"amqp://guest:guest@127.0.0.1:{port}//", [str(RABBITMQ)], environment, folder / "rabbitmq.log")
    with ExitStack() as stack:
        register = subprocess.Popen([epmd, "-port", str(names), "-address", "127.0.0.1"])
        stack.callback(register.wait)
        stack.callback(register.kill)
        stack.callback(broker.stop)
        broker.start()
        yield broker


def missing(what: str) -> None:
    # Imported here because that module reads this one.
    from tests import conftest

    conftest.missing(what)


@pytest.fixture(params=[pytest.param(redis, id="redis"), pytest.param(rabbitmq, id="rabbitmq")])
def broker(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    with request.param(tmp_path_factory.mktemp("broker")) as running:
        yield running
