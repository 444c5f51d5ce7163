"""How runs are repeated, timed and spread over threads."""

import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

Item = TypeVar("Item")


class Progress(Protocol):
    """Yields items one by one and shows how many are left."""

    def __call__(self, items: Sequence[Item], what: str) -> Iterable[Item]: ...


@dataclass
class Stopwatch:
    """Adds up the seconds of each stage of one run."""

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] += time.perf_counter() - started


def timed(action: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Seconds that an action takes."""
    started = clock()
    action()
    return clock() - started


def rounds_for(count: int, wanted: int) -> int:
    """How often to repeat so many items so that at least `wanted` runs are made."""
    return max(1, math.ceil(wanted / max(1, count)))


def run_in_threads(items: Iterable[Item], threads: int, work: Callable[[Item], object]) -> None:
    """Work on all items, and raise what the first failure raised."""
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(work, item) for item in items]:
            done.result()
