"""A clock that goes on when a test says so, for what depends on time and must not depend on how busy a machine is."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from landmarks.net import transport
from landmarks.runtime.timers import Alarm


class ManualClock:
    """Stands in for the module `time` and for the thread that waits for alarms."""

    def __init__(self) -> None:
        self.now = 0.0
        self.set_at: list[float] = []
        """The times at which alarms were set."""
        self._alarms: list[Alarm] = []
        self._lock = threading.Lock()

    def monotonic(self) -> float:
        return self.now

    def set(self, seconds: float, strike: Callable[[], object]) -> Alarm:
        alarm = Alarm(self.now + seconds, strike)
        with self._lock:
            self.set_at.append(self.now)
            self._alarms.append(alarm)
        return alarm

    def go_on(self, seconds: float) -> None:
        with self._lock:
            self.now += seconds
            due = [alarm for alarm in self._alarms if alarm.at <= self.now]
            self._alarms = [alarm for alarm in self._alarms if alarm.at > self.now]
        for alarm in due:
            alarm.strike()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> ManualClock:
    """The clock of all that goes over the network in this process."""
    clock: Any = ManualClock()
    monkeypatch.setattr(transport, "CLOCK", clock)
    monkeypatch.setattr(transport, "time", clock)
    return clock
