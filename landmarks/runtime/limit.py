"""Slots for so many at once: clients get them in turn, and wait as long as their turn is expected to come in time."""

import math
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Callable

from landmarks.core.errors import Busy, LandmarksError
from landmarks.runtime import caller
from landmarks.runtime.timers import TIMERS

ANY = sys.maxsize
WEIGHT = 1 / 16
"""Of the newest in the moving average of the seconds for which slots are held."""
OUTLIER = 4
"""Times the average that one may count at most, so that a single slow photo doesn't turn others away."""
SHORTEST = 0.001


class Slots:
    """One or several slots, requested or held."""

    def __init__(self, limit: "Limit", count: int, client: str, keys: tuple[str, ...]) -> None:
        self.count, self.client = count, client
        self.keys = (client, *keys)
        """Each of them may hold no more than the limit's share."""
        self.since = 0.0
        self.is_held = False
        self.is_decided = threading.Event()
        self._limit = limit

    def release(self) -> None:
        """Whoever holds them must release them, on any thread."""
        self._limit.release(self)

    def __enter__(self) -> None:
        """They are held already."""

    def __exit__(self, *_: object) -> None:
        self.release()


class Limit:
    """So many slots at once, with a queue for each client; the clients take turns.

    Otherwise a client that sends a hundred photos would make all others wait for all of them.
    """

    def __init__(
        self,
        what: str,
        at_once: int,
        queue: int,
        share: int,
        seconds: float,
        message_id: str,
        error: type[LandmarksError] = Busy,
    ) -> None:
        """`seconds` is what one is expected to take until some were measured."""
        self.at_once, self.queue, self.share = at_once, queue, share
        self.seconds = seconds
        """For which slots are held: a moving average."""
        self._what = what
        self._message_id = message_id
        self._error = error
        self._free = at_once
        self._held: set[Slots] = set()
        self._held_by: Counter[str] = Counter()
        self._queues: dict[str, deque[Slots]] = {}
        """By client; the first one's turn is next."""
        self._lock = threading.Lock()

    @property
    def max_threads(self) -> int:
        """Threads that can be in here, working or waiting."""
        return self.at_once + self.queue

    @property
    def waiting(self) -> int:
        return sum(map(len, self._queues.values()))

    def slot(
        self,
        count: int = 1,
        *,
        timeout: float = math.inf,
        keys: tuple[str, ...] = (),
        before_wait: Callable[[], object] = lambda: None,
    ) -> Slots:
        """So many slots, or all that one may have, to be released by hand or by a `with` block.

        Raises Busy when they are not free in time, at once where that can be expected. Its `retry_after` is the time
        until a newcomer can be expected to get them in time. `before_wait` is called where slots are waited for, to let
        go of what others need meanwhile.
        """
        who = caller.current()
        patience = min(timeout, who.patience_for_slots)
        slots = Slots(self, min(count, self.at_once, self.share), who.client, keys)
        with self._lock:
            self._queues.setdefault(who.client, deque()).append(slots)
            self._grant()
            if slots.is_held:
                return slots
            if self.waiting > self.queue or self._expected_wait(slots) > min(timeout, who.patience):
                self._leave(slots)
                raise self._busy(slots)
        self._wait(slots, who, patience, before_wait)
        if slots.is_held:
            return slots
        with self._lock:
            raise self._busy(slots)

    def _wait(self, slots: Slots, who: caller.Caller, patience: float, before_wait: Callable[[], object]) -> None:
        began = time.monotonic()
        timer = TIMERS.start(patience, lambda: self._give_up(slots))
        try:
            before_wait()
            slots.is_decided.wait()
        except BaseException:
            self._give_up(slots)
            if slots.is_held:
                slots.release()
            raise
        finally:
            timer.cancel()
            who.patience -= time.monotonic() - began

    def release(self, slots: Slots) -> None:
        with self._lock:
            self._held.remove(slots)
            self._held_by.subtract(dict.fromkeys(slots.keys, slots.count))
            self._held_by += Counter()  # without those that hold nothing
            self._free += slots.count
            self._note(time.monotonic() - slots.since)
            self._grant()

    # --- turns -------------------------------------------------------------------------------------------------------

    def _grant(self) -> None:
        """Give free slots to those who wait; otherwise, who released them would get them back first."""
        while (slots := self._next()) and slots.count <= self._free:
            self._leave(slots)
            if queue := self._queues.pop(slots.client, None):
                self._queues[slots.client] = queue  # as the last one
            self._free -= slots.count
            self._held.add(slots)
            self._held_by.update(dict.fromkeys(slots.keys, slots.count))
            slots.since = time.monotonic()
            slots.is_held = True
            slots.is_decided.set()

    def _next(self) -> Slots | None:
        """Whose turn it is, even if too few slots are free for it: nobody overtakes, but those beyond their share."""
        return next((each for queue in self._queues.values() for each in queue if self._has_share(each)), None)

    def _has_share(self, slots: Slots) -> bool:
        return self.share == ANY or all(self._held_by[key] + slots.count <= self.share for key in slots.keys)

    def _leave(self, slots: Slots) -> None:
        queue = self._queues[slots.client]
        queue.remove(slots)
        if not queue:
            del self._queues[slots.client]

    def _give_up(self, slots: Slots) -> None:
        with self._lock:
            if not slots.is_decided.is_set():
                self._leave(slots)
                slots.is_decided.set()
                self._grant()  # the next one may need less

    # --- expectations ------------------------------------------------------------------------------------------------

    def _note(self, seconds: float) -> None:
        self.seconds += WEIGHT * (min(seconds, OUTLIER * self.seconds) - self.seconds)
        self.seconds = max(self.seconds, SHORTEST)

    def _service_time(self) -> float:
        """The recent one, or that of those who hold slots now, if they already take longer."""
        now = time.monotonic()
        held = sum(now - slots.since for slots in self._held) / max(1, len(self._held))
        return max(self.seconds, held)

    def _expected_wait(self, slots: Slots) -> float:
        """Seconds until the last in its client's queue gets its slots: service time × queue ÷ slots.

        The queue is what comes before it: as many of each other client as of its own, as they take turns.
        """
        place = len(self._queues[slots.client])
        queue = sum(each.count for waiting in self._queues.values() for each in list(waiting)[:place])
        rounds = queue / self.at_once
        if self.share != ANY:
            waiting = Counter(key for queued in self._queues.values() for each in queued for key in each.keys)
            rounds = max(rounds, *(waiting[key] / self.share for key in slots.keys))
        return self._service_time() * rounds

    def _busy(self, slots: Slots) -> LandmarksError:
        """The error for these slots, which wait no more."""
        self._queues.setdefault(slots.client, deque()).append(slots)  # as the newcomer that comes next
        seconds = self._expected_wait(slots) - caller.PATIENCE
        if self.waiting > self.queue:
            seconds = max(seconds, self._service_time() / min(self.at_once, self.share))
        self._leave(slots)
        error = self._error(self._message_id, detail=f"all slots for {self._what} are taken")
        error.retry_after = max(1, math.ceil(seconds))
        return error
