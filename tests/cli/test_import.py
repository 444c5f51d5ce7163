"""`manage.py import`: new results for corrected photos, and a sentence for each file that cannot be imported."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from landmarks.core.schema import POINT_NAMES
from landmarks.imports import registry
from landmarks.models import Result
from landmarks.services import exporting
from tests.web.conftest import submit_from

pytestmark = pytest.mark.django_db
BOMB = '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><annotations>&b;</annotations>'
FILE = '<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><annotations></annotations>'
NAMES = ["left_pupil_0", "right_pupil_0"]


def run(path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    try:
        call_command("import", path)
        status = 0
    except SystemExit as exc:
        status = int(exc.code or 0)
    out = capsys.readouterr()
    return status, out.out, out.err


def refused(data: bytes | str, name: str, folder: Path) -> str:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    with pytest.raises(CommandError) as caught:
        call_command("import", path)
    return str(caught.value)


def coco(**changes: object) -> str:
    document = {
        "categories": [{"id": 1, "keypoints": NAMES}],
        "images": [{"id": 1, "file_name": "a.jpg"}],
        "annotations": [{"image_id": 1, "category_id": 1, "keypoints": [1, 2, 2, 3, 4, 2]}],
    }
    return json.dumps(document | changes)


def with_points(*values: object) -> str:
    return coco(annotations=[{"image_id": 1, "category_id": 1, "keypoints": list(values)}])


def test_it_prints_the_new_result_and_how_much_was_imported(
    client: Client, images: Path, models_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    submit_from(client, images)("astronaut.jpg")
    document = json.loads(b"".join(exporting.export(Result.objects.get(), "coco").pieces))
    document["annotations"][0]["keypoints"][0] += 3
    path = tmp_path / "edited.json"
    path.write_text(json.dumps(document))
    status, out, err = run(path, capsys)
    new = Result.objects.get(engine="import")
    assert (status, out.split()[0]) == (0, str(new.pk))
    assert "1 imported, 0 unchanged, 0 not matched." in err
    document["images"].append({"id": 5, "file_name": "unknown.jpg"})
    path.write_text(json.dumps(document))
    status, out, err = run(path, capsys)
    assert status == 1 and "unknown.jpg: No result here has this name." in err


@pytest.mark.parametrize(
    ("data", "name", "text"),
    [
        ("x", "points.txt", "must end with one of .json, .xml, .pts, .zip"),
        ("{", "a.json", "isn't valid JSON"),
        ("[" * 200_000, "a.json", "isn't valid JSON"),
        ("[]", "a.json", "isn't COCO keypoints"),
        ("{}", "a.json", "isn't COCO keypoints"),
        ('{"images": 5}', "a.json", "isn't COCO keypoints"),
        (coco(categories=[{"id": 1, "keypoints": ["ear_0"]}]), "a.json", "no point called “ear_0”"),
        (coco(categories=[{"id": 1, "keypoints": [1]}]), "a.json", "isn't COCO keypoints"),
        (with_points(1, 2), "a.json", "three numbers for each of its 2 keypoints"),
        (with_points("1", 2, 2, 3, 4, 2), "a.json", "isn't in any photo"),
        (with_points(True, 2, 2, 3, 4, 2), "a.json", "isn't in any photo"),
        (with_points(1e7, 2, 2, 3, 4, 2), "a.json", "isn't in any photo"),
        (with_points(10**400, 2, 2, 3, 4, 2), "a.json", "isn't in any photo"),
        (with_points(1, 2, 2, 3, 4, 2).replace("3,", "NaN,"), "a.json", "isn't in any photo: NaN"),
        (with_points(1, 2, 2, 3, 4, 2).replace("3,", "-Infinity,"), "a.json", "isn't in any photo: -Infinity"),
        (with_points(1, 2, 2, 3, 4, 2).replace("3,", f"{'9' * 5000},"), "a.json", "isn't valid JSON"),
        (coco(images=[{}] * 200_001), "a.json", "200001 entries"),
        ("<a>", "a.xml", "isn't valid XML"),
        ("<a/>", "a.xml", "it has no <annotations>"),
        (BOMB, "a.xml", "document type (DOCTYPE)"),
        (FILE, "a.xml", "document type (DOCTYPE)"),
        (
            '<annotations><image name="a"><points label="mouth_0" points="nan,1"/></image></annotations>',
            "a.xml",
            "isn't in any photo",
        ),
        (
            '<annotations><image name="a"><points label="mouth_0" points="1,2;3,4"/></image></annotations>',
            "a.xml",
            "isn't in any photo: 1,2;3,4",
        ),
        (
            '<annotations><image name="a"><points label="ear" points="1,2"/></image></annotations>',
            "a.xml",
            "no point called “ear”",
        ),
        ("", "a.pts", "isn't a .pts file"),
        ("{\n1 2\n}", "a.pts", "has 1 points"),
        ("{" + "\n1 2" * 100_000 + "}", "a.pts", "isn't a .pts file"),
        ("{" + "\n1 inf" * 68 + "\n}", "a.pts", "isn't in any photo"),
        ("{" + "\n1 2 3" * 68 + "\n}", "a.pts", "isn't in any photo"),
        ("PK", "a.zip", "cannot be read"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) and value.startswith("a.") else "",
)
def test_a_file_that_is_damaged_or_hostile_is_refused_with_the_reason(
    data: str, name: str, text: str, tmp_path: Path
) -> None:
    assert text in refused(data, name, tmp_path)
    assert not Result.objects.exists()


def test_an_archive_cannot_be_larger_inside_than_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "MOST_BYTES", 2**20)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", b" " * 2**21)
    assert "at most 1 MB" in refused(packed.getvalue(), "a.zip", tmp_path)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "MOST_BYTES", 2**20)
    assert "at most 1 MB" in refused(b" " * (2**20 + 1), "a.json", tmp_path)


def test_an_archive_without_points_is_refused(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("photo.jpg", b"")
    assert "This archive has 0 files" in refused(packed.getvalue(), "a.zip", tmp_path)


def test_a_file_that_does_not_exist_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as caught:
        call_command("import", tmp_path / "none.json")
    assert caught.value.returncode == 2


def test_two_points_of_a_face_that_nobody_has_are_not_matched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert set(NAMES) <= set(POINT_NAMES)
    path = tmp_path / "a.json"
    path.write_text(coco())
    status, _, err = run(path, capsys)
    assert status == 1 and "0 imported, 0 unchanged, 1 not matched." in err
