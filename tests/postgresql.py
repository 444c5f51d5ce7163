"""A PostgreSQL cluster, started where PostgreSQL is installed; each test gets a database of its own."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
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


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """Its address without the name of a database."""
    programs, port = find_programs(), free_port()
    folder = Path(tempfile.mkdtemp(prefix="facesite-postgresql-"))
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
    files = ["-D", folder / "cluster"]
    as_postgres(programs / "initdb", *files, "-U", "postgres", "-A", "trust", "-N")
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c fsync=off -k {folder}"
    as_postgres(programs / "pg_ctl", *files, "-w", "-l", folder / "log", "-o", options, "start")
    yield f"postgres://postgres@127.0.0.1:{port}"
    as_postgres(programs / "pg_ctl", *files, "-w", "-m", "immediate", "stop")
    shutil.rmtree(folder)


@pytest.fixture
def database_url(cluster: str) -> str:
    name = f"facesite_{uuid4().hex}"
    with psycopg.connect(f"{cluster}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{cluster}/{name}"
