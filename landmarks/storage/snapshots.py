"""The database as it was at one moment, in a file, taken while the site goes on writing."""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from django.db import DatabaseError, connection

from landmarks.storage.backup_errors import BackupError

Execute = Callable[[str], Any]
"""Runs a query and returns its cursor: the method of a connection of sqlite3 or psycopg."""
TABLES = ("owner", "photo", "result", "token")
OURS = ("landmarks_", "django_")
"""With what the names of our tables begin; others in the same database are somebody else's."""
BUSY_SECONDS = 20


@dataclass(frozen=True)
class Snapshot:
    """A copy of the database, and what it said at that moment."""

    path: Path
    migrations: list[tuple[str, str]]
    """App and name, in the order in which they were applied."""
    counts: dict[str, int]
    """Rows, by table."""
    files: list[str]
    """The names in the storage of all photos and thumbnails."""


def take_snapshot(path: Path) -> Snapshot:
    """Copy the configured database to `path`, which doesn't exist yet. Raises BackupError."""
    try:
        return _copy_sqlite(path) if connection.vendor == "sqlite" else _dump_postgresql(path)
    except (sqlite3.Error, psycopg.Error, DatabaseError) as exc:
        raise BackupError("backup_database_failed", reason=one_line(exc)) from exc


def describe(path: Path, execute: Execute) -> Snapshot:
    """What the database behind `execute` says."""
    return Snapshot(
        path,
        [(app, name) for app, name in execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()],
        {table: execute(f"SELECT count(*) FROM landmarks_{table}").fetchone()[0] for table in TABLES},  # noqa: S608
        named_files(execute),
    )


def named_files(execute: Execute) -> list[str]:
    """The photos and thumbnails that the rows name."""
    queries = ("SELECT file FROM landmarks_photo", "SELECT thumbnail FROM landmarks_result")
    return [name for query in queries for (name,) in execute(query).fetchall() if name]


def one_line(exc: Exception) -> str:
    """The message of a library as a part of a sentence."""
    return " ".join(str(exc).split()).rstrip(".") or type(exc).__name__


# --- SQLite ----------------------------------------------------------------------------------------------------------


def sqlite_path() -> Path:
    return Path(connection.settings_dict["NAME"])


@contextmanager
def open_sqlite(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection without Django's, to a database that exists; each statement is committed by itself."""
    uri = f"file:{quote(str(path))}?mode=rw"
    with closing(sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)) as database:
        yield database


def _copy_sqlite(path: Path) -> Snapshot:
    if not sqlite_path().is_file():
        raise BackupError("backup_no_database", path=str(sqlite_path()))
    with open_sqlite(sqlite_path()) as live, closing(sqlite3.connect(path, isolation_level=None)) as copy:
        # All pages in one step: one read transaction, which in WAL mode stops nobody and which no writer restarts.
        live.backup(copy)
        # One file; the site turns WAL on again.
        copy.execute("PRAGMA journal_mode=DELETE")
        return describe(path, copy.execute)


# --- PostgreSQL ------------------------------------------------------------------------------------------------------


@contextmanager
def open_postgresql() -> Iterator["psycopg.Connection[Any]"]:
    """A connection of our own, without the limits of time that requests have; each statement is committed by itself."""
    own = connection.copy()
    own.ensure_connection()
    try:
        database = own.connection
        database.execute("SET statement_timeout = 0")
        database.execute("SET idle_in_transaction_session_timeout = 0")
        yield database
    finally:
        own.close()


def _dump_postgresql(path: Path) -> Snapshot:
    with open_postgresql() as database:
        program = find_pg_dump(database.info.server_version // 10_000)
        database.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        snapshot = describe(path, database.execute)
        (name,) = database.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        # Plain SQL: restoring it takes no program of PostgreSQL's.
        command = [program, "--format=plain", "--no-owner", "--no-privileges", "--encoding=UTF8", "--no-password"]
        command += [f"--lock-wait-timeout={BUSY_SECONDS}s"]
        command += [f"--table={prefix}*" for prefix in OURS]
        with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            done = subprocess.run(  # noqa: S603
                [*command, f"--snapshot={name}"], env=libpq_environment(database), stdout=file, stderr=subprocess.PIPE
            )
    if done.returncode:
        raise BackupError("backup_database_failed", reason=" ".join(done.stderr.decode(errors="replace").split()))
    return snapshot


def find_pg_dump(server: int) -> str:
    """The program, which must not be older than the server (major versions). Raises BackupError."""
    program = shutil.which("pg_dump")
    if program is None:
        raise BackupError("backup_pg_dump_missing", version=server)
    said = subprocess.run([program, "--version"], capture_output=True, text=True).stdout  # noqa: S603
    found = re.search(r"\d+", said)
    if found is None or int(found[0]) < server:
        raise BackupError("backup_pg_dump_old", found=found[0] if found else "of an unknown version", version=server)
    return program


def libpq_environment(database: "psycopg.Connection[Any]") -> dict[str, str]:
    """The environment of a program that connects as this connection did; command lines are public."""
    options = {
        option.envvar.decode(): option.val.decode()
        for option in database.pgconn.info
        # Limits of time, which stand in "options", are for requests.
        if option.envvar and option.val and option.val != option.compiled and option.keyword != b"options"
    }
    return {"PATH": os.defpath, "HOME": str(Path.home()), "LC_ALL": "C.UTF-8", **options}
