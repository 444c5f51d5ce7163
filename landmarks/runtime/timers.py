"""Timers: one thread waits for all of them and calls back when their time comes."""

import heapq
import threading
import time
from collections.abc import Callable


class Timer:
    """Calls back once at a given time, unless it is cancelled before."""

    def __init__(self, at: float, callback: Callable[[], object]) -> None:
        self.at = at
        self._callback: Callable[[], object] | None = callback

    def __lt__(self, other: "Timer") -> bool:
        return self.at < other.at

    @property
    def is_cancelled(self) -> bool:
        return self._callback is None

    def cancel(self) -> None:
        self._callback = None

    def fire(self) -> None:
        if callback := self._callback:
            callback()


class TimerThread:
    """Starts timers. Their callbacks must be quick, since the next timers wait for them, and must not fail.

    A thread for each, as in `threading.Timer`, would take longer to start than most of what it is to interrupt.
    """

    def __init__(self) -> None:
        self._pending: list[Timer] = []
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def start(self, seconds: float, callback: Callable[[], object]) -> Timer:
        timer = Timer(time.monotonic() + seconds, callback)
        with self._changed:
            heapq.heappush(self._pending, timer)
            if not (self._thread and self._thread.is_alive()):  # it is not in a forked process
                self._thread = threading.Thread(target=self._run, name="timers", daemon=True)
                self._thread.start()
            elif self._pending[0] is timer:
                self._changed.notify()
        return timer

    def _run(self) -> None:
        while True:
            self._next_due().fire()

    def _next_due(self) -> Timer:
        """Wait for the next timer."""
        with self._changed:
            while True:
                while self._pending and self._pending[0].is_cancelled:
                    heapq.heappop(self._pending)
                left = self._pending[0].at - time.monotonic() if self._pending else None
                if left is not None and left <= 0:
                    return heapq.heappop(self._pending)
                self._changed.wait(left)


TIMERS = TimerThread()
