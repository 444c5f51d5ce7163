"""A PostgreSQL cluster, started where PostgreSQL is installed; each test gets a database of its own.

python -m tests.postgresql COMMAND …        the command with DATABASE_URL set to a cluster that ends with it
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from tests.ports import free_port


def find_programs() -> Path:
    """The folder of PostgreSQL's newest programs; Debian keeps them off the PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    if not folders and (initdb := shutil.which("initdb")):
        folders = [Path(initdb).parent]
    if not folders:
        # Imported here because that module reads this one.
        from tests.conftest import missing

        missing("PostgreSQL is not installed")
    return folders[-1]


def as_postgres(*command: object) -> None:
    """PostgreSQL refuses to run as root, so root lends it the user that its package made."""
    user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    subprocess.run([*user, *map(str, command)], check=True, stdout=subprocess.DEVNULL)


@dataclass(frozen=True)
class Cluster:
    """A server that runs: its address without the name of a database, its programs, and where its files are."""

    address: str
    programs: Path
    folder: Path

    @property
    def pid(self) -> int:
        """Of its first process."""
        return int((self.folder / "cluster" / "postmaster.pid").read_text().split()[0])

    def start(self) -> None:
        host, port = self.address.rpartition("@")[2].split(":")
        options = f"-c listen_addresses={host} -c port={port} -c fsync=off -k {self.folder}"
        self.control("-l", self.folder / "log", "-o", options, "start")

    def stop(self) -> None:
        """As if it were killed: what runs is lost, and connections break."""
        self.control("-m", "immediate", "stop")

    def control(self, *arguments: object) -> None:
        as_postgres(self.programs / "pg_ctl", "-D", self.folder / "cluster", "-w", *arguments)

    def make_database(self) -> str:
        """The address of a new one."""
        name = f"facesite_{uuid4().hex}"
        with psycopg.connect(f"{self.address}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return f"{self.address}/{name}"

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """None of its processes does anything, while the kernel still accepts connections and what is sent on them."""
        from tests.processes import family  # which imports what imports this module

        frozen: set[int] = set()
        try:
            # Those that are started meanwhile are found in the next round; a stopped process starts none.
            while more := family(self.pid) - frozen:
                for pid in more:
                    with suppress(ProcessLookupError):  # ended meanwhile
                        os.kill(pid, signal.SIGSTOP)
                frozen |= more
            yield
        finally:
            for pid in frozen:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)


@contextmanager
def running_cluster(host: str = "127.0.0.1") -> Iterator[Cluster]:
    """Who reaches that address of this machine needs no password."""
    programs, port = find_programs(), free_port()
    folder = Path(tempfile.mkdtemp(prefix="facesite-postgresql-"))
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
    as_postgres(programs / "initdb", "-D", folder / "cluster", "-U", "postgres", "-A", "trust", "-N")
    with (folder / "cluster" / "pg_hba.conf").open("a") as file:
        file.write("host all all samenet trust\n")
    cluster = Cluster(f"postgres://postgres@{host}:{port}", programs, folder)
    cluster.start()
    try:
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """One for all tests, which must leave it as it is."""
    with running_cluster() as running:
        yield running


@pytest.fixture
def own_cluster() -> Iterator[Cluster]:
    """One for a test that breaks it."""
    with running_cluster() as running:
        yield running


@pytest.fixture
def database_url(cluster: Cluster) -> str:
    return cluster.make_database()


if __name__ == "__main__":
    with running_cluster() as running:
        environment = {**os.environ, "DATABASE_URL": f"{running.address}/postgres"}
        status = subprocess.run(sys.argv[1:], env=environment).returncode
    sys.exit(status)
