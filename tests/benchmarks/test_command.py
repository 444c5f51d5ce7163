"""`python -m benchmarks` as a person runs it; how fast anything is, is not tested."""

import json
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from benchmarks.command import BENCHMARKS, main
from benchmarks.engine import PARTS
from benchmarks.stages import STAGES
from landmarks import models
from landmarks.engines.local import model_files
from tests.benchmarks.conftest import command, run_benchmark
from tests.conftest import BASE_DIR
from tests.patience import PATIENCE

QUICK = ("--rounds", "1", "--memory-photos", "2")

pytestmark = pytest.mark.usefixtures("models_dir")


def make_album(folder: Path, images: Path) -> Path:
    """A folder with two photos and a manifest."""
    folder.mkdir()
    rows = [{"file": "astronaut.jpg", "n_faces": 1, "tags": ["portrait"]}, {"file": "two_people.jpg", "n_faces": 2}]
    for row in rows:
        shutil.copy(images / row["file"], folder)
    (folder / "manifest.json").write_text(json.dumps(rows))
    return folder


@pytest.fixture
def album(images, tmp_path):
    return make_album(tmp_path / "album", images)


@pytest.fixture(scope="module")
def reports(images, models_dir, tmp_path_factory):
    """Engine and peers, measured once: the exit status, the text and the JSON of each."""
    folder = tmp_path_factory.mktemp("reports")
    album = make_album(folder / "album", images)

    def run(name: str, *arguments: str) -> tuple[int, str, Any]:
        done = run_benchmark(name, album, *arguments, "--json", folder / f"{name}.json")
        return done.returncode, done.stdout, json.loads((folder / f"{name}.json").read_text())

    return {"engine": run("engine", *QUICK), "peers": run("peers")}


@pytest.fixture
def benchmark(capsys):
    """Run it in this process; its exit status and what was written to standard output and standard error."""

    def run(*arguments: object) -> tuple[int, str, str]:
        status = main([*map(str, arguments)])
        return (status, *capsys.readouterr())

    return run


def test_reports_all_parts_of_the_engine_as_text_and_json(reports):
    status, out, report = reports["engine"]
    figures = report["figures"]
    assert (status, report["benchmark"], report["conditions"]["faces"]) == (0, "engine", 3)
    assert set(figures) == {*PARTS, "by_photo"}
    assert set(figures["speed"]) == set(STAGES)
    assert set(figures["by_photo"]) == {"astronaut.jpg", "two_people.jpg"}
    assert {figures["accuracy"][tag]["recall"]["median"] for tag in ("all", "portrait")} == {100}
    for word in ("processor", *STAGES, "2 threads", "first answer", "MB", "recall %"):
        assert word in out


def test_reports_the_engine_beside_its_peers(reports):
    status, out, report = reports["peers"]
    assert status == 0
    assert report["figures"]["programs"]["facesite"]["recall"]["median"] == 100
    for name in ("mediapipe", "dlib"):
        assert report["conditions"][name] != "missing" or f"{name} is not installed" in out


@pytest.mark.parametrize("name", ["engine", "peers"])
def test_every_figure_is_explained(reports, name):
    documented = set(re.findall(r"`([a-z0-9_]+)`", (BASE_DIR / "docs/benchmark.md").read_text()))
    figures = reports[name][2]["figures"]
    assert {*figures, *(each for table in figures.values() for row in table.values() for each in row)} <= documented


@pytest.mark.django_db
def test_only_the_parts_that_are_requested_are_measured(benchmark, album):
    _, out, _ = benchmark("engine", album, "--only", "accuracy", "--json", "-")
    assert set(json.loads(out)["figures"]) == {"accuracy"}


@pytest.mark.django_db
def test_takes_the_bundled_photos_where_no_folder_is_named(benchmark):
    _, out, _ = benchmark("engine", "--photos", 1, "--rounds", 1, "--only", "speed")
    assert "1 of static/samples" in out


@pytest.mark.django_db(transaction=True)
def test_nothing_is_kept(benchmark, album):
    before = everything_in(settings.DATA_DIR)
    benchmark("engine", album, "--only", "speed", "--rounds", 1)
    assert models.Result.objects.count() == 0
    assert everything_in(settings.DATA_DIR) == before


def everything_in(folder: Path) -> set[Path]:
    """All files except the database's."""
    return {path for path in folder.rglob("*") if "sqlite3" not in path.name}


@pytest.mark.django_db
def test_a_file_that_cannot_be_read_is_reported_and_counts_as_faces_not_found(benchmark, album):
    (album / "two_people.jpg").write_bytes(b"no photo")
    status, out, _ = benchmark("engine", album, "--only", "accuracy")
    assert status == 0
    assert "Not read:" in out
    assert "33.33" in out


def test_photos_none_of_which_can_be_read_are_exit_status_1(benchmark, album):
    for path in album.glob("*.jpg"):
        path.write_bytes(b"no photo")
    status, out, err = benchmark("engine", album, "--only", "accuracy")
    assert (status, out) == (1, "")
    assert "None of these photos can be read" in err


def test_wrong_usage_is_a_sentence_and_exit_status_2(benchmark, album, tmp_path):
    def usage_error(*arguments: object) -> str:
        status, out, err = benchmark("engine", *arguments)
        assert (status, out) == (2, "")
        return err

    (tmp_path / "empty").mkdir()
    assert "is not a folder" in usage_error(tmp_path / "none")
    assert "There is no photo in" in usage_error(tmp_path / "empty")
    assert "Accuracy needs a folder" in usage_error("--only", "accuracy")
    assert "can't be written" in usage_error("--json", tmp_path / "none" / "report.json")
    assert "can't be written" in usage_error("--json", tmp_path)
    assert "is one of the photos" in usage_error(album, "--json", album / "manifest.json")
    assert "is one of the photos" in usage_error(album, "--json", album / "astronaut.jpg")
    (album / "manifest.json").write_text("{")
    assert "isn't a manifest" in usage_error(album)


@pytest.mark.parametrize(
    "line",
    ["", "nothing", "engine --rounds 0", "engine --only x", "peers --only speed", "api a b", "load --seconds x"],
)
def test_wrong_options_are_exit_status_2(line, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(line.split())
    assert stopped.value.code == 2
    assert "usage: python -m benchmarks" in capsys.readouterr().err


@pytest.mark.parametrize("name", BENCHMARKS)
def test_every_benchmark_has_help_and_takes_the_same_arguments(name, capsys):
    with pytest.raises(SystemExit) as stopped:
        main([name, "--help"])
    assert stopped.value.code == 0
    shown = capsys.readouterr().out
    assert "[FOLDER]" in shown
    assert "--json FILE" in shown


def test_model_files_that_cannot_be_fetched_are_exit_status_1(tmp_path):
    done = run_benchmark("engine", MODELS_DIR=str(tmp_path), PIP_NO_INDEX="1", PIP_FIND_LINKS="")
    assert done.returncode == 1
    assert "could not be downloaded" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_model_file_is_exit_status_1(tmp_path):
    for each in model_files.ALL:
        (tmp_path / each.name).write_bytes(b"no model")
    done = run_benchmark("peers", MODELS_DIR=str(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert "manage.py fetch_models" in done.stderr
    assert "Traceback" not in done.stderr


def let_ctrl_c_through() -> None:
    """Tests that a shell runs in the background inherit that it means nothing."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_ctrl_c_ends_it_cleanly():
    with subprocess.Popen(
        command("engine", "--only", "memory"),
        cwd=BASE_DIR,
        env=os.environ,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        process_group=0,
        preexec_fn=let_ctrl_c_through,
    ) as run:
        assert run.stderr
        assert run.stderr.readline()  # the first pass has begun
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=PATIENCE)
    assert run.returncode == 130
    assert err.endswith("Stopped; nothing was kept.\n")
    assert "Traceback" not in err
    assert out == ""
