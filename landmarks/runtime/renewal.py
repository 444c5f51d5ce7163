"""Leases that are renewed as long as a block runs."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from landmarks.runtime.timers import TIMERS


@contextmanager
def renewing(every: float, longest: float, renew: Callable[[], bool]) -> Iterator[None]:
    """Call `renew` every so many seconds while the block runs, for as long at most, until it returns False.

    It is called on a thread of its own, which most blocks are too short to need.
    """
    is_over = threading.Event()

    def run() -> None:
        left = longest - every
        while left >= 0 and renew() and not is_over.wait(every):
            left -= every

    def start() -> None:
        # Without another thread the lease ends, and somebody else gets it.
        with suppress(RuntimeError):
            threading.Thread(target=run, name="lease", daemon=True).start()

    timer = TIMERS.start(every, start)
    try:
        yield
    finally:
        timer.cancel()
        is_over.set()
