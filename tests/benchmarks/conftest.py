"""What the tests of the benchmarks share: real photos after a first pass, and the command as a person runs it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.first_pass import Analyzed, Setup, analyze
from landmarks.core.finding import Options
from landmarks.engines.local.engine import LocalEngine
from landmarks.photos.photo import PhotoLimits
from tests.conftest import BASE_DIR


def progress(items, what):
    """Shows nothing."""
    return items


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "benchmarks", *map(str, arguments)]


def run_benchmark(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    return subprocess.run(
        command(*arguments), cwd=BASE_DIR, env=os.environ | environment, capture_output=True, text=True
    )


def report_of(*arguments: object, **environment: str) -> Any:
    """The JSON that the command writes to standard output."""
    done = run_benchmark(*arguments, "--json", "-", **environment)
    # Shown where the test fails.
    sys.stderr.write(done.stderr)
    assert "Traceback" not in done.stderr, done.stderr
    assert done.stdout, f"Exit status {done.returncode}: {done.stderr}"
    return json.loads(done.stdout)


@pytest.fixture(scope="session")
def setup(models_dir: Path) -> Setup:
    return Setup(models_dir, PhotoLimits(10**8, 10**8), Options(max_faces=100))


@pytest.fixture(scope="session")
def engine(models_dir: Path) -> LocalEngine:
    return LocalEngine(models_dir)


@pytest.fixture(scope="session")
def photos(images: Path, setup: Setup, engine: LocalEngine) -> list[Analyzed]:
    return [analyze(images / name, setup, engine) for name in ("astronaut.jpg", "two_people.jpg")]


@pytest.fixture
def storage() -> "Storage":
    return Storage()


class Storage:
    """Counts what is stored and deleted again."""

    def __init__(self) -> None:
        self.stored = self.deleted = 0

    def store(self, photo, finding) -> Callable[[], None]:
        self.stored += 1

        def delete() -> None:
            self.deleted += 1

        return delete
