"""Which errors of disks and databases mean that there is no room left."""

import errno
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError

from landmarks.core.errors import StorageError, StorageFull
from landmarks.storage.errors import storage_errors


def caused_by(cause: Exception) -> OperationalError:
    """The error that Django makes of a database's own."""
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


def full_database(folder: Path) -> sqlite3.OperationalError:
    with closing(sqlite3.connect(folder / "full.sqlite3")) as database:
        database.execute("PRAGMA max_page_count = 1")
        with pytest.raises(sqlite3.OperationalError) as raised:
            database.execute("CREATE TABLE one (a)")
            database.execute("CREATE TABLE two (a)")
    return raised.value


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_has_a_code_of_its_own(number: int) -> None:
    with pytest.raises(StorageFull), storage_errors():
        raise OSError(number, "no room")


def test_so_has_a_full_database(tmp_path: Path) -> None:
    for cause in (full_database(tmp_path), psycopg.errors.DiskFull("no room")):
        with pytest.raises(StorageFull), storage_errors():
            raise caused_by(cause)


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.EACCES, "not allowed"),
        OSError("no number"),
        caused_by(sqlite3.OperationalError("database is locked")),
        caused_by(psycopg.errors.LockNotAvailable("locked")),
        OperationalError("without a cause"),
    ],
)
def test_everything_else_is_a_failure_of_the_storage(error: Exception) -> None:
    with pytest.raises(StorageError) as raised, storage_errors():
        raise error
    assert type(raised.value) is StorageError
