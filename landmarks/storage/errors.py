"""What disks, file storages and databases raise, translated into StorageError."""

import errno
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import SuspiciousFileOperation
from django.db import DatabaseError, InterfaceError, InternalError, OperationalError

from landmarks.core.disk_errors import DISK_FULL
from landmarks.core.errors import StorageError, StorageFull

logger = logging.getLogger(__name__)
FILE_ERRORS: tuple[type[Exception], ...] = (OSError, SuspiciousFileOperation)
"""What the configured storage raises; a storage in the cloud adds the base class of its client's errors."""
DATABASE_ERRORS = (OperationalError, InterfaceError, InternalError)
"""What happens to a database. Other errors, as a value that does not fit or a broken constraint, are those of our code.

PostgreSQL calls it internal when it may only be read.
"""

CANDIDATES: tuple[type[Exception], ...] = (*FILE_ERRORS, DatabaseError)
SQLITE_FULL, POSTGRESQL_FULL = 13, "53100"
"""What the databases call it: SQLITE_FULL, and disk_full of class 53."""


@contextmanager
def storage_errors() -> Iterator[None]:
    """Log whatever goes wrong in this block with the database or a file, and raise StorageError."""
    try:
        yield
    except CANDIDATES as exc:
        if isinstance(exc, DatabaseError) and not is_database_failure(exc):
            raise
        error = storage_error(exc)
        logger.error("Storage failed: %s", error.detail)
        error.is_logged = True
        raise error from exc


def is_database_failure(exc: Exception) -> bool:
    """Whether the database failed, and not our code. A damaged SQLite file has the most general kind of error."""
    return isinstance(exc, DATABASE_ERRORS) or (type(exc) is DatabaseError and exc.__cause__ is not None)


def storage_error(exc: Exception) -> StorageError:
    """The error to raise for a failure of the database or of a file."""
    if is_disk_full(exc):
        return StorageFull("storage_full", detail=describe(exc))
    return StorageError("storage_failed", detail=describe(exc))


def describe(exc: Exception) -> str:
    """The reason for the log, without the name of the file, which is that of a photo or a result."""
    if isinstance(exc, OSError) and exc.strerror:
        return exc.strerror
    return " ".join(str(exc).split())


def is_read_only(exc: Exception) -> bool:
    return isinstance(exc, OSError) and exc.errno == errno.EROFS


def is_disk_full(exc: Exception) -> bool:
    if isinstance(exc, OSError):
        return exc.errno in DISK_FULL
    # Django's errors have the database's own as their cause.
    code = getattr(exc.__cause__, "sqlite_errorcode", None) or getattr(exc.__cause__, "sqlstate", None)
    return code in (SQLITE_FULL, POSTGRESQL_FULL)
