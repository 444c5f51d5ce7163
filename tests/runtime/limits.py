"""Limits to test with, and limits that are reached."""

from collections.abc import Iterator
from contextlib import contextmanager

from landmarks.runtime.limit import ANY, Limit


def limit(at_once: int = 1, queue: int = ANY, share: int = ANY, seconds: float = 0.1) -> Limit:
    return Limit("testing", at_once, queue, share, seconds, "busy_detecting")


@contextmanager
def full(reached: Limit) -> Iterator[None]:
    """All slots are taken, and nobody may wait for one."""
    before = reached.queue, reached.share
    reached.queue, reached.share = 0, ANY
    try:
        with reached.slot(reached.at_once):
            yield
    finally:
        reached.queue, reached.share = before
