"""Corrected points: what was exported, edited and imported is a new result of the same photo."""

import io
import json
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
from django.test import Client
from PIL import Image

from landmarks.core.errors import RequestInvalid
from landmarks.core.schema import POINT_NAMES
from landmarks.core.schemes import project
from landmarks.exports.options import Options, Shapes
from landmarks.imports.registry import read_file
from landmarks.models import Result
from landmarks.services import exporting
from landmarks.services.importing import ENGINE, Imported, Outcome, import_file
from tests.web.conftest import submit_from

pytestmark = pytest.mark.django_db


@pytest.fixture
def result(client: Client, images: Path, models_dir: Path) -> Result:
    """Two faces."""
    submit_from(client, images)("two_people.jpg")
    return Result.objects.get()


def exported(result: Result, format_name: str, options: Options | None = None) -> bytes:
    return b"".join(exporting.export(result, format_name, options or Options()).pieces)


def imported(data: bytes, name: str) -> list[Imported]:
    return list(import_file(io.BytesIO(data), name))


def points_of(result: Result) -> list[np.ndarray]:
    return [np.array(face.points) for face in result.found_faces()]


def newest() -> Result:
    return Result.objects.newest_first().first()  # type: ignore[return-value]


def moved_in_coco(data: bytes, face: int, point: int, by: float) -> bytes:
    document = json.loads(data)
    document["annotations"][face]["keypoints"][3 * point] += by
    return json.dumps(document).encode()


def test_a_point_moved_in_coco_is_moved_in_a_new_result(result: Result) -> None:
    (report,) = imported(moved_in_coco(exported(result, "coco"), 1, 40, 5.0), "anything.json")
    assert (report.outcome, report.remarks) == (Outcome.IMPORTED, ())
    new = newest()
    assert report.result == new and new != result
    assert (new.engine, new.photo_id, new.owner_id, new.name) == (ENGINE, result.photo_id, result.owner_id, result.name)
    before, after = points_of(result), points_of(new)
    assert after[1][40] == pytest.approx(before[1][40] + [5, 0], abs=0.001)
    after[1][40] = before[1][40]
    assert np.array_equal(before, after)  # nothing else was rounded
    assert new.found_faces()[0] == result.found_faces()[0]


def test_a_corrected_point_is_no_longer_uncertain_and_the_rest_is(result: Result) -> None:
    imported(moved_in_coco(exported(result, "coco"), 0, 7, -3.0), "a.json")
    before, after = result.found_faces()[0].uncertainty, newest().found_faces()[0].uncertainty
    assert before and after
    assert after[7] == 0 and after[:7] == before[:7] and after[8:] == before[8:]
    assert newest().found_faces()[0].pose == result.found_faces()[0].pose


@pytest.mark.parametrize("shapes", Shapes)
def test_a_point_moved_in_cvat_is_moved_in_a_new_result(result: Result, shapes: Shapes) -> None:
    text = exported(result, "cvat", Options(shapes=shapes)).decode()
    x, y = result.found_faces()[0].points[60]
    old = f'points="{x:.3f},{y:.3f}"'
    assert text.count(old) == 1
    (report,) = imported(text.replace(old, f'points="{x + 2:.3f},{y - 4:.3f}"').encode(), "annotations.xml")
    assert (report.outcome, report.remarks) == (Outcome.IMPORTED, ())
    assert points_of(newest())[0][60] == pytest.approx((x + 2, y - 4), abs=0.001)


def test_a_point_moved_in_pts_moves_those_of_the_90_that_it_comes_from(result: Result) -> None:
    archive = exported(result, "pts")
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        files = {name: opened.read(name).decode() for name in opened.namelist()}
    assert len(files) == 2
    name, text = next((name, text) for name, text in files.items() if name.endswith("_2.pts"))
    lines = text.split("\n")
    x, y = map(float, lines[3 + 57].split())  # the middle of the lower lip
    lines[3 + 57] = f"{x + 1.5:.3f} {y + 6:.3f}"
    (report,) = imported("\n".join(lines).encode(), name)
    assert (report.outcome, report.remarks) == (Outcome.IMPORTED, ())
    old, new = result.found_faces(), newest().found_faces()
    assert new[0] == old[0]
    before, after = (np.array(project(faces[1], "ibug68").points) for faces in (old, new))
    assert after[57] == pytest.approx(before[57] + [1.5, 6], abs=0.01)
    others = [number for number in range(68) if number != 57]
    assert after[others] == pytest.approx(before[others], abs=0.1)
    moves = np.array(new[1].points) - np.array(old[1].points)
    assert POINT_NAMES[np.linalg.norm(moves, axis=1).argmax()] == "mouth_3"


def test_an_archive_of_pts_is_one_result_a_photo(result: Result) -> None:
    archive = exported(result, "pts")
    edited = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as opened, zipfile.ZipFile(edited, "w") as target:
        for name in opened.namelist():
            text = opened.read(name).decode()
            rows = text.split("\n")
            x, y = map(float, rows[3 + 8].split())
            rows[3 + 8] = f"{x} {y + 3}"
            target.writestr(name, "\n".join(rows))
        target.writestr("images/photo.jpg", b"not looked at")
    (report,) = imported(edited.getvalue(), "facesite.zip")
    assert (report.outcome, report.remarks) == (Outcome.IMPORTED, ())
    assert Result.objects.count() == 2
    for old, new in zip(result.found_faces(), newest().found_faces(), strict=True):
        chins = [project(face, "ibug68").points[8] for face in (old, new)]
        assert chins[1][1] - chins[0][1] == pytest.approx(3, abs=0.01)


@pytest.mark.parametrize("scheme", ["ibug68", "wflw98", "lapa106", "five"])
def test_other_schemes_come_back_from_coco(result: Result, scheme: str) -> None:
    """Those with more points on the contour than the 90 have are met as well as possible."""
    data = exported(result, "coco", Options(scheme=scheme))
    assert [each.outcome for each in imported(data, "a.json")] == [Outcome.UNCHANGED]
    (report,) = imported(moved_in_coco(data, 0, 3, 4.0), "a.json")
    assert report.outcome == Outcome.IMPORTED
    before, after = (project(each.found_faces()[0], scheme).points[3] for each in (result, newest()))
    assert after[0] - before[0] == pytest.approx(4, abs=0.05 if scheme in ("ibug68", "five") else 1.5)


@pytest.mark.parametrize(("format_name", "name"), [("coco", "a.json"), ("cvat", "a.xml"), ("pts", "a.zip")])
def test_what_was_not_edited_makes_no_result(result: Result, format_name: str, name: str) -> None:
    assert [each.outcome for each in imported(exported(result, format_name), name)] == [Outcome.UNCHANGED]
    assert Result.objects.count() == 1


def test_an_archive_of_photos_can_be_imported_as_it_was_exported(result: Result) -> None:
    data = exported(result, "zip", Options(inside=("coco",)))
    assert [each.outcome for each in imported(data, "facesite.zip")] == [Outcome.UNCHANGED]


# --- faces -----------------------------------------------------------------------------------------------------------


def test_a_face_that_was_deleted_in_the_file_is_left_out_and_said(result: Result) -> None:
    document = json.loads(exported(result, "coco"))
    del document["annotations"][0]
    (report,) = imported(json.dumps(document).encode(), "a.json")
    assert report.outcome == Outcome.IMPORTED
    assert report.remarks == ("Face 1 here is not in the file, so it is left out of the new result.",)
    assert newest().found_faces() == result.found_faces()[1:]


def test_a_face_that_was_added_needs_all_90_points(result: Result) -> None:
    document = json.loads(exported(result, "coco"))
    added = json.loads(json.dumps(document["annotations"][1]))
    added["keypoints"][::3] = [x + 400 for x in added["keypoints"][::3]]
    document["annotations"].append(added)
    (report,) = imported(json.dumps(document).encode(), "a.json")
    assert (report.outcome, report.remarks, newest().face_count) == (Outcome.IMPORTED, (), 3)
    added["keypoints"][:3] = [0, 0, 0]
    (report,) = imported(json.dumps(document).encode(), "a.json")
    assert report.remarks == (
        "Face 3 in the file is none of those here, and for a new face it needs all of the 90 points.",
    )


def test_more_faces_than_are_kept_are_refused(result: Result) -> None:
    document = json.loads(exported(result, "coco"))
    document["annotations"] *= 100
    (report,) = imported(json.dumps(document).encode(), "a.json")
    assert report.outcome == Outcome.NOT_MATCHED and "200 faces, of which at most 100" in report.remarks[0]


def test_faces_in_another_order_are_told_apart(result: Result) -> None:
    document = json.loads(moved_in_coco(exported(result, "coco"), 1, 0, 2.5))
    document["annotations"].reverse()
    assert [each.remarks for each in imported(json.dumps(document).encode(), "a.json")] == [()]
    moved = [np.abs(new - old).max() for old, new in zip(points_of(result), points_of(newest()), strict=True)]
    assert moved == pytest.approx([0, 2.5], abs=0.001)


def test_a_point_that_was_unmarked_stays_where_it_was(result: Result) -> None:
    document = json.loads(moved_in_coco(exported(result, "coco"), 0, 10, 4.0))
    document["annotations"][0]["keypoints"][:3] = [0, 0, 0]
    imported(json.dumps(document).encode(), "a.json")
    assert points_of(newest())[0][0] == pytest.approx(points_of(result)[0][0])


# --- photos ----------------------------------------------------------------------------------------------------------


def without_ids(data: bytes) -> bytes:
    document = json.loads(data)
    for image in document["images"]:
        image["file_name"] = re.sub(r"-[0-9a-f-]{36}", "", image["file_name"])
        del image["result"]
    return json.dumps(document).encode()


def test_a_photo_is_known_by_its_name_where_the_id_is_lost(result: Result) -> None:
    data = without_ids(moved_in_coco(exported(result, "coco"), 0, 0, 9.0))
    assert [each.outcome for each in imported(data, "a.json")] == [Outcome.IMPORTED]


def test_a_name_that_several_photos_have_is_not_guessed(
    result: Result, client: Client, images: Path, tmp_path: Path
) -> None:
    other = tmp_path / "two_people.jpg"
    with Image.open(images / "two_people.jpg") as image:
        image.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(other)
    submit_from(client, tmp_path)(other.name)
    data = without_ids(moved_in_coco(exported(result, "coco"), 0, 0, 9.0))
    (report,) = imported(data, "a.json")
    assert report.outcome == Outcome.NOT_MATCHED and "Several photos here are called" in report.remarks[0]


def test_what_cannot_be_matched_is_said_and_the_rest_imported(result: Result) -> None:
    document = json.loads(moved_in_coco(exported(result, "coco"), 0, 0, 9.0))
    document["images"] += [
        {"id": 7, "file_name": "unknown.jpg", "width": 1126, "height": 661},
        {"id": 8, "file_name": f"x-{'0' * 8}-0000-4000-8000-{'0' * 12}.jpg"},
        {"id": 9, "file_name": "x.jpg", "result": str(result.pk), "width": 9, "height": 9},
        {"id": 10, "file_name": "y.jpg", "result": str(result.pk)},
    ]
    reports = imported(json.dumps(document).encode(), "a.json")
    expected = [Outcome.IMPORTED, *[Outcome.NOT_MATCHED] * 4]
    assert [each.outcome for each in reports] == expected
    texts = [
        "No result here has this name",
        "is deleted",
        "9 × 9 pixels in the file, but 1126 × 661 here",
        "no face of",
    ]
    for report, text in zip(reports[1:], texts, strict=True):
        assert text in report.remarks[0]
    assert Result.objects.count() == 2


def test_a_deleted_result_takes_no_corrections(result: Result, client: Client) -> None:
    data = moved_in_coco(exported(result, "coco"), 0, 0, 9.0)
    client.post(f"/results/{result.pk}/delete")
    assert [each.outcome for each in imported(data, "a.json")] == [Outcome.NOT_MATCHED]


# --- pages -----------------------------------------------------------------------------------------------------------


def test_the_page_and_the_api_show_an_imported_result(result: Result, client: Client) -> None:
    imported(moved_in_coco(exported(result, "coco"), 0, 0, 9.0), "a.json")
    page = client.get(f"/results/{newest().pk}/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "Imported points" in text and "corrected in another program" in text
    assert client.get("/results/").status_code == 200
    assert client.get(f"/results/?engine={ENGINE}").status_code == 200
    assert client.get(f"/results/{newest().pk}/compare/{result.pk}/").status_code == 200


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA], ids=["deflate", "lzma"])
def test_an_archive_that_is_damaged_inside_is_rejected(method: int) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", method) as target:
        target.writestr("a.pts", "version: 1\n" * 100)
    data = bytearray(archive.getvalue())
    begin = 30 + len("a.pts")
    data[begin + 2 : begin + 12] = b"\xff" * 10
    with pytest.raises(RequestInvalid):
        list(read_file(io.BytesIO(bytes(data)), "a.zip"))
