"""A circuit that stops calls of a service that is down, and lets one through from time to time."""

import threading
import time
from collections.abc import Callable

LIMIT = 5
"""Failures in a row after which calls stop."""
SECONDS = 60.0
"""How long they stop until one is let through."""


class Circuit:
    """Counts failures in a row, whichever threads they befall; the first answer of the service ends the count."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._closed_until = 0.0

    def seconds_left(self) -> float:
        """How long calls are still stopped; 0 where one may be made."""
        with self._lock:
            return self._left()

    def claim(self) -> float:
        """Ask to make a call: 0 where it may be made, else the seconds for which calls are still stopped.

        Of those who ask when that time is over, one may call, and for the others it starts anew; so a caller that
        never comes back blocks nobody for longer.
        """
        with self._lock:
            left = self._left()
            if left == 0 and self._failures >= LIMIT:
                self._closed_until = self._clock() + SECONDS
            return left

    def note(self, *, is_failure: bool) -> None:
        """Say what came of a call."""
        with self._lock:
            self._failures = self._failures + 1 if is_failure else 0
            if self._failures >= LIMIT:
                self._closed_until = self._clock() + SECONDS

    def _left(self) -> float:
        return max(0.0, self._closed_until - self._clock()) if self._failures >= LIMIT else 0.0
