"""Locks across threads, processes and machines, which end together with the process that holds them."""

import fcntl
import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from landmarks.core.errors import Busy
from landmarks.storage.errors import storage_errors

FILE = "locks"
"""In the data folder; it stays empty."""


@contextmanager
def lock(key: str, message_id: str) -> Iterator[None]:
    """Hold the lock of this key during the block. Raises Busy with that message while others do, or StorageError."""
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big") >> 2  # both kinds take signed numbers
    with storage_errors():
        is_mine = _machine.acquire(number)
    if not is_mine:
        raise Busy(message_id)
    try:
        with _locked_in_database(number, message_id):
            yield
    finally:
        _machine.release(number)


MIGRATION = 0x66616365
"""The lock in the database under which tables are changed."""


@contextmanager
def alone_in_database() -> Iterator[None]:
    """Wait until no other machine is in such a block with this database; on one machine a lock on a file does that."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION])


class MachineLocks:
    """Among the processes that share a data folder: locks on single bytes of one file, far beyond its end.

    The system releases them when a process ends, however it does. They exclude no other thread of the same process,
    so it notes what it holds; and closing the file would release all of them, so it stays open.
    """

    def __init__(self) -> None:
        self._held: set[int] = set()
        self._changing = threading.Lock()
        self._file: int | None = None

    def acquire(self, number: int) -> bool:
        """Whether it was free. Raises OSError where the file can't be made."""
        with self._changing:
            if number in self._held:
                return False
            if self._file is None:
                self._file = os.open(settings.DATA_DIR / FILE, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, number)
            except (BlockingIOError, PermissionError):  # systems differ
                return False
            self._held.add(number)
            return True

    def release(self, number: int) -> None:
        with self._changing:
            assert self._file is not None  # noqa: S101  the lock is held
            fcntl.lockf(self._file, fcntl.LOCK_UN, 1, number)
            self._held.remove(number)


_machine = MachineLocks()


@contextmanager
def _locked_in_database(number: int, message_id: str) -> Iterator[None]:
    """Among several machines, which PostgreSQL serves.

    Its lock belongs to a connection of its own, because that of the thread is closed while it waits for a slot.
    """
    if connection.vendor != "postgresql":
        yield
        return
    own = connection.copy()
    try:
        with storage_errors(), own.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
            is_mine = cursor.fetchone()[0]
        if not is_mine:
            raise Busy(message_id)
        yield
    finally:
        own.close()
