"""The thread that finishes deletions, erases what was deleted, and deletes what expired or what a crash left.

docs/operations.md promises when each of these is done: deletions and expired files within a minute, files of a crash
within an hour.
"""

import fcntl
import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import IO

from django.conf import settings
from django.db import DatabaseError, connections
from django.utils import timezone

from landmarks.core.errors import StorageError
from landmarks.storage import deletion, erasure, jobs, orphans, quota, webhooks
from landmarks.storage.temporary_files import delete_expired_files
from landmarks.storage.time_limits import limited

logger = logging.getLogger(__name__)

EVERY_SECONDS = 5
ERASE_EVERY = 30
"""Seconds between two erasures: each one rewrites the search index, however little was deleted."""
SWEEP_EVERY, SWEEP_AT_MOST_EVERY = 600, 60
"""Seconds between two sweeps for orphans. They read every file's name, so they are rarer where that takes long."""
SWEEP_SHARE = 0.01
"""Of the time, that sweeps may take."""
SLICE_SECONDS = 2
"""Of a sweep in one round, so that deletions wait for none."""


def start() -> None:
    """Start the thread, which ends with the process."""
    threading.Thread(target=run_periodically, name="cleanup", daemon=True).start()


def run_periodically(stop: threading.Event | None = None) -> None:
    """Clean up what all processes leave, also those that were killed."""
    stop, cleanup = stop or threading.Event(), Cleanup()
    while True:
        cleanup.run()
        if stop.wait(EVERY_SECONDS):
            cleanup.close()
            return


class Cleanup:
    """What one process has cleaned up, and when; only one process at a time does."""

    def __init__(self) -> None:
        self._lock: IO[str] | None = None
        # A process that was killed may have left anything, so the first round does everything.
        self._has_deleted = True
        self._erase_at = self._sweep_at = 0.0
        self._sweep: Iterator[bool] | None = None
        """The one that is going on, and what it took until now."""
        self._sweep_seconds = 0.0

    def run(self) -> None:
        """One round. What fails is tried again by the next one."""
        if not self.is_first_process():
            return
        try:
            attempt(self.finish_deletions)
            if time.monotonic() >= self._erase_at:
                attempt(self.erase)
            if self._sweep or time.monotonic() >= self._sweep_at:
                attempt(self.sweep)
        finally:
            connections.close_all()  # a daemon thread cannot when the server stops

    def is_first_process(self) -> bool:
        """Whether this process holds the lock for all that use the data folder. It is free again when it ends."""
        if self._lock:
            return True
        try:
            lock = (settings.DATA_DIR / "cleanup.lock").open("a")
        except OSError as exc:
            logger.debug("There is no lock for cleaning up: %s", exc)
            return False
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            return False
        self._lock = lock
        return True

    def close(self) -> None:
        if self._lock:
            self._lock.close()
            self._lock = None

    def finish_deletions(self) -> None:
        if deletion.finish_deletions(timezone.now()):
            self._has_deleted = True

    def erase(self) -> None:
        """Rows are overwritten already; here go files, ended jobs, and what index and journal still have of rows."""
        delete_expired_files()
        while jobs.delete_finished() or webhooks.delete_old():
            self._has_deleted = True
        if self._has_deleted:
            erasure.compact_search_index()
            self._has_deleted = False
        if erasure.truncate_journal():
            self._erase_at = time.monotonic() + ERASE_EVERY

    def sweep(self) -> None:
        """Begin a sweep, or go on with it. One that fails begins anew."""
        sweep, self._sweep = self._sweep, None
        if sweep is None:
            sweep, self._sweep_seconds = find_and_delete(), 0.0
        begin = time.monotonic()
        for has_deleted in sweep:
            self._has_deleted |= has_deleted
            if time.monotonic() - begin >= SLICE_SECONDS:
                self._sweep = sweep
                break
        end = time.monotonic()
        self._sweep_seconds += end - begin
        if self._sweep is None:
            wait = max(SWEEP_AT_MOST_EVERY, self._sweep_seconds / SWEEP_SHARE)
            self._sweep_at = end + min(SWEEP_EVERY, wait)


def find_and_delete() -> Iterator[bool]:
    """A sweep in steps; yields after each whether rows were deleted. Raises StorageError."""
    yield from orphans.delete_orphans(timezone.now())
    for _ in quota.measure_files():
        yield False


def attempt(step: Callable[[], None]) -> None:
    try:
        with limited():
            step()
    except StorageError as exc:
        # Logged by the storage already; the next round tries again.
        logger.debug("Not everything is cleaned up: %s", exc.detail)
    except DatabaseError:
        logger.exception("Not everything is cleaned up")
