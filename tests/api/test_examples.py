"""The examples of the page about the API, as a reader would copy them, against a running site."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from tests.api.servers import make_token
from tests.conftest import missing
from tests.patience import PATIENCE
from tests.server.test_serve import Server, serving

EXAMPLE = re.compile(r'<pre[^>]*data-example="([\w.]+)"[^>]*>(.*?)</pre>', re.DOTALL)
RUNNERS = {"sh": ["bash", "-euo", "pipefail"], "py": [sys.executable], "mjs": ["node"]}
NOSE = re.compile(r"tip of the nose:.*\d+")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Iterator[tuple[Server, str]]:
    folder = tmp_path_factory.mktemp("examples") / "data"
    with serving(folder, models_dir) as running:
        yield running, make_token(folder, "reader", "--rate", "1000/min")


@pytest.fixture(scope="module")
def examples(site: tuple[Server, str]) -> dict[str, str]:
    page = site[0].get("/api/docs").text
    return {name: unescape(text) for name, text in EXAMPLE.findall(page)}


def test_there_is_one_in_each_language_for_each_task(examples: dict[str, str]) -> None:
    assert set(examples) == {f"{task}.{suffix}" for task in ("analyze", "results") for suffix in RUNNERS}


@pytest.mark.parametrize("suffix", RUNNERS)
@pytest.mark.parametrize("task", ["analyze", "results"])
def test_an_example_does_what_it_says(
    site: tuple[Server, str], examples: dict[str, str], images: Path, tmp_path: Path, task: str, suffix: str
) -> None:
    runner = RUNNERS[suffix]
    for needed in {runner[0], "curl"} if suffix == "sh" else {runner[0]}:
        if shutil.which(needed) is None:
            missing(f"{needed} is not installed")
    shutil.copy(images / "astronaut.jpg", tmp_path / "photo.jpg")
    (tmp_path / f"example.{suffix}").write_text(examples[f"{task}.{suffix}"])
    done = subprocess.run(
        [*runner, f"example.{suffix}"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "FACESITE_TOKEN": site[1]},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    bodies = {"analyze.sh": '"face_shape_set"', "results.sh": '"source","face","region","index","x","y"'}
    body = bodies.get(f"{task}.{suffix}")
    assert body in done.stdout if body else NOSE.search(done.stdout)
    if task == "results":
        assert "photo.jpg" in done.stdout


def test_a_reader_without_a_token_is_reported(
    site: tuple[Server, str], examples: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"")
    done = subprocess.run(
        [sys.executable, "-c", examples["analyze.py"]],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "FACESITE_TOKEN": "wrong"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 1
    assert "401" in done.stderr
