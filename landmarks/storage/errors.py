"""What disks, file storages and databases raise, translated into StorageError."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import SuspiciousFileOperation
from django.db import DatabaseError

from landmarks.core.errors import StorageError

logger = logging.getLogger(__name__)
FILE_ERRORS: tuple[type[Exception], ...] = (OSError, SuspiciousFileOperation)
"""What the configured storage raises; a storage in the cloud adds the base class of its client's errors."""
STORAGE_ERRORS: tuple[type[Exception], ...] = (*FILE_ERRORS, DatabaseError)


@contextmanager
def storage_errors() -> Iterator[None]:
    """Log whatever goes wrong in this block with the database or a file, and raise StorageError."""
    try:
        yield
    except STORAGE_ERRORS as exc:
        logger.error("Storage failed: %s", exc)
        raise StorageError("storage_failed", detail=str(exc)) from exc
