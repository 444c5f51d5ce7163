"""A database of a test's own, without tables, in place of the one that all tests share."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.utils import ConnectionHandler
from pytest_django import DjangoDbBlocker

NAME = "facesite_upgraded"


@pytest.fixture
def empty_database(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Path]:
    """The default connection leads to an empty database; yields its file, if it is one of SQLite."""
    shared = connections[DEFAULT_DB_ALIAS]
    file = tmp_path / f"{NAME}.sqlite3"
    name = str(file) if shared.vendor == "sqlite" else NAME
    with django_db_blocker.unblock(), database(shared.settings_dict, name):
        connections[DEFAULT_DB_ALIAS] = own = connection_to(shared.settings_dict, name)
        try:
            yield file
        finally:
            own.close()
            connections[DEFAULT_DB_ALIAS] = shared


def connection_to(settings: dict[str, Any], name: str) -> Any:
    return ConnectionHandler({DEFAULT_DB_ALIAS: {**settings, "NAME": name}})[DEFAULT_DB_ALIAS]


@contextmanager
def database(settings: dict[str, Any], name: str) -> Iterator[None]:
    """SQLite makes a database when it is opened; PostgreSQL by a statement in another one."""
    if settings["ENGINE"].endswith("sqlite3"):
        yield
        return
    server = connection_to(settings, "postgres")
    with server.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name}")
    yield
    with server.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name}")
    server.close()
