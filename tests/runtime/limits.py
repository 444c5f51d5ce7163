"""Limits to test with, and limits that are reached."""

from collections.abc import Iterator
from contextlib import contextmanager

from landmarks.runtime.concurrency import ANY, Limit

PATIENCE = 30.0


def limit(at_once: int = 1, patience: float = PATIENCE, queue: int = ANY) -> Limit:
    return Limit("testing", at_once, queue, patience, "busy_detecting")


@contextmanager
def full(reached: Limit) -> Iterator[None]:
    """All slots are taken, and nobody may wait for one."""
    queue, reached.queue = reached.queue, 0
    try:
        with reached.slot(reached.at_once):
            yield
    finally:
        reached.queue = queue
