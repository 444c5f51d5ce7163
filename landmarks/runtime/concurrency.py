"""How much a process does at once: one table of limits, each with its slots and a short queue before them."""

import math
import os
import sys
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from landmarks.core.errors import Busy, EngineUnavailable, LandmarksError
from landmarks.runtime.memory import release_freed


class Limit:
    """Slots that are given in the order in which they were requested, one or several at a time."""

    def __init__(
        self,
        what: str,
        at_once: int,
        queue: int,
        patience: float,
        message_id: str,
        error: type[LandmarksError] = Busy,
    ) -> None:
        self.at_once, self.queue = at_once, queue
        self._what = what
        self._patience = patience
        self._message_id = message_id
        self._error = error
        self._free = at_once
        self._waiting: deque[tuple[int, threading.Event]] = deque()
        self._lock = threading.Lock()

    @property
    def max_threads(self) -> int:
        """Threads that can be in here, working or waiting."""
        return self.at_once + self.queue

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    @contextmanager
    def slot(self, count: int = 1, timeout: float = math.inf) -> Iterator[None]:
        """So many slots, or all where that is more; raise Busy if the queue is full or the wait too long."""
        if not self.acquire(count, timeout):
            raise self._error(self._message_id, detail=f"all slots for {self._what} are taken")
        try:
            yield
        finally:
            self.release(count)

    def acquire(self, count: int = 1, timeout: float = math.inf) -> bool:
        """Whether the slots were free in time; whoever gets them must release them, on any thread."""
        count = min(count, self.at_once)
        with self._lock:
            if count <= self._free and not self._waiting:
                self._free -= count
                return True
            if len(self._waiting) >= self.queue:
                return False
            request = count, threading.Event()
            self._waiting.append(request)
        if request[1].wait(min(timeout, self._patience, threading.TIMEOUT_MAX)):
            return True
        with self._lock:
            if request[1].is_set():  # granted at the last moment
                return True
            self._waiting.remove(request)
            self._grant()  # the next one may need less
        return False

    def release(self, count: int = 1) -> None:
        with self._lock:
            self._free += min(count, self.at_once)
            self._grant()

    def _grant(self) -> None:
        """Slots go to whoever has waited longest; otherwise, who released them would get them back first."""
        while self._waiting and self._waiting[0][0] <= self._free:
            count, is_granted = self._waiting.popleft()
            self._free -= count
            is_granted.set()


CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
PIXELS = 60_000_000
"""Of one of the largest photos, or of several smaller ones: a quarter of a gigabyte, at Pillow's four bytes each."""
ANY, INF = sys.maxsize, math.inf

# fmt: off
#                       what                     at once  queue            seconds message
DETECTION       = Limit("reading and detecting", CORES,   min(2*CORES, 16), 10.0,  "busy_detecting")
HOSTED_CALLS    = Limit("hosted calls",          8,       0,                0.0,   "busy_calling")
DRAWING         = Limit("drawing pictures",      2,       4,                10.0,  "busy_drawing")
LOCAL_PIXELS    = Limit("pixels of local runs",  PIXELS,  ANY,              10.0,  "busy_memory")
HOSTED_PIXELS   = Limit("pixels of hosted runs", PIXELS,  ANY,              10.0,  "busy_memory")
DECODING        = Limit("decoder processes",     2,       ANY,              10.0,  "busy_decoding")
LARGE_JSON      = Limit("photos within JSON",    2,       ANY,              10.0,  "busy_decoding")
FETCHING        = Limit("fetching photos",       3,       ANY,              2.0,   "busy_fetching")
NAME_LOOKUPS    = Limit("looking up host names", 32,      ANY,              INF,   "busy_fetching")
TEMPORARY_LINKS = Limit("photos to be fetched",  3,       0,                0.0,   "busy_publishing", EngineUnavailable)
# fmt: on

# Why these numbers:
# DETECTION        It is work for a processor: more at once would only wait for a core.
# HOSTED_CALLS     They wait for the network, for up to a minute.
# DRAWING          A large photo takes seconds.
# ..._PIXELS       Of whole pictures, so that many large photos can't fill the memory. Those of hosted calls stay for as
#                  long as the network takes, so they have a limit of their own.
# DECODING         The largest files take half a gigabyte each.
# LARGE_JSON       A photo of the largest size takes four times as much memory while it is read from JSON.
# FETCHING         Fewer than there are threads: hosts that answer slowly must not hold them all.
# NAME_LOOKUPS     A resolver that doesn't answer occupies its thread for longer than any caller waits.
# TEMPORARY_LINKS  A thread waits for each, and one more must serve the files; a queue would keep threads from serving.

MAX_THREADS = DETECTION.max_threads + HOSTED_CALLS.max_threads + DRAWING.max_threads
"""Threads that all of this can hold; a server with more of them always has one for its pages."""

LARGE_PICTURE = 4_000_000
"""Pixels from which on releasing memory takes little of the time that the picture takes."""


@contextmanager
def picture_memory(limit: Limit, pixels: int) -> Iterator[None]:
    """Memory for a picture, which must be freed when the block ends; raise Busy.

    Freed memory goes back to the system before a large picture is read, and again before the next one gets its slots.
    """
    with limit.slot(pixels):
        is_large = pixels > LARGE_PICTURE
        if is_large:
            release_freed()
        try:
            yield
        finally:
            if is_large:
                release_freed()
