"""A PostgreSQL cluster of a test's own, started where PostgreSQL is installed."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


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


@pytest.fixture
def database_url() -> Iterator[str]:
    programs = find_programs()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="facesite-postgresql-"))
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
    cluster = ["-D", folder / "cluster"]
    as_postgres(programs / "initdb", *cluster, "-U", "postgres", "-A", "trust", "-N")
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c fsync=off -k {folder}"
    as_postgres(programs / "pg_ctl", *cluster, "-w", "-l", folder / "log", "-o", options, "start")
    yield f"postgres://postgres@127.0.0.1:{port}/postgres"
    as_postgres(programs / "pg_ctl", *cluster, "-w", "-m", "immediate", "stop")
    shutil.rmtree(folder)
