"""How long each stage takes from a photo's bytes to a stored result."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.first_pass import Analyzed, Setup
from benchmarks.timing import Progress, Stopwatch
from landmarks.core.finding import Finding
from landmarks.drawing.raster import draw_overlay
from landmarks.engines.local.engine import LocalEngine, Models
from landmarks.photos.decode import read_photo
from landmarks.photos.photo import Photo

STAGES = ("decode", "detect", "mesh", "points", "draw", "store", "whole")
"""`points` is the engine's time outside detect and mesh; `whole` is the sum of the others."""
STAGE_OF_MODEL = {"detector": "detect", "mesh": "mesh", "expressions": "points"}
"""The stage to which the time in each of the engine's models belongs."""
REST = "points"

Store = Callable[[Photo, Finding], Callable[[], object]]
"""Stores a photo with its faces, and returns what deletes it again."""
Runs = dict[Path, list[dict[str, float]]]
"""Seconds of each stage in each run over a photo."""


class TimedModel:
    """One of the engine's models whose calls are timed; the rest of it is unchanged."""

    def __init__(self, model: object, stopwatch: Callable[[], Stopwatch], stage: str) -> None:
        self._model, self._stopwatch, self._stage = model, stopwatch, stage

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._model, name)
        if not callable(attribute):
            return attribute

        def call(*args: Any, **kwargs: Any) -> Any:
            with self._stopwatch().stage(self._stage):
                return attribute(*args, **kwargs)

        return call


class TimedEngine(LocalEngine):
    """The embedded engine with a stopwatch around its models; for one thread."""

    def __init__(self, models_dir: Path) -> None:
        super().__init__(models_dir)
        self.stopwatch = Stopwatch()
        models = Models(models_dir)
        for name, stage in STAGE_OF_MODEL.items():
            if stage != REST:
                setattr(models, name, TimedModel(getattr(models, name), lambda: self.stopwatch, stage))
        self._free.append(models)


def time_stages(photos: Sequence[Analyzed], setup: Setup, store: Store, rounds: int, progress: Progress) -> Runs:
    """Run over the photos round by round, so that other load on the machine affects all of them alike."""
    engine = TimedEngine(setup.models_dir)
    runs: Runs = {photo.path: [] for photo in photos}
    for photo in progress(list(photos) * rounds, "stages"):
        runs[photo.path].append(time_one(photo.path, setup, engine, store))
    return runs


def time_one(path: Path, setup: Setup, engine: TimedEngine, store: Store) -> dict[str, float]:
    """Seconds of each stage of one run."""
    content = path.read_bytes()
    stopwatch = engine.stopwatch = Stopwatch()
    with stopwatch.stage("decode"):
        photo = read_photo(content, setup.limits)
    with stopwatch.stage("find"):
        finding = engine.find(photo, setup.options)
    with stopwatch.stage("draw"):
        draw_overlay(photo.image, finding.faces)
    with stopwatch.stage("store"):
        delete = store(photo, finding)
    delete()
    seconds = stopwatch.seconds
    seconds[REST] = seconds["find"] - seconds["detect"] - seconds["mesh"]
    seconds["whole"] = sum(seconds[stage] for stage in ("decode", "find", "draw", "store"))
    return seconds
