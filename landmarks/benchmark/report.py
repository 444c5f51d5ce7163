"""What a run of the benchmark found, and how it reads as JSON."""

from dataclasses import asdict, dataclass
from typing import Any

from landmarks.benchmark.accuracy import Score
from landmarks.benchmark.machine import Machine
from landmarks.benchmark.process import Memory
from landmarks.benchmark.sidebyside import SideBySide
from landmarks.benchmark.stages import StageTimes, Throughput
from landmarks.benchmark.timing import Spread


@dataclass(frozen=True)
class Photos:
    """What the run was made over."""

    folder: str
    count: int
    faces: int
    """That the engine sees."""
    rotate: bool
    unread: dict[str, str]
    """Why, for each file that could not be read."""


@dataclass(frozen=True)
class Report:
    """Parts that were not asked for, or that the photos do not allow, are None."""

    date: str
    machine: Machine
    photos: Photos
    speed: StageTimes | None = None
    threads: tuple[Throughput, ...] | None = None
    start: Spread | None = None
    memory: Memory | None = None
    accuracy: dict[str, Score] | None = None
    """By group of photos, "all" first."""
    peers: SideBySide | None = None


def to_json(report: Report) -> dict[str, Any]:
    return asdict(report)
