"""How much is done at once in a process: places for those who look and draw, a short queue before them, no more."""

import os
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from landmarks.errors import Busy

PATIENCE = 10.0
"""Seconds that somebody waits for a place; whoever sends a photo waits longer for nothing."""


class Capacity:
    """Places that are given in the order in which they were asked for."""

    def __init__(self, at_once: int, queue: int, patience: float = PATIENCE) -> None:
        self.at_once, self.queue = at_once, queue
        self._patience = patience
        self._free = at_once
        self._line: deque[threading.Event] = deque()
        self._lock = threading.Lock()

    @property
    def most(self) -> int:
        """Threads that can be in here, at work or waiting."""
        return self.at_once + self.queue

    @property
    def waiting(self) -> int:
        return len(self._line)

    @contextmanager
    def place(self) -> Iterator[None]:
        """Raises Busy when the queue is full or the wait too long."""
        self._enter()
        try:
            yield
        finally:
            self._leave()

    def _enter(self) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            if len(self._line) >= self.queue:
                raise _busy()
            turn = threading.Event()
            self._line.append(turn)
        if turn.wait(self._patience):
            return
        with self._lock:
            if turn.is_set():  # given at the last moment
                return
            self._line.remove(turn)
        raise _busy()

    def _leave(self) -> None:
        """The place goes to whoever waits longest: free for all, the one who leaves would be back in it first."""
        with self._lock:
            if self._line:
                self._line.popleft().set()
            else:
                self._free += 1


def _busy() -> Busy:
    return Busy("This site is looking at as many photos as it can right now. Send this one again in a few seconds.")


CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
LOOKS = Capacity(at_once=CORES, queue=min(2 * CORES, 16))
"""Reading a photo and looking at it with the embedded engine, which is work for a processor."""
CALLS = Capacity(at_once=8, queue=0)
"""Calls of a hosted engine, which wait for the network for up to a minute."""
DRAWINGS = Capacity(at_once=2, queue=4)
"""Pictures with the points drawn in, which take half a gigabyte for a photo of 60 megapixels."""
MOST = LOOKS.most + CALLS.most + DRAWINGS.most
"""Threads that all of this can hold; a server with more of them always has one for its pages."""
