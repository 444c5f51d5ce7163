"""The thread of each server process that finishes deletions."""

import logging
import threading

from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from landmarks.core.errors import StorageError
from landmarks.storage import deletion
from landmarks.storage.time_limits import limited

logger = logging.getLogger(__name__)

EVERY_SECONDS = 5


def start() -> None:
    """Start the thread, which ends with the process."""
    threading.Thread(target=finish_periodically, name="deletions", daemon=True).start()


def finish_periodically(stop: threading.Event | None = None) -> None:
    """Finish all deletions, also those of other processes, and of processes that were killed."""
    stop = stop or threading.Event()
    while True:
        finish()
        if stop.wait(EVERY_SECONDS):
            return


def finish() -> None:
    try:
        with limited():
            deletion.finish_deletions(timezone.now())
    except StorageError as exc:
        # Logged by the storage already; the next round tries again.
        logger.debug("Deletions are not finished: %s", exc.detail)
    except DatabaseError:
        logger.exception("Deletions are not finished")
    finally:
        close_old_connections()
