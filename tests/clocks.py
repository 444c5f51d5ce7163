"""A clock that goes on when a test says so, for what depends on time and must not depend on how busy a machine is."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from landmarks.net import transport
from landmarks.runtime import limit
from landmarks.runtime.timers import Timer


class ManualClock:
    """Stands in for the module `time` and for the thread that waits for timers."""

    def __init__(self) -> None:
        self.now = 0.0
        self.started_at: list[float] = []
        """The times at which timers were started."""
        self._timers: list[Timer] = []
        self._lock = threading.Lock()

    def monotonic(self) -> float:
        return self.now

    def start(self, seconds: float, callback: Callable[[], object]) -> Timer:
        timer = Timer(self.now + seconds, callback)
        with self._lock:
            self.started_at.append(self.now)
            self._timers.append(timer)
        return timer

    def go_on(self, seconds: float) -> None:
        with self._lock:
            self.now += seconds
            due = [timer for timer in self._timers if timer.at <= self.now]
            self._timers = [timer for timer in self._timers if timer.at > self.now]
        for timer in due:
            timer.fire()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> ManualClock:
    """The clock of all that goes over the network or waits for slots in this process."""
    clock: Any = ManualClock()
    for module in (transport, limit):
        monkeypatch.setattr(module, "TIMERS", clock)
        monkeypatch.setattr(module, "time", clock)
    return clock
