"""What disks, file storages and databases raise, translated into StorageError."""

import errno
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import SuspiciousFileOperation
from django.db import DatabaseError

from landmarks.core.errors import DISK_FULL, StorageError, StorageFull

logger = logging.getLogger(__name__)
FILE_ERRORS: tuple[type[Exception], ...] = (OSError, SuspiciousFileOperation)
"""What the configured storage raises; a storage in the cloud adds the base class of its client's errors."""
SQLITE_FULL, POSTGRESQL_FULL = 13, "53100"
"""What the databases call it: SQLITE_FULL, and disk_full of class 53."""
STORAGE_ERRORS: tuple[type[Exception], ...] = (*FILE_ERRORS, DatabaseError)


@contextmanager
def storage_errors() -> Iterator[None]:
    """Log whatever goes wrong in this block with the database or a file, and raise StorageError."""
    try:
        yield
    except STORAGE_ERRORS as exc:
        logger.error("Storage failed: %s", exc)
        raise storage_error(exc) from exc


def storage_error(exc: Exception) -> StorageError:
    """The error to raise for one of STORAGE_ERRORS."""
    if is_disk_full(exc):
        return StorageFull("storage_full", detail=str(exc))
    return StorageError("storage_failed", detail=str(exc))


def is_read_only(exc: Exception) -> bool:
    return isinstance(exc, OSError) and exc.errno == errno.EROFS


def is_disk_full(exc: Exception) -> bool:
    if isinstance(exc, OSError):
        return exc.errno in DISK_FULL
    # Django's errors have the database's own as their cause.
    code = getattr(exc.__cause__, "sqlite_errorcode", None) or getattr(exc.__cause__, "sqlstate", None)
    return code in (SQLITE_FULL, POSTGRESQL_FULL)
