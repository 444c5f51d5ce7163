"""`manage.py benchmark` as a person runs it; how fast anything is, is not tested."""

import json
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from landmarks import models
from landmarks.benchmark.run import PARTS
from landmarks.benchmark.stages import STAGES

BASE_DIR = Path(__file__).resolve().parent.parent
QUICK = ("--rounds", "1", "--memory-photos", "2")
NAMES_OF_THINGS = {"packages", "unread"}
"""Fields whose keys are names of packages and files."""

pytestmark = pytest.mark.usefixtures("models_dir")


@pytest.fixture
def album(images, tmp_path):
    """A folder with two photos and a manifest."""
    folder = tmp_path / "album"
    folder.mkdir()
    rows = [{"file": "astronaut.jpg", "n_faces": 1, "tags": ["portrait"]}, {"file": "two_people.jpg", "n_faces": 2}]
    for row in rows:
        shutil.copy(images / row["file"], folder)
    (folder / "manifest.json").write_text(json.dumps(rows))
    return folder


@pytest.fixture
def benchmark(capsys):
    """Run it; what was written to standard output and standard error."""

    def run(*arguments: object) -> tuple[str, str]:
        call_command("benchmark", *map(str, arguments))
        return capsys.readouterr()

    return run


def refused(*arguments: object) -> str:
    with pytest.raises(CommandError) as caught:
        call_command("benchmark", *map(str, arguments))
    assert caught.value.returncode == 2
    return str(caught.value)


def fields(value: object) -> set[str]:
    """All names in a JSON value, but for those that are names of things."""
    if isinstance(value, list):
        return set().union(*map(fields, value))
    if not isinstance(value, dict):
        return set()
    return set(value).union(*(fields(each) for name, each in value.items() if name not in NAMES_OF_THINGS))


@pytest.mark.django_db
def test_tells_all_parts_to_people_and_as_json(benchmark, album, tmp_path):
    out, _ = benchmark(album, *QUICK, "--json", tmp_path / "figures.json")
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert set(figures) == {"date", "machine", "photos", *PARTS}
    assert None not in figures.values()
    assert set(figures["speed"]["stages"]) == set(STAGES)
    assert [each["threads"] for each in figures["threads"]] == [1, 2]
    assert figures["memory"]["photos"] == 2
    assert figures["photos"]["faces"] == 3
    assert figures["accuracy"]["all"]["recall"] == figures["accuracy"]["portrait"]["recall"] == 100
    for words in ("processor", *STAGES, "threads", "first answer", "MB", "recall %", "Side by side"):
        assert words in out


@pytest.mark.django_db
def test_every_figure_is_explained(benchmark, album):
    out, _ = benchmark(album, *QUICK, "--json", "-")
    documented = set(re.findall(r"`([a-z0-9_]+)`", (BASE_DIR / "docs/benchmark.md").read_text()))
    sides_and_scenes = {"label", "find", "time_ratio", "recall_ratio", "ratio", "target", "ours_faces", "peer_faces"}
    assert fields(json.loads(out)) - {"portrait", "no face"} | sides_and_scenes <= documented


@pytest.mark.django_db
def test_only_the_parts_that_are_asked_for_are_measured(benchmark, album):
    figures = json.loads(benchmark(album, "--only", "accuracy", "--json", "-")[0])
    assert [part for part in PARTS if figures[part]] == ["accuracy"]


@pytest.mark.django_db
def test_takes_the_bundled_photos_where_no_folder_is_named(benchmark):
    out, _ = benchmark("--photos", 1, "--rounds", 1, "--only", "speed")
    assert "astronaut.jpg" in out
    assert "accuracy" not in out.lower()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_kept(benchmark, album):
    before = everything_in(settings.DATA_DIR)
    benchmark(album, "--only", "speed", "--rounds", 1)
    assert models.Result.objects.count() == 0
    assert everything_in(settings.DATA_DIR) == before


def everything_in(folder: Path) -> set[Path]:
    """All files but those that the database keeps beside itself."""
    return {path for path in folder.rglob("*") if "sqlite3" not in path.name}


@pytest.mark.django_db
def test_a_file_that_cannot_be_read_is_told_and_counts_as_faces_not_found(benchmark, album):
    (album / "two_people.jpg").write_bytes(b"no photo")
    out, _ = benchmark(album, "--only", "accuracy")
    assert "not read:" in out
    assert "33.33" in out


@pytest.mark.django_db
def test_photos_none_of_which_can_be_read_are_a_sentence(album):
    for path in album.glob("*.jpg"):
        path.write_bytes(b"no photo")
    with pytest.raises(CommandError, match="None of these photos can be read") as caught:
        call_command("benchmark", str(album), "--only", "accuracy")
    assert caught.value.returncode == 1


def test_wrong_usage_is_a_sentence(album, tmp_path, images):
    (tmp_path / "empty").mkdir()
    assert "is no folder" in refused(tmp_path / "none")
    assert "There is no photo in" in refused(tmp_path / "empty")
    assert "Accuracy needs a folder" in refused("--only", "accuracy")
    assert "cannot be written" in refused("--json", tmp_path / "none" / "figures.json")
    assert "cannot be written" in refused("--json", tmp_path)
    assert "is one of the photos" in refused(album, "--json", album / "manifest.json")
    assert "is one of the photos" in refused(album, "--json", album / "astronaut.jpg")
    (album / "manifest.json").write_text("{")
    assert "is no manifest" in refused(album)


@pytest.mark.parametrize("arguments", [["--rounds", "0"], ["--only", "nothing"], ["a", "b"], ["--photos", "x"]])
def test_wrong_options_end_with_status_2(arguments):
    run = subprocess.run(command(*arguments), capture_output=True, text=True)
    assert run.returncode == 2
    assert "Traceback" not in run.stderr


def command(*arguments: str) -> list[str]:
    return [sys.executable, str(BASE_DIR / "manage.py"), "benchmark", *arguments]


def let_ctrl_c_through() -> None:
    """Tests that a shell runs in the background inherit that it means nothing."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_ctrl_c_ends_it_cleanly(tmp_path):
    with subprocess.Popen(
        command("--only", "memory"),
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        process_group=0,
        preexec_fn=let_ctrl_c_through,
    ) as run:
        assert run.stderr
        assert run.stderr.readline()  # the mesh's runtime tells that the first photo is looked at
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=60)
    assert run.returncode == 130
    assert err.endswith("Stopped; nothing was kept.\n")
    assert "Traceback" not in err
    assert out == ""
