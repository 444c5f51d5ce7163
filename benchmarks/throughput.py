"""How many photos and faces one and two threads analyse in a second."""

import time
from collections.abc import Sequence

from benchmarks.first_pass import Analyzed, Setup
from benchmarks.report import Row, figure
from benchmarks.timing import Progress, rounds_for, run_in_threads
from landmarks.engines.base import Engine

THREADS = (1, 2)
BATCH = 32
"""Fewest photos in one batch, so that the last one, with one thread idle, hardly counts."""


def measure_threads(
    photos: Sequence[Analyzed], setup: Setup, engine: Engine, rounds: int, progress: Progress
) -> dict[str, Row]:
    """From a file's bytes to its points, one and two threads in turn."""
    batch = list(photos) * rounds_for(len(photos), BATCH)
    seconds: dict[int, list[float]] = {threads: [] for threads in THREADS}
    for threads in progress([*THREADS] * rounds, "threads"):
        seconds[threads].append(time_batch(batch, setup, engine, threads))
    counts = {"photos": len(batch), "faces": sum(len(photo.faces) for photo in batch)}
    return {
        f"{name}, {threads} thread{'s' if threads > 1 else ''}": {
            "rate": figure([count / each for each in seconds[threads]], "1/s")
        }
        for name, count in counts.items()
        for threads in THREADS
    }


def time_batch(batch: Sequence[Analyzed], setup: Setup, engine: Engine, threads: int) -> float:
    """Raises PhotoError, OSError or EngineError."""
    started = time.perf_counter()
    run_in_threads(batch, threads, lambda photo: engine.find(setup.read(photo.path), setup.options))
    return time.perf_counter() - started
