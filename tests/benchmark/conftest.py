"""What the tests of the benchmark share: real photos, looked at once."""

from collections.abc import Callable
from pathlib import Path

import pytest
from landmarks.intake.photo import PhotoLimits

from landmarks.benchmark.stages import Bench, Look, look_at
from landmarks.engines import Options
from landmarks.engines.local.engine import LocalEngine


def watch(things, what):
    """Shows nothing."""
    return things


@pytest.fixture(scope="session")
def bench(models_dir: Path) -> Bench:
    return Bench(models_dir, PhotoLimits(10**8, 10**8), Options(max_faces=100))


@pytest.fixture(scope="session")
def engine(models_dir: Path) -> LocalEngine:
    return LocalEngine(models_dir)


@pytest.fixture(scope="session")
def looks(images: Path, bench: Bench, engine: LocalEngine) -> list[Look]:
    return [look_at(images / name, bench, engine) for name in ("astronaut.jpg", "two_people.jpg")]


@pytest.fixture
def shelf() -> "Shelf":
    return Shelf()


class Shelf:
    """Where photos are kept and taken away again."""

    def __init__(self) -> None:
        self.kept = self.taken_away = 0

    def keep(self, photo, finding) -> Callable[[], None]:
        self.kept += 1

        def take_away() -> None:
            self.taken_away += 1

        return take_away
