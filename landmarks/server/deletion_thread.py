"""Finishes deletions while the site runs, on one thread of each server process."""

import logging
import threading

from django.db import close_old_connections
from django.utils import timezone

from landmarks.core.errors import StorageError
from landmarks.storage import deletion

logger = logging.getLogger(__name__)

EVERY_SECONDS = 5


def start() -> None:
    """Begin, and go on until the process ends."""
    threading.Thread(target=finish_again_and_again, name="finishing", daemon=True).start()


def finish_again_and_again(stop: threading.Event | None = None) -> None:
    """Also what another process was asked to delete, or left when it was killed."""
    stop = stop or threading.Event()
    while True:
        finish()
        if stop.wait(EVERY_SECONDS):
            return


def finish() -> None:
    try:
        deletion.finish_deletions(timezone.now())
    except StorageError as exc:
        # Told by the store already; the next round tries again.
        logger.debug("Deletions are not finished: %s", exc.detail)
    finally:
        close_old_connections()
