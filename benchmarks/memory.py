"""What a new process needs: the time to its first answer, and its memory over many photos."""

import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from benchmarks.first_pass import Setup
from benchmarks.process import Child, running
from benchmarks.report import Row, milliseconds, single
from benchmarks.timing import Progress

MOST_PHOTOS = 20
"""Different photos in the memory run; more might not fit on a system's command line."""
MB = 1_000_000


def time_starts(path: Path, setup: Setup, starts: int, progress: Progress) -> dict[str, Row]:
    """From nothing to the first answer: Python, imports, model files, one photo."""
    seconds = [time_start(path, setup) for _ in progress(range(starts), "start")]
    return {"first answer": {"time": milliseconds(seconds)}}


def time_start(path: Path, setup: Setup) -> float:
    started = time.perf_counter()
    with probe(setup, 1, [path]) as child:
        child.read()
        return time.perf_counter() - started


def measure_memory(paths: Sequence[Path], setup: Setup, count: int, progress: Progress) -> dict[str, Row]:
    """Analyse so many photos in a process that does nothing else; raise BenchmarkError when it ends early."""
    with probe(setup, count, paths[:MOST_PHOTOS]) as child:
        return to_rows([child.read() for _ in progress(range(count), "memory")])


def to_rows(answers: Sequence[Mapping[str, int]]) -> dict[str, Row]:
    """Resident memory in millions of bytes, and its growth after photo 100, from the bytes after each photo."""
    resident = [answer["resident"] for answer in answers]
    rows: dict[str, Row] = {"after_1": megabytes(resident[0])}
    if len(resident) >= 100:
        rows["after_100"] = megabytes(resident[99])
    rows |= {"at_end": megabytes(resident[-1]), "peak": megabytes(answers[-1]["peak"])}
    if len(resident) >= 100:
        rows["growth"] = {"memory": single(round((resident[-1] / resident[99] - 1) * 100, 2), "%")}
    return rows


def megabytes(size: int) -> Row:
    return {"memory": single(round(size / MB, 1), "MB")}


def probe(setup: Setup, count: int, paths: Sequence[Path]) -> AbstractContextManager[Child]:
    """A process that reports once a photo."""
    limits = (setup.limits.max_bytes, setup.limits.max_pixels)
    return running("benchmarks.probe", setup.models_dir, *limits, count, *(path.resolve() for path in paths))
