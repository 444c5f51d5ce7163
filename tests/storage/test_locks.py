"""Locks: one holder at a time, on one machine and on several, and none whose process has ended."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from landmarks.core.errors import Busy
from landmarks.storage import locks
from tests.conftest import BASE_DIR
from tests.patience import PATIENCE
from tests.server.test_serve import environment

PROGRAM = """
import sys
import django
django.setup()
from landmarks.core.errors import Busy
from landmarks.storage.locks import lock
try:
    with lock("key", "run_in_progress"):
        print("held", flush=True)
        sys.stdin.read()
except Busy:
    print("busy", flush=True)
"""


@contextmanager
def process(data_dir: Path, database: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """What another process says of the lock, which it holds until it ends."""
    data_dir.mkdir(exist_ok=True)
    more = {"DJANGO_SETTINGS_MODULE": "facesite.settings", "DATABASE_URL": database}
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        cwd=BASE_DIR,
        env=environment(data_dir, data_dir, **more),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout
        try:
            yield other.stdout.readline().strip(), other
        finally:
            other.kill()


@pytest.mark.django_db
def test_one_at_a_time_holds_a_lock_and_others_are_free() -> None:
    def try_again() -> None:
        with pytest.raises(Busy, match="already running"), locks.lock("key", "run_in_progress"):
            pytest.fail("two hold it")

    with locks.lock("key", "run_in_progress"):
        try_again()
        with locks.lock("other", "run_in_progress"), ThreadPoolExecutor(1) as threads:
            threads.submit(try_again).result(PATIENCE)
    with pytest.raises(ZeroDivisionError), locks.lock("key", "run_in_progress"):
        raise ZeroDivisionError
    with locks.lock("key", "run_in_progress"):
        pass


def test_the_lock_of_a_killed_process_is_free_at_once(tmp_path: Path) -> None:
    with process(tmp_path, "") as (first, holder):
        assert first == "held"
        with process(tmp_path, "") as (second, _):
            assert second == "busy"
        holder.kill()
        holder.wait(PATIENCE)
        with process(tmp_path, "") as (third, _):
            assert third == "held"


def test_machines_with_one_database_exclude_each_other_until_they_die(tmp_path: Path, database_url: str) -> None:
    with process(tmp_path / "one", database_url) as (first, holder):
        assert first == "held"
        with process(tmp_path / "two", database_url) as (second, _):
            assert second == "busy"
        holder.kill()
        for _ in range(PATIENCE):  # the server notices a moment later
            with process(tmp_path / "two", database_url) as (third, _):
                if third == "held":
                    return
    pytest.fail("the lock is still held")
