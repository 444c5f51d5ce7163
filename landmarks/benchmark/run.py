"""One run of the benchmark: each part that was asked for, one after the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

import numpy as np

from landmarks.benchmark.accuracy import Score, score
from landmarks.benchmark.album import SAMPLES, Album
from landmarks.benchmark.machine import this_machine
from landmarks.benchmark.peers import installed_peers
from landmarks.benchmark.process import STARTS, Memory, measure_memory, time_starts
from landmarks.benchmark.report import Photos, Report
from landmarks.benchmark.sidebyside import SideBySide, run_side_by_side
from landmarks.benchmark.stages import (
    GOES,
    Bench,
    Keep,
    Look,
    StageTimes,
    Throughput,
    look_at,
    measure_threads,
    time_stages,
)
from landmarks.benchmark.timing import Spread, Watch
from landmarks.engines import Engine, load_engine
from landmarks.errors import PhotoError

PARTS = ("speed", "threads", "start", "memory", "accuracy", "peers")


@dataclass(frozen=True)
class Plan:
    """What is measured, and how often; None leaves that to the measurement."""

    parts: frozenset[str]
    rounds: int | None
    memory_photos: int


class Run:
    """Photos, plan and engine of one run; each part is a method."""

    def __init__(self, album: Album, plan: Plan, bench: Bench, keep: Keep, watch: Watch) -> None:
        self.album, self.plan, self.bench, self.keep, self.watch = album, plan, bench, keep, watch
        self.engine: Engine = load_engine("local", models_dir=bench.models_dir)
        self.unread: dict[str, str] = {}

    def report(self) -> Report:
        """Raises PhotoError when none of the photos can be read, EngineError when the engine cannot run."""
        looks = self.looks
        if not looks:
            raise PhotoError("None of these photos can be read. Run `manage.py analyze` on them to see why.")
        parts = {part: getattr(self, part)() for part in PARTS if part in self.plan.parts}
        faces = sum(len(look.faces) for look in looks)
        photos = Photos(self.album.name, len(looks), faces, self.bench.options.rotate, self.unread)
        date = datetime.now(UTC).isoformat(timespec="seconds")
        return Report(date, this_machine(self.engine.version), photos, **parts)

    @cached_property
    def looks(self) -> list[Look]:
        """A first look at each photo, which also warms the engine and the disk's cache."""
        return list(self._look_at_all())

    def _look_at_all(self) -> Iterator[Look]:
        for path in self.watch(self.album.paths, "first look"):
            try:
                yield look_at(path, self.bench, self.engine)
            except PhotoError as exc:
                self.unread[str(path)] = exc.message

    def speed(self) -> StageTimes:
        return time_stages(self.looks, self.bench, self.keep, self.plan.rounds, self.watch)

    def threads(self) -> tuple[Throughput, ...]:
        return measure_threads(self.looks, self.bench, self.engine, self.plan.rounds or GOES, self.watch)

    def start(self) -> Spread:
        portrait = next((look for look in self.looks if len(look.faces) == 1), self.looks[0])
        return time_starts(portrait.path, self.bench, self.plan.rounds or STARTS, self.watch)

    def memory(self) -> Memory:
        return measure_memory([look.path for look in self.looks], self.bench, self.plan.memory_photos, self.watch)

    def accuracy(self) -> dict[str, Score] | None:
        if not self.album.truths:
            return None
        points = {look.path: [np.array(face.points) for face in look.faces] for look in self.looks}
        return score((truth, points.get(path, [])) for path, truth in self.album.truths.items())

    def peers(self) -> SideBySide:
        makers = installed_peers(self.bench.models_dir)
        return run_side_by_side(self.looks, self.album.truths, self.bench, self.engine, makers, SAMPLES, self.watch)
