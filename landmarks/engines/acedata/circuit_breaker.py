"""A circuit breaker: stops calls of a service that is down, and lets one through from time to time."""

import threading
import time
from collections.abc import Callable

FAILURE_LIMIT = 5
"""Failures in a row that open the breaker."""
OPEN_SECONDS = 60.0
"""How long it stays open before one call is let through."""


class CircuitBreaker:
    """Counts failures in a row over all threads; any answer of the service resets the count.

    Open means that calls are stopped.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._open_until = 0.0

    def seconds_open(self) -> float:
        """Seconds until a call may be made; 0 if one may be made now."""
        with self._lock:
            return self._seconds_open()

    def acquire(self) -> float:
        """Ask to make a call: 0 if it may be made, else the seconds for which calls are still stopped.

        When that time is over, one caller may call, and for the others it starts again. So a call that never ends
        blocks the others no longer than that.
        """
        with self._lock:
            seconds = self._seconds_open()
            if seconds == 0 and self._failures >= FAILURE_LIMIT:
                self._open_until = self._clock() + OPEN_SECONDS
            return seconds

    def record(self, *, is_failure: bool) -> None:
        """Report the outcome of a call."""
        with self._lock:
            self._failures = self._failures + 1 if is_failure else 0
            if self._failures >= FAILURE_LIMIT:
                self._open_until = self._clock() + OPEN_SECONDS

    def _seconds_open(self) -> float:
        return max(0.0, self._open_until - self._clock()) if self._failures >= FAILURE_LIMIT else 0.0
