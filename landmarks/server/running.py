"""Who uses the data folder: `serve` and its workers share it, `restore` needs it alone.

A lock on a file that the system releases when the process ends, however it ends. Processes that are forked hold it too.
"""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

LOCK = "running.lock"
_held: list[int] = []
"""The file, which stays open for as long as the process runs."""


class InUse(Exception):
    """Another process uses the data folder."""


def hold() -> None:
    """Share the data folder until this process ends. Raises ImproperlyConfigured while a backup is being restored.

    Without a data folder, or the right to write there, there is nothing to hold.
    """
    if _held:
        return
    try:
        file = _open()
    except OSError:
        return
    try:
        _lock(file, fcntl.LOCK_SH)
    except InUse as exc:
        os.close(file)
        raise ImproperlyConfigured(
            f"A backup is being restored into {settings.DATA_DIR}. Wait until that is finished, then start again."
        ) from exc
    _held.append(file)


@contextmanager
def alone() -> Iterator[None]:
    """Have the data folder for this process alone. Raises InUse, or OSError where it can't be written."""
    file = _open()
    try:
        _lock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


def _open() -> int:
    return os.open(settings.DATA_DIR / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _lock(file: int, kind: int) -> None:
    """Raises InUse. File systems that have no locks are taken to have one user."""
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError as exc:
        raise InUse from exc
    except OSError as exc:
        if exc.errno not in (errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS):
            raise
