"""Places for what may go on at the same time: who finds none free for long is told to come back."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from landmarks.errors import Busy


class Places:
    """As many as there are given out; `what` says in a sentence what they are all taken by."""

    def __init__(self, count: int, patience: float, what: str) -> None:
        self._places = BoundedSemaphore(count)
        self._patience = patience
        self._what = what

    @contextmanager
    def place(self, seconds: float = math.inf) -> Iterator[None]:
        """One of them within this block; raise Busy when none is free in time."""
        if not self._places.acquire(timeout=min(seconds, self._patience)):
            raise Busy(f"{self._what} Try again in some seconds.", detail="no place was free")
        try:
            yield
        finally:
            self._places.release()
