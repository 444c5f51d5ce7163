"""Locks across threads and processes, for a limited time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from landmarks.core.errors import Busy, StorageError
from landmarks.models import RateCounter
from landmarks.storage.counters import count, hashed
from landmarks.storage.errors import storage_errors


@contextmanager
def lock(key: str, seconds: float, message_id: str) -> Iterator[None]:
    """Hold the lock of this key during the block, for at most this many seconds.

    Raises Busy with that message, or StorageError.
    """
    now = time.time()
    with storage_errors():
        is_mine = count(hashed(key), 1, now, seconds) is not None
    if not is_mine:
        raise Busy(message_id)
    try:
        yield
    finally:
        # If this fails, what the block did stays done, and the lock expires by itself.
        with suppress(StorageError), storage_errors():
            RateCounter.objects.filter(key=hashed(key), expires__lte=now + seconds).delete()
