"""How much is done at once in a process: places for those who look and draw, a short queue before them, no more."""

import math
import os
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from landmarks.core.errors import Busy
from landmarks.runtime.memory import give_back

PATIENCE = 10.0
"""Seconds that somebody waits for a place; whoever sends a photo waits longer for nothing."""


class Capacity:
    """Places that are given in the order in which they were asked for, one or several at a time."""

    def __init__(self, at_once: int, queue: int, patience: float = PATIENCE) -> None:
        self.at_once, self.queue = at_once, queue
        self._patience = patience
        self._free = at_once
        self._line: deque[tuple[int, threading.Event]] = deque()
        self._lock = threading.Lock()

    @property
    def most(self) -> int:
        """Threads that can be in here, at work or waiting."""
        return self.at_once + self.queue

    @property
    def waiting(self) -> int:
        return len(self._line)

    @contextmanager
    def place(self, count: int = 1) -> Iterator[None]:
        """So many places, or all where that is more; raise Busy when the queue is full or the wait too long."""
        count = min(count, self.at_once)
        self._enter(count)
        try:
            yield
        finally:
            self._leave(count)

    def _enter(self, count: int) -> None:
        with self._lock:
            if count <= self._free and not self._line:
                self._free -= count
                return
            if len(self._line) >= self.queue:
                raise _busy()
            waiting = count, threading.Event()
            self._line.append(waiting)
        if waiting[1].wait(self._patience):
            return
        with self._lock:
            if waiting[1].is_set():  # given at the last moment
                return
            self._line.remove(waiting)
            self._admit()  # whoever comes next may ask for less
        raise _busy()

    def _leave(self, count: int) -> None:
        with self._lock:
            self._free += count
            self._admit()

    def _admit(self) -> None:
        """Places go to whoever waits longest: free for all, the one who leaves would be back in it first."""
        while self._line and self._line[0][0] <= self._free:
            count, turn = self._line.popleft()
            self._free -= count
            turn.set()


@contextmanager
def room(pictures: Capacity, pixels: int) -> Iterator[None]:
    """Room for a picture that nobody holds any more when the block ends; raise Busy.

    What others freed goes back to the system before a large one comes in, and its own memory before the room is given
    to somebody else.
    """
    with pictures.place(pixels):
        is_large = pixels > LARGE_PICTURE
        if is_large:
            give_back()
        try:
            yield
        finally:
            if is_large:
                give_back()


def _busy() -> Busy:
    return Busy("busy")


CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
LOOKS = Capacity(at_once=CORES, queue=min(2 * CORES, 16))
"""Reading a photo and looking at it with the embedded engine, which is work for a processor."""
CALLS = Capacity(at_once=8, queue=0)
"""Calls of a hosted engine, which wait for the network for up to a minute."""
DRAWINGS = Capacity(at_once=2, queue=4)
"""Pictures with the points drawn in, which take seconds for a large photo."""
MOST = LOOKS.most + CALLS.most + DRAWINGS.most
"""Threads that all of this can hold; a server with more of them always has one for its pages."""

LARGE_PICTURE = 4_000_000
"""Pixels from which on giving memory back takes little of the time that the picture takes."""
PIXELS = 60_000_000
"""A quarter of a gigabyte: Pillow keeps four bytes for each."""
PICTURES = Capacity(at_once=PIXELS, queue=MOST)
"""Pixels of the whole pictures that those who look and draw have in memory, so that no crowd of large photos fills it:
one of the largest, or several that are no more together."""
CALLED_PICTURES = Capacity(at_once=PIXELS, queue=MOST)
"""The same for calls, whose pictures stay for as long as the network takes."""


class Slots:
    """As many as there are given out; the message says what they are all taken by."""

    def __init__(self, count: int, patience: float, message_id: str) -> None:
        self._places = BoundedSemaphore(count)
        self._patience = patience
        self._message_id = message_id

    @contextmanager
    def place(self, seconds: float = math.inf) -> Iterator[None]:
        """One of them within this block; raise Busy when none is free in time."""
        if not self._places.acquire(timeout=min(seconds, self._patience)):
            raise Busy(self._message_id, detail="no place was free")
        try:
            yield
        finally:
            self._places.release()
