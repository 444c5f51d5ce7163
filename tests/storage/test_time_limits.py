"""A database that hangs is answered, not waited for, and all is well again afterwards."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path

import psycopg
import pytest
import requests
from django.conf import LazySettings
from django.db import InternalError, OperationalError, connection, transaction
from django.test import Client
from pytest_django.asserts import assertContains

from landmarks.core.errors import Busy
from landmarks.models import Owner
from landmarks.runtime import caller, concurrency
from landmarks.storage import search, time_limits
from tests.patience import PATIENCE
from tests.postgresql import Cluster
from tests.rows import make_owner, make_result
from tests.runtime.limits import full
from tests.server.test_serve import Server, serving
from tests.storage.test_storage_failures import Visitor

QUICK = {"DATABASE_CONNECT_TIMEOUT": "2", "DATABASE_LOCK_TIMEOUT": "2", "DATABASE_STATEMENT_TIMEOUT": "3"}


@contextmanager
def locked_table(address: str) -> Iterator[None]:
    with psycopg.connect(address) as other:
        other.execute("LOCK TABLE landmarks_result IN ACCESS EXCLUSIVE MODE")
        yield


def all_at_once(server: Server, count: int, path: str, cookies: requests.cookies.RequestsCookieJar) -> list[int]:
    """The statuses of so many requests of one visitor, and of `/healthz` last."""

    def get(path: str) -> int:
        return requests.get(server.address + path, cookies=cookies, timeout=PATIENCE).status_code

    with ThreadPoolExecutor(count + 1) as threads:
        requested = [threads.submit(get, path) for _ in range(count)]
        alive = threads.submit(get, "/healthz")
        assert alive.result() == 200
        assert not all(request.done() for request in requested)
        return [request.result() for request in requested]


@pytest.mark.slow
def test_a_server_that_is_frozen_or_locked_is_answered_until_it_is_well(
    own_cluster: Cluster, tmp_path: Path, models_dir: Path, images: Path
) -> None:
    address = own_cluster.make_database()
    with serving(tmp_path / "data", models_dir, DATABASE_URL=address, **QUICK) as server:
        visitor = Visitor(server, images / "astronaut.jpg")
        assert visitor.submit().status_code == 303
        kept = visitor.history()
        for hanging in (own_cluster.frozen(), locked_table(address)):
            with hanging:
                assert set(all_at_once(server, 30, "/results/", visitor.session.cookies)) == {503}
                assert visitor.get("/readyz").json()["database"] is False
                assert visitor.get("/").status_code == 200
            assert wait_for(visitor) == kept
        assert visitor.submit().status_code == 303


def wait_for(visitor: Visitor) -> set[str]:
    """The history, as soon as requests are no longer rejected because others waited just before."""
    end = time.monotonic() + PATIENCE
    while visitor.get("/results/").status_code == 503 and time.monotonic() < end:
        pass
    return visitor.history()


@pytest.mark.slow
def test_a_writer_that_keeps_sqlite_locked_is_answered_until_it_is_done(
    tmp_path: Path, models_dir: Path, images: Path
) -> None:
    file = tmp_path / "database.sqlite3"
    with serving(tmp_path / "data", models_dir, DATABASE_URL=f"sqlite:///{file}", **QUICK) as server:
        visitor = Visitor(server, images / "astronaut.jpg")
        assert visitor.submit().status_code == 303
        with closing(sqlite3.connect(file, isolation_level=None)) as writer:
            writer.execute("BEGIN IMMEDIATE")
            visitor.check_refused()
            assert len(visitor.history()) == 1
            writer.execute("ROLLBACK")
        assert visitor.submit().status_code == 303


# --- within one thread -----------------------------------------------------------------------------------------------


@pytest.fixture
def other(transactional_db: None) -> Iterator[sqlite3.Connection]:
    """Another connection to the database, which can lock it."""
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite is locked as a whole; another test locks tables of PostgreSQL")
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        yield other
    connection.close()


def rename() -> None:
    Owner.objects.update(key="x")


def test_a_request_waits_for_its_locks_no_longer_than_it_may_in_all(other: sqlite3.Connection) -> None:
    other.execute("BEGIN IMMEDIATE")
    with time_limits.limited(0.5):
        with pytest.raises(OperationalError, match="locked"):
            rename()
        with pytest.raises(OperationalError, match="may wait"):
            Owner.objects.exists()
    other.execute("ROLLBACK")
    rename()
    with time_limits.limited(0.5):
        rename()


def test_what_was_waited_for_slots_is_missing_for_the_database(other: sqlite3.Connection) -> None:
    other.execute("BEGIN IMMEDIATE")
    with time_limits.limited(PATIENCE), caller.working_for("client"):
        caller.current().patience = caller.FOR_REJECTION + 0.5
        with pytest.raises(OperationalError, match="locked"):
            rename()
        assert caller.current().patience < caller.FOR_REJECTION
        with pytest.raises(OperationalError, match="may wait"):
            Owner.objects.exists()
        caller.renew_patience()
        assert not Owner.objects.exists()


def test_who_gets_the_last_slot_has_time_left_for_the_database() -> None:
    assert caller.FOR_REJECTION < caller.LEFT_FOR_DATABASE < caller.PATIENCE


def test_the_usual_limit_is_back_after_a_shorter_one(other: sqlite3.Connection, settings: LazySettings) -> None:
    def lock_timeout() -> int:
        with connection.cursor() as cursor:
            return int(cursor.execute("PRAGMA busy_timeout").fetchone()[0])

    with time_limits.limited(3):
        assert 2000 < lock_timeout() <= 3000
    assert lock_timeout() == 1000 * settings.DATABASE_LOCK_TIMEOUT


@pytest.mark.django_db
def test_statements_that_take_no_time_do_not_count() -> None:
    with time_limits.limited(0.1):
        for _ in range(1000):
            Owner.objects.exists()


@pytest.mark.django_db
def test_beyond_its_slots_nobody_waits_for_a_database_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    slots = threading.BoundedSemaphore(1)
    monkeypatch.setattr(time_limits, "_slots", slots)
    monkeypatch.setattr(time_limits, "_stalled_until", 0.0)
    monkeypatch.setattr(time_limits, "_is_in_transaction", lambda: False)
    with time_limits.limited(), slots:
        for _ in range(2):
            with pytest.raises(OperationalError, match="too many"):
                Owner.objects.exists()
    Owner.objects.exists()


ENDLESS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    "postgresql": "SELECT pg_sleep(600)",
}


@pytest.mark.django_db
def test_a_statement_is_stopped_after_its_time_and_the_next_one_works() -> None:
    with connection.cursor() as cursor:
        with pytest.raises(Busy) as caught, time_limits.limit_statements(0.2, "search_too_slow"):
            cursor.execute(ENDLESS[connection.vendor])
        assert (caught.value.status, caught.value.message_id) == (503, "search_too_slow")
        assert Owner.objects.count() == 0


@pytest.mark.django_db
def test_searches_have_slots_of_their_own(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = client.get("/results/") and client.session["owner"]
    result = make_result(owner=owner, name="a lake")
    with full(concurrency.SEARCHING):
        response = client.get("/results/?words=lake")
        assertContains(response, "narrow the search", status_code=503)
        assert int(response.headers["Retry-After"]) > 0
        assertContains(client.get("/results/"), "a lake")
        assertContains(client.get("/results/?engine=local"), "a lake")
        assertContains(client.get(f"/results/{result.pk}/?words=lake"), "a lake")
    assertContains(client.get("/results/?words=lake"), "a lake")


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL can be done within its shortest limit")
def test_a_search_that_takes_too_long_is_rejected_with_advice(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "SECONDS", 0.0)
    monkeypatch.setattr(time_limits, "PROGRESS_STEPS", 1)
    make_result(owner=client.get("/results/") and client.session["owner"], name="a lake")
    assertContains(client.get("/results/?words=la"), "Narrow it", status_code=503)


ON_POSTGRESQL = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no hosts")


@ON_POSTGRESQL
@pytest.mark.django_db(transaction=True)
def test_a_host_that_is_gone_in_a_transaction_holds_up_nobody(settings: LazySettings) -> None:
    settings.DATABASE_LOCK_TIMEOUT = 1
    owner, is_locked, is_over = make_owner(), threading.Event(), threading.Event()

    def vanish() -> None:
        try:
            with time_limits.limited(), transaction.atomic():
                Owner.objects.filter(pk=owner.pk).update(stored_bytes=1)
                is_locked.set()
                is_over.wait(PATIENCE)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        gone = threads.submit(vanish)
        assert is_locked.wait(PATIENCE)
        Owner.objects.filter(pk=owner.pk).update(stored_bytes=2)
        is_over.set()
        with pytest.raises(InternalError, match="idle-in-transaction"):
            gone.result()
    owner.refresh_from_db()
    assert owner.stored_bytes == 2


@ON_POSTGRESQL
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("block", [pytest.param(time_limits.limited, id="limited"), pytest.param(ExitStack, id="free")])
def test_the_server_notices_a_host_that_is_gone(block: Callable[[], AbstractContextManager[object]]) -> None:
    connection.close()
    with block(), connection.cursor() as cursor:
        cursor.execute("SHOW tcp_keepalives_idle")
        assert cursor.fetchone() == ("10",)
    connection.close()
