"""Rates: exact for one process and for four, each client for itself, and forgotten when their time is over."""

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from landmarks.access import rate_limits
from landmarks.access.rate_limits import Rate, parse_rate
from landmarks.core.errors import RateExceeded, StorageError
from landmarks.models import RateCounter
from tests.conftest import BASE_DIR
from tests.patience import PATIENCE

PROCESSES, TRIES, LIMIT = 4, 75, 100
HAMMER = """
import json, sys
import django
django.setup()
from landmarks.access import rate_limits
from landmarks.core.errors import RateExceeded
sys.stdin.readline()
through, waits = 0, set()
for _ in range(int(sys.argv[1])):
    try:
        rate_limits.claim("one key", rate_limits.Rate(int(sys.argv[2]), "day"))
        through += 1
    except RateExceeded as exc:
        waits.add(exc.retry_after)
print(json.dumps([through, min(waits, default=0), max(waits, default=0)]))
"""


def claimed(key: str, rate: Rate, tries: int) -> int:
    """How many of so many claims are let through."""
    through = 0
    for _ in range(tries):
        try:
            rate_limits.claim(key, rate)
            through += 1
        except RateExceeded:
            pass
    return through


def hammer(**environment: str) -> list[list[int]]:
    """The counts of four processes that claim the same key as fast as they can, after a common start."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "facesite.settings", **environment}
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, cwd=BASE_DIR, env=environment, check=True)
    command = [sys.executable, "-c", HAMMER, str(TRIES), str(LIMIT)]
    running = [
        subprocess.Popen(
            command, cwd=BASE_DIR, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(PROCESSES)
    ]
    for process in running:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    return [json.loads(process.communicate(timeout=PATIENCE)[0]) for process in running]


def check_exact(counts: list[list[int]]) -> None:
    assert sum(through for through, _, _ in counts) == LIMIT
    day = Rate(1, "day").seconds
    assert all(day - 120 < shortest <= longest <= day for _, shortest, longest in counts if longest)


def test_four_processes_share_one_bound_in_sqlite(tmp_path: Path) -> None:
    check_exact(hammer(DATA_DIR=str(tmp_path), DATABASE_URL=f"sqlite:///{tmp_path}/counters.sqlite3"))


def test_four_processes_share_one_bound_in_postgresql(tmp_path: Path, database_url: str) -> None:
    check_exact(hammer(DATA_DIR=str(tmp_path), DATABASE_URL=database_url))


@pytest.mark.django_db(transaction=True)
def test_threads_share_one_bound() -> None:
    def run(_: int) -> int:
        with closing(connection):
            return claimed("key", Rate(50, "hour"), 20)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(run, range(4))) == 50


@pytest.mark.django_db
def test_each_key_is_counted_for_itself_and_kept_as_a_hash() -> None:
    assert [claimed(key, Rate(2, "min"), 4) for key in ("client 192.0.2.1", "client 192.0.2.2")] == [2, 2]
    kept = list(RateCounter.objects.values_list("key", flat=True))
    assert len(kept) == 2
    assert not [key for key in kept if "192" in key and "." in key or len(key) != 64]


@pytest.mark.django_db
def test_an_excess_request_reports_the_wait_and_is_not_counted() -> None:
    assert claimed("key", Rate(1, "hour"), 1) == 1
    for _ in range(3):
        with pytest.raises(RateExceeded, match="limit of 1 requests in 1 hour") as error:
            rate_limits.claim("key", Rate(1, "hour"))
    assert 3590 <= error.value.retry_after <= 3600
    assert error.value.status == 429
    assert RateCounter.objects.get().count == 1


@pytest.mark.django_db
def test_the_count_begins_anew_when_its_time_is_over() -> None:
    assert claimed("key", Rate(2, "day"), 3) == 2
    RateCounter.objects.update(expires=time.time() - 1)
    assert claimed("key", Rate(2, "day"), 3) == 2


@pytest.mark.django_db
def test_a_clock_that_was_set_back_locks_nobody_out() -> None:
    assert claimed("key", Rate(2, "min"), 3) == 2
    RateCounter.objects.update(expires=time.time() + 3600)
    assert claimed("key", Rate(2, "min"), 3) == 2
    assert claimed("daily", Rate(2, "day"), 3) == 2
    RateCounter.objects.update(expires=time.time() + 86400 + 300)
    assert claimed("daily", Rate(2, "day"), 3) == 2


@pytest.mark.django_db
def test_rows_of_a_clock_that_was_set_back_go_too() -> None:
    assert claimed("key", Rate(1, "day"), 1) == 1
    RateCounter.objects.update(expires=time.time() + 10 * 86400)
    assert claimed("other", Rate(1, "day"), 1) == 1
    assert RateCounter.objects.count() == 1


@pytest.mark.django_db
def test_old_rows_go_as_new_ones_come() -> None:
    for number in range(6):
        claimed(f"old {number}", Rate(1, "s"), 1)
    RateCounter.objects.update(expires=time.time() - 1)
    for number in range(3):
        claimed(f"new {number}", Rate(1, "hour"), 1)
    assert RateCounter.objects.count() == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite can be made read-only")
def test_what_cannot_be_counted_is_not_let_through() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        try:
            with pytest.raises(StorageError):
                rate_limits.claim("key", Rate(1, "min"))
        finally:
            cursor.execute("PRAGMA query_only = OFF")


@pytest.mark.parametrize(
    ("text", "rate", "seconds"),
    [("60/min", Rate(60, "min"), 60), ("1/s", Rate(1, "s"), 1), ("5/hour", Rate(5, "hour"), 3600)],
)
def test_rates_are_read(text: str, rate: Rate, seconds: int) -> None:
    assert parse_rate(text) == rate
    assert rate.seconds == seconds


def test_off_is_no_bound() -> None:
    assert parse_rate("off") is None


@pytest.mark.parametrize("text", ["", "60", "0/min", "-1/min", "60/minute", "60 / min", "6e1/min", "60/min ", "٦/min"])
def test_what_is_not_a_rate_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="no rate"):
        parse_rate(text)
