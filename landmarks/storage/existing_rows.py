"""Whether a database holds anything of anybody, asked without Django, for the settings."""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

TABLES = ("landmarks_owner", "landmarks_photo", "landmarks_result", "landmarks_token")
SECONDS = 5
"""How long a database may take to let us in, and to answer."""


class DatabaseUnreadable(Exception):
    """There is a database, or a server for one, that does not answer."""


def has_rows(database: Mapping[str, Any]) -> bool:
    """Whether it has an owner, photo, result or token; `database` is an entry of DATABASES.

    Raises DatabaseUnreadable.
    """
    return _sqlite_has_rows(database) if "sqlite3" in database["ENGINE"] else _postgresql_has_rows(database)


def _sqlite_has_rows(database: Mapping[str, Any]) -> bool:
    path = str(database["NAME"])
    if not Path(path).is_file():
        return False
    try:
        with closing(sqlite3.connect(f"file:{quote(path)}?mode=rw", uri=True, timeout=SECONDS)) as connection:
            return _any_rows(connection.execute, "SELECT (SELECT name FROM sqlite_master WHERE name = '{}')")
    except sqlite3.Error as exc:
        raise DatabaseUnreadable(str(exc)) from exc


def _postgresql_has_rows(database: Mapping[str, Any]) -> bool:
    # Imported here because it takes a while, and most sites do without.
    import psycopg

    # Beside options of the connection the settings may hold some of Django's own.
    known = {option.keyword.decode() for option in psycopg.pq.Conninfo.get_defaults()}
    options = {name: value for name, value in database.get("OPTIONS", {}).items() if name in known}
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    options |= {option: database[name] for option, name in names.items() if database.get(name)}
    options |= {"connect_timeout": SECONDS, "options": f"-c statement_timeout={SECONDS}s"}
    try:
        with psycopg.connect(**options, autocommit=True) as connection:
            return _any_rows(connection.execute, "SELECT to_regclass('{}')")
    except psycopg.Error as exc:
        raise DatabaseUnreadable(str(exc)) from exc


def _any_rows(execute: Callable[[Any], Any], find_table: str) -> bool:
    """`find_table` is a query whose only value is NULL where there is no table of that name."""
    tables = [table for table in TABLES if execute(find_table.format(table)).fetchone()[0]]
    return any(execute(f"SELECT EXISTS (SELECT 1 FROM {table})").fetchone()[0] for table in tables)  # noqa: S608
