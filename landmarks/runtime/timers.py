"""What is to happen when a time is over: one thread waits for all such times."""

import heapq
import threading
import time
from collections.abc import Callable


class Alarm:
    """Something that is done when its time is over, unless it was cancelled before."""

    def __init__(self, at: float, strike: Callable[[], object]) -> None:
        self.at = at
        self._strike: Callable[[], object] | None = strike

    def __lt__(self, other: "Alarm") -> bool:
        return self.at < other.at

    @property
    def is_cancelled(self) -> bool:
        return self._strike is None

    def cancel(self) -> None:
        self._strike = None

    def strike(self) -> None:
        if strike := self._strike:
            strike()


class Clock:
    """Sets alarms. What they do must be quick, since the next ones wait for it, and must not fail.

    A thread for each, as `threading.Timer` has it, takes longer to start than what it watches over takes as a rule.
    """

    def __init__(self) -> None:
        self._pending: list[Alarm] = []
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def set(self, seconds: float, strike: Callable[[], object]) -> Alarm:
        alarm = Alarm(time.monotonic() + seconds, strike)
        with self._changed:
            heapq.heappush(self._pending, alarm)
            if not (self._thread and self._thread.is_alive()):  # as in a process that was forked off
                self._thread = threading.Thread(target=self._run, name="alarms", daemon=True)
                self._thread.start()
            elif self._pending[0] is alarm:
                self._changed.notify()
        return alarm

    def _run(self) -> None:
        while True:
            self._next().strike()

    def _next(self) -> Alarm:
        """The next alarm, when its time is over."""
        with self._changed:
            while True:
                while self._pending and self._pending[0].is_cancelled:
                    heapq.heappop(self._pending)
                left = self._pending[0].at - time.monotonic() if self._pending else None
                if left is not None and left <= 0:
                    return heapq.heappop(self._pending)
                self._changed.wait(left)


CLOCK = Clock()
