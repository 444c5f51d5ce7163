"""Times of many runs, and what is told of them."""

import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

import numpy as np

Thing = TypeVar("Thing")


class Watch(Protocol):
    """Hands things on one by one and shows how far it is."""

    def __call__(self, things: Sequence[Thing], what: str) -> Iterable[Thing]: ...


@dataclass(frozen=True)
class Spread:
    """What half and what nearly all of the runs stay below, in milliseconds."""

    median_ms: float
    p95_ms: float


def spread(seconds: Sequence[float]) -> Spread:
    """Raises ValueError for no times at all."""
    if not seconds:
        raise ValueError("nothing was timed")
    return Spread(*(round(float(np.percentile(seconds, share)) * 1000, 2) for share in (50, 95)))


@dataclass
class Clock:
    """Adds up what each stage of one run takes."""

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] += time.perf_counter() - started


def timed(action: Callable[[], object]) -> float:
    """Seconds that it takes."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def rounds_for(count: int, wanted: int) -> int:
    """How often to go over so many things that at least `wanted` are done in all."""
    return max(1, math.ceil(wanted / max(1, count)))
