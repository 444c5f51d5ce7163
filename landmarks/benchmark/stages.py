"""How long each stage of a photo's way takes, and how many photos one and two threads look at in a second."""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landmarks.benchmark.timing import Clock, Spread, Watch, rounds_for, spread
from landmarks.drawing.overlay import draw_overlay
from landmarks.engines import Engine, Finding, Options
from landmarks.engines.local.engine import LocalEngine, Models
from landmarks.faces import Face
from landmarks.intake.photo import Photo, PhotoLimits, read_photo
from landmarks.sources import read_file

STAGES = ("decode", "detect", "mesh", "points", "draw", "store", "whole")
"""`points` is all of the engine's time that is neither detect nor mesh; `whole` is the sum of the others."""
STAGE_OF_MODEL = {"detector": "detect", "mesh": "mesh", "expressions": "points"}
"""Which stage the time in each of the engine's models belongs to."""
REST = "points"
WANTED_RUNS = 28
BATCH = 32
"""Photos at least in one go of the threads, so that the last one, with one thread idle, hardly counts."""
GOES = 3

Keep = Callable[[Photo, Finding], Callable[[], object]]
"""Stores a photo with its faces, and gives what takes it away again."""


@dataclass(frozen=True)
class Bench:
    """What all measurements share: where the model files lie, what a photo may be, what is asked of the engine."""

    models_dir: Path
    limits: PhotoLimits
    options: Options

    def read(self, path: Path, *, whole: bool = False) -> Photo:
        """Decode what the engine needs, as where nothing but the points is wanted; raise PhotoError."""
        return read_photo(self.read_bytes(path), self.limits, whole=whole)

    def read_bytes(self, path: Path) -> bytes:
        """Raises PhotoError."""
        return read_file(path, self.limits.max_bytes)


@dataclass(frozen=True)
class Look:
    """A photo that could be read, and the faces that the engine sees in it."""

    path: Path
    width: int
    height: int
    faces: tuple[Face, ...]


def look_at(path: Path, bench: Bench, engine: Engine) -> Look:
    """Raises PhotoError or EngineError."""
    photo = bench.read(path)
    return Look(path, photo.width, photo.height, engine.find(photo, bench.options).faces)


@dataclass(frozen=True)
class PhotoTimes:
    """Medians of one photo."""

    photo: str
    width: int
    height: int
    faces: int
    median_ms: dict[str, float]


@dataclass(frozen=True)
class StageTimes:
    rounds: int
    stages: dict[str, Spread]
    by_photo: tuple[PhotoTimes, ...]


class Timed:
    """One of the engine's models whose calls are timed; everything else of it is as it was."""

    def __init__(self, model: object, clock: Callable[[], Clock], stage: str) -> None:
        self._model, self._clock, self._stage = model, clock, stage

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._model, name)
        if not callable(attribute):
            return attribute

        def call(*args: Any, **kwargs: Any) -> Any:
            with self._clock().stage(self._stage):
                return attribute(*args, **kwargs)

        return call


class TimedEngine(LocalEngine):
    """The embedded engine with a clock around its models; for one thread."""

    def __init__(self, models_dir: Path) -> None:
        super().__init__(models_dir)
        self.clock = Clock()
        models = Models(models_dir)
        for name, stage in STAGE_OF_MODEL.items():
            if stage != REST:
                setattr(models, name, Timed(getattr(models, name), lambda: self.clock, stage))
        self._free.append(models)


def time_stages(looks: Sequence[Look], bench: Bench, keep: Keep, rounds: int | None, watch: Watch) -> StageTimes:
    """Go over the photos round by round, so that whatever else the machine does meets all of them."""
    engine = TimedEngine(bench.models_dir)
    count = rounds or rounds_for(len(looks), WANTED_RUNS)
    times: dict[Path, list[dict[str, float]]] = defaultdict(list)
    for look in watch([look for _ in range(count) for look in looks], "stages"):
        times[look.path].append(time_one(look.path, bench, engine, keep))
    runs = [run for each in times.values() for run in each]
    return StageTimes(
        count,
        {stage: spread([run[stage] for run in runs]) for stage in STAGES},
        tuple(photo_times(look, times[look.path]) for look in looks),
    )


def photo_times(look: Look, runs: list[dict[str, float]]) -> PhotoTimes:
    medians = {stage: spread([run[stage] for run in runs]).median_ms for stage in STAGES}
    return PhotoTimes(look.path.name, look.width, look.height, len(look.faces), medians)


def time_one(path: Path, bench: Bench, engine: TimedEngine, keep: Keep) -> dict[str, float]:
    """Seconds of each stage, once from bytes to a stored result."""
    content = bench.read_bytes(path)
    clock = engine.clock = Clock()
    with clock.stage("decode"):
        photo = read_photo(content, bench.limits)
    with clock.stage("find"):
        finding = engine.find(photo, bench.options)
    with clock.stage("draw"):
        draw_overlay(photo.image, finding.faces)
    with clock.stage("store"):
        take_away = keep(photo, finding)
    take_away()
    seconds = clock.seconds
    seconds[REST] = seconds["find"] - seconds["detect"] - seconds["mesh"]
    seconds["whole"] = sum(seconds[stage] for stage in ("decode", "find", "draw", "store"))
    return seconds


@dataclass(frozen=True)
class Throughput:
    """From a file's bytes to its points, by so many threads that share one engine."""

    threads: int
    photos_per_s: float
    faces_per_s: float


def measure_threads(
    looks: Sequence[Look], bench: Bench, engine: Engine, goes: int, watch: Watch
) -> tuple[Throughput, ...]:
    """One and two threads by turns; the best go of each, since only disturbances make one slower."""
    batch = list(looks) * rounds_for(len(looks), BATCH)
    seconds: dict[int, list[float]] = {1: [], 2: []}
    for threads in watch([*seconds] * goes, "threads"):
        seconds[threads].append(time_batch(batch, bench, engine, threads))
    faces = sum(len(look.faces) for look in batch)
    return tuple(
        Throughput(threads, round(len(batch) / min(runs), 2), round(faces / min(runs), 2))
        for threads, runs in seconds.items()
    )


def time_batch(batch: Sequence[Look], bench: Bench, engine: Engine, threads: int) -> float:
    started = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda look: engine.find(bench.read(look.path), bench.options), batch))
    return time.perf_counter() - started
