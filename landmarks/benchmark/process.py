"""What a fresh process needs: the time to its first answer, and its memory over many photos."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from landmarks.benchmark.album import PROJECT
from landmarks.benchmark.stages import Bench
from landmarks.benchmark.timing import Spread, Watch, spread
from landmarks.errors import EngineError

STARTS = 7
MOST_PHOTOS = 20
"""Different photos in the memory run; more would not fit on every system's command line."""
MB = 1_000_000


@dataclass(frozen=True)
class Memory:
    """Resident memory of a process that only analyses, in millions of bytes."""

    photos: int
    after_1_mb: float
    after_100_mb: float | None
    """None where fewer photos were looked at."""
    at_end_mb: float
    peak_mb: float
    growth_percent: float | None
    """From photo 100 to the last."""


def time_starts(path: Path, bench: Bench, starts: int, watch: Watch) -> Spread:
    """From nothing to the first answer: Python, imports, model files, one photo."""
    return spread([time_start(path, bench) for _ in watch(range(starts), "start")])


def time_start(path: Path, bench: Bench) -> float:
    started = time.perf_counter()
    with probe(bench, 1, [path]) as lines:
        next_answer(lines)
        return time.perf_counter() - started


def measure_memory(paths: Sequence[Path], bench: Bench, count: int, watch: Watch) -> Memory:
    with probe(bench, count, paths[:MOST_PHOTOS]) as lines:
        answers = [next_answer(lines) for _ in watch(range(count), "memory")]
    resident = [answer["resident"] / MB for answer in answers]
    hundredth = resident[99] if count >= 100 else None
    return Memory(
        photos=count,
        after_1_mb=round(resident[0], 1),
        after_100_mb=round(hundredth, 1) if hundredth else None,
        at_end_mb=round(resident[-1], 1),
        peak_mb=round(answers[-1]["peak"] / MB, 1),
        growth_percent=round((resident[-1] / hundredth - 1) * 100, 2) if hundredth else None,
    )


@contextmanager
def probe(bench: Bench, count: int, paths: Sequence[Path]) -> Iterator[IO[str]]:
    """The lines that a process of its own writes, one a photo; it is gone when they are no longer read."""
    limits = (bench.limits.max_bytes, bench.limits.max_pixels)
    names = [str(path.resolve()) for path in paths]
    words = [str(bench.models_dir), *map(str, limits), str(count), *names]
    command = [sys.executable, "-m", "landmarks.benchmark.probe", *words]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as run:  # noqa: S603 (our own module, names of files)
        try:
            assert run.stdout  # noqa: S101 (for the type checker)
            yield run.stdout
        finally:
            run.kill()


def next_answer(lines: IO[str]) -> dict[str, int]:
    line = lines.readline()
    if not line:
        raise EngineError("The process that was to be measured ended early. Run `manage.py analyze` on these photos.")
    answer: dict[str, int] = json.loads(line)
    return answer
