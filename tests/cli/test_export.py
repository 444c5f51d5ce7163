"""`manage.py export` and `analyze --export`: one complete file, or a sentence that says why there is none."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from landmarks.exports.formats import Can
from landmarks.exports.registry import FORMATS
from landmarks.models import Face, Owner, Result
from tests.conftest import BASE_DIR
from tests.exports.samples import known, unpacked
from tests.rows import make_owner, make_result

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def three() -> list[Result]:
    results = []
    for name, owner in (("a", "ann"), ("b", "bob"), ("c", make_owner("scanner", Owner.Kind.TOKEN))):
        result = make_result(name=f"{name}.jpg", owner=owner, face_count=1)
        Face.objects.create(result=result, number=1, **known().faces[0].to_dict())
        results.append(result)
    return results


def names(file: Path) -> list[str]:
    return [row["source"] for row in csv.DictReader(io.StringIO(file.read_text()))]


# --- results that are kept -------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_everything_leaves(three: list[Result], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "all.csv"
    call_command("export", "csv-wide", str(file))
    assert names(file) == ["c.jpg", "b.jpg", "a.jpg"]
    assert "3 results exported as csv-wide." in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["all.csv"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--words", "b"], ["b.jpg"]),
        (["--owner", "scanner"], ["c.jpg"]),
        (["--count", "1", "--engine", "local"], ["c.jpg", "b.jpg", "a.jpg"]),
        (["--until", "2026-03-01"], ["c.jpg", "b.jpg", "a.jpg"]),
    ],
    ids=["words", "owner", "two", "day"],
)
def test_what_is_selected_leaves(
    three: list[Result], tmp_path: Path, arguments: list[str], expected: list[str]
) -> None:
    call_command("export", "csv-wide", str(tmp_path / "some.csv"), *arguments)
    assert names(tmp_path / "some.csv") == expected


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name, each in FORMATS.items() if not each.needs_photo])
def test_every_format_leaves_with_every_option_that_it_has(three: list[Result], tmp_path: Path, name: str) -> None:
    sizes = []
    for scheme in ("face90", "wflw98", "five") if Can.SCHEME in FORMATS[name].can else ("",):
        file = tmp_path / f"{name}-{scheme}"
        call_command("export", name, str(file), *(["--scheme", scheme] if scheme else []))
        sizes.append(file.stat().st_size)
    assert all(sizes) and len(set(sizes)) == len(sizes)


@pytest.mark.django_db
def test_ids_select(three: list[Result], tmp_path: Path) -> None:
    call_command("export", "csv-wide", str(tmp_path / "some.csv"), "--ids", f"{three[0].pk},{three[1].pk}")
    assert names(tmp_path / "some.csv") == ["b.jpg", "a.jpg"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["docx", "x"], "This format doesn't exist."),
        (["json", "x", "--scheme", "face90"], "The format json has no option scheme."),
        (["csv", "x", "--since", "soon"], "isn't a date"),
        (["csv", "x", "--ids", "x"], "Of the 1 selected results, 1 don't exist"),
        (["csv", "x", "--owner", "nobody"], "No token called nobody"),
        (["csv", "x", "--words", "nothing"], "There is no result to export."),
        (["csv", "there"], "there exists."),
        (["csv", "missing/x"], "The export cannot be written: No such file or directory."),
    ],
    ids=["format", "option", "filter", "id", "owner", "none", "exists", "folder"],
)
def test_wrong_usage_is_explained(
    three: list[Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").write_text("kept")
    with pytest.raises(CommandError, match=sentence.replace(".", r"\.")):
        call_command("export", *arguments)
    assert (tmp_path / "there").read_text() == "kept"
    assert {path.name for path in tmp_path.iterdir()} <= {"there", "media"}


@pytest.mark.django_db
def test_a_file_is_replaced_on_request(three: list[Result], tmp_path: Path) -> None:
    (tmp_path / "x").write_text("old")
    call_command("export", "json", str(tmp_path / "x"), "--overwrite")
    assert [answer["source"] for answer in json.loads((tmp_path / "x").read_text())] == ["c.jpg", "b.jpg", "a.jpg"]


# --- photos ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def analyze(models_dir: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: Any) -> tuple[int, str]:
        status = 0
        try:
            call_command("analyze", *map(str, arguments))
        except SystemExit as stop:
            status = int(stop.code or 0)
        return status, capsys.readouterr().err

    return run


def test_photos_are_exported_while_they_are_analysed(analyze: Run, images: Path, tmp_path: Path) -> None:
    (tmp_path / "no.jpg").write_text("no photo")
    file = tmp_path / "faces.npz"
    photos = [images / "two_people.jpg", tmp_path / "no.jpg", images / "astronaut.jpg"]
    status, err = analyze(*photos, "--export", "npz", file)
    assert status == 1
    assert "2 of 3 photos done, 3 faces found." in err
    with np.load(file) as arrays:
        assert arrays["points"].shape == (3, 90, 2)
        assert arrays["source"].tolist() == [str(photos[0])] * 2 + [str(photos[2])]


def test_an_archive_holds_upright_copies(analyze: Run, images: Path, tmp_path: Path) -> None:
    file = tmp_path / "album.zip"
    photos = [images / "astronaut.jpg", images / "rocket.jpg", images / "astronaut.jpg"]
    assert analyze(*photos, "--export", "zip", file, "--formats", "coco")[0] == 0
    files = unpacked(file.read_bytes())
    coco = json.loads(files.pop("annotations/person_keypoints_default.json"))
    assert list(files) == ["images/astronaut.jpg", "images/rocket.jpg", "images/2-astronaut.jpg"]
    assert [f"images/{image['file_name']}" for image in coco["images"]] == list(files)
    assert len(coco["annotations"]) == 2


def test_several_faces_are_an_archive_which_is_said(analyze: Run, images: Path, tmp_path: Path) -> None:
    file = tmp_path / "faces.pts"
    status, err = analyze(images / "two_people.jpg", "--export", "pts", file)
    assert status == 0 and f"{file} is a ZIP archive" in err
    assert list(unpacked(file.read_bytes())) == ["two_people_1.pts", "two_people_2.pts"]
    assert analyze(images / "astronaut.jpg", "--export", "pts", file, "--overwrite")[0] == 0
    assert file.read_text().startswith("version: 1\n")


@pytest.mark.parametrize("name", ["png", "jpg", "svg"])
def test_pictures_have_the_points_of_the_scheme(analyze: Run, images: Path, tmp_path: Path, name: str) -> None:
    for scheme in ("face90", "five"):
        assert analyze(images / "astronaut.jpg", "--export", name, tmp_path / scheme, "--scheme", scheme)[0] == 0
    assert (tmp_path / "five").read_bytes() != (tmp_path / "face90").read_bytes()


def test_an_export_can_be_piped(models_dir: Path, images: Path) -> None:
    command = [sys.executable, "manage.py", "analyze", images / "astronaut.jpg", "--export", "coco", "-"]
    done = subprocess.run(command, cwd=BASE_DIR, capture_output=True, check=True)
    assert json.loads(done.stdout)["images"][0]["file_name"] == "astronaut.jpg"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--scheme", "face90"], "The option scheme is for --export."),
        (["--export", "docx", "x"], "This format doesn't exist."),
        (["--export", "csv", "x", "--jsonl", "y", "--resume"], "can't go on with an earlier run"),
        (["--export", "csv", "-", "--jsonl", "-"], "cannot both write to standard output"),
    ],
    ids=["alone", "format", "resume", "twice"],
)
def test_wrong_usage_of_analyze_is_explained(
    images: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match=sentence) as caught:
        call_command("analyze", str(images / "astronaut.jpg"), *arguments)
    assert caught.value.returncode == 2
    assert not (tmp_path / "x").exists()
