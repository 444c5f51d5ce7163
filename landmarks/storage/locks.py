"""Locks that hold across threads and processes, for a limited time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from landmarks.core.errors import Busy, StorageError
from landmarks.models.rate_count import Tally
from landmarks.storage.counters import count, hashed
from landmarks.storage.files import storage_errors


@contextmanager
def alone(key: str, seconds: float, message_id: str) -> Iterator[None]:
    """Within this block nobody else is in one of this key, for so long at most.

    Raises Busy with that message, or StorageError.
    """
    now = time.time()
    with storage_errors():
        is_mine = count(hashed(key), 1, now, seconds)
    if not is_mine:
        raise Busy(message_id)
    try:
        yield
    finally:
        # What was done in the block stays done where this fails, and the time ends it as well.
        with suppress(StorageError), storage_errors():
            Tally.objects.filter(key=hashed(key), ends__lte=now + seconds).delete()
