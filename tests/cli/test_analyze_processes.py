"""`manage.py analyze` with many photos: several processes, and bounded memory."""

import json
import os
import subprocess
import sys
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from landmarks.cli import batch
from landmarks.cli.batch import PHOTOS_PER_PROCESS
from tests.conftest import BASE_DIR
from tests.photos.bombs import png_of_noise

RUN_AND_TELL_MEMORY = """
import sys
from django.core.management import execute_from_command_line
from tests import patient
patient.take_time()
execute_from_command_line(sys.argv)
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""

pytestmark = pytest.mark.usefixtures("models_dir")


@pytest.fixture
def many(images, tmp_path) -> Path:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(2 * PHOTOS_PER_PROCESS):
        name = ("astronaut.jpg", "rocket.jpg", "two_people.jpg")[number % 3]
        (folder / f"{number:02}-{name}").write_bytes((images / name).read_bytes())
    (folder / "05-bad.jpg").write_bytes(b"no photo")
    return folder


def without_time(path: Path) -> list[dict]:
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    return [{name: value for name, value in row.items() if name != "elapsed_ms"} for row in rows]


def test_two_processes_write_what_one_writes(analyze, many, tmp_path):
    for jobs in (1, 2):
        outputs = ["--jsonl", tmp_path / f"{jobs}.jsonl", "--csv", tmp_path / f"{jobs}.csv"]
        status, _, err = analyze(many, "--jobs", jobs, *outputs, "--extras", "--overlays", tmp_path / str(jobs))
        assert status == 1
        assert "16 of 17 photos done, 16 faces found" in err
    assert without_time(tmp_path / "1.jsonl") == without_time(tmp_path / "2.jsonl")
    assert (tmp_path / "1.csv").read_text() == (tmp_path / "2.csv").read_text()
    pictures = [{path.name: path.read_bytes() for path in (tmp_path / jobs).iterdir()} for jobs in "12"]
    assert pictures[0] == pictures[1]
    assert len(pictures[0]) == 16


def test_photos_wait_for_an_earlier_one_within_bounds(monkeypatch):
    """Those that are done are not collected without end while the reader of the output is slow."""
    begun = []

    class Pool:
        def __init__(self, *args: object) -> None: ...

        def submit(self, work: object, task: int) -> "Future[int]":
            begun.append(task)
            future: Future[int] = Future()
            future.set_result(task)
            return future

        def shutdown(self, **options: object) -> None: ...

    monkeypatch.setattr(batch, "ProcessPoolExecutor", Pool)
    for number, task in enumerate(batch.in_processes(range(100), 2)):
        assert task == number
        assert len(begun) <= number + 2 * batch.AHEAD
    assert len(begun) == 100


def test_a_process_that_is_killed_ends_the_run_with_a_sentence(many, tmp_path, monkeypatch):
    def broken(tasks: object, processes: int) -> None:
        raise BrokenProcessPool

    monkeypatch.setattr(batch, "in_processes", broken)
    with pytest.raises(CommandError, match="--resume"):
        call_command("analyze", str(many), "--jobs", "2", "--jsonl", str(tmp_path / "out"))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="there is no /proc")
@pytest.mark.slow
def test_holds_no_more_than_one_large_photo_at_a_time(images, models_dir, tmp_path):
    large = [tmp_path / name for name in ("1.png", "2.png")]
    for number, path in enumerate(large):
        path.write_bytes(png_of_noise(number))
    run = subprocess.run(
        [sys.executable, "-c", RUN_AND_TELL_MEMORY, "analyze", *large, "--overlays", tmp_path / "drawn"],
        cwd=BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "facesite.settings", "MODELS_DIR": str(models_dir)},
        capture_output=True,
        check=True,
        text=True,
    )
    assert len(list((tmp_path / "drawn").iterdir())) == 2
    assert int(run.stdout.splitlines()[-1]) < 600 * 1024
