"""The same results in PostgreSQL: the tests of the service and the history run again, on a cluster of their own."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import BASE_DIR, missing

FILES = [f"tests/{name}.py" for name in ("test_service", "test_search", "test_deletions", "test_migrations")]
PAGES = [f"tests/web/{name}.py" for name in ("test_history", "test_filters", "test_selection")]


def find_programs() -> Path:
    """The folder of PostgreSQL's newest programs; Debian keeps them off the PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    if not folders and (initdb := shutil.which("initdb")):
        folders = [Path(initdb).parent]
    if not folders:
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


def test_results_are_kept_found_and_deleted_in_postgresql_too(database_url: str, models_dir: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "--no-cov", *FILES, *PAGES]
    environment = {**os.environ, "DATABASE_URL": database_url, "MODELS_DIR": str(models_dir)}
    done = subprocess.run(command, cwd=BASE_DIR, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout
