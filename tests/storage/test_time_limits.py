"""A database that hangs is answered, not waited for, and all is well again afterwards."""

import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
import requests
from django.conf import LazySettings
from django.db import OperationalError, connection

from landmarks.core.errors import Busy
from landmarks.models import Owner
from landmarks.runtime import concurrency
from landmarks.storage import time_limits
from tests.patience import PATIENCE
from tests.postgresql import Cluster
from tests.runtime.limits import full, limit
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
