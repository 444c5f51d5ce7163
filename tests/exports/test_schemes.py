"""The points of other schemes in every format that can hold them."""

import html
import io
import json
from xml.etree import ElementTree

import numpy as np
import pytest

from landmarks.core.schemes import PROJECTIONS, project
from landmarks.exports.formats import Can
from landmarks.exports.point_sets import POINT_SETS
from landmarks.exports.registry import FORMATS
from tests.exports.samples import known, table, written

FACE = known().faces[0]


def test_every_projection_can_be_exported() -> None:
    assert list(POINT_SETS) == ["face90", *PROJECTIONS]


@pytest.mark.parametrize("scheme", PROJECTIONS)
@pytest.mark.parametrize("name", [name for name, each in FORMATS.items() if Can.SCHEME in each.can and name != "zip"])
def test_a_format_takes_every_scheme_and_differs_by_it(name: str, scheme: str) -> None:
    data = written(name, known(), scheme=scheme)
    assert data and data != written(name, known(), scheme="face90")


@pytest.mark.parametrize("scheme", PROJECTIONS)
def test_coco_has_the_names_points_and_visibility_of_the_scheme(scheme: str) -> None:
    document = json.loads(written("coco", known(), scheme=scheme))
    projected = project(FACE, scheme)
    assert document["categories"][0]["keypoints"] == list(projected.names)
    keypoints = np.array(document["annotations"][0]["keypoints"]).reshape(-1, 3)
    assert keypoints[:, :2] == pytest.approx(np.array(projected.points), abs=0.0006)
    guessed = {number for number, how in enumerate(keypoints[:, 2]) if how == 1}
    assert guessed == set(projected.guessed)
    assert PROJECTIONS[scheme].note in document["info"]["description"]


@pytest.mark.parametrize("scheme", PROJECTIONS)
def test_npz_and_wide_csv_have_a_column_for_each_point(scheme: str) -> None:
    with np.load(io.BytesIO(written("npz", known(), scheme=scheme))) as arrays:
        assert list(arrays["names"]) == list(PROJECTIONS[scheme].names)
    (row,) = table("csv-wide", known(), scheme=scheme)
    projected = project(FACE, scheme)
    for name, (x, y) in zip(projected.names, projected.points, strict=True):
        assert (float(row[f"{name}_x"]), float(row[f"{name}_y"])) == pytest.approx((x, y), abs=0.0006)


def test_pts_are_the_68_by_default() -> None:
    assert written("pts", known()) == written("pts", known(), scheme="ibug68")
    lines = written("pts", known()).decode().split("\n")
    assert lines[1] == "n_points: 68"
    x, y = project(FACE, "ibug68").points[8]
    assert tuple(map(float, lines[11].split())) == pytest.approx((x + 1, y + 1), abs=0.0006)


@pytest.mark.parametrize("scheme", PROJECTIONS)
@pytest.mark.parametrize("name", ["coco", "cvat", "dlib", "labelstudio", "ljson", "npz", "tps"])
def test_files_that_have_room_for_it_say_how_far_the_points_err(name: str, scheme: str) -> None:
    note = PROJECTIONS[scheme].note
    assert note in words(name, written(name, known(), scheme=scheme))
    assert "Mean error" not in words(name, written(name, known(), scheme="face90"))


def words(name: str, data: bytes) -> str:
    """The text of a file, without what its format escapes."""
    if name == "npz":
        with np.load(io.BytesIO(data)) as arrays:
            return str(arrays["note"])
    return html.unescape(data.decode())


@pytest.mark.parametrize("scheme", PROJECTIONS)
def test_programs_read_the_error_as_a_number(scheme: str) -> None:
    error = PROJECTIONS[scheme].accuracy.error
    assert json.loads(written("coco", known(), scheme=scheme))["info"]["scheme_error"] == error
    line = json.loads(written("jsonl", known(), scheme=scheme))
    assert (line["scheme"], line["scheme_error"]) == (scheme, error)
    with np.load(io.BytesIO(written("npz", known(), scheme=scheme))) as arrays:
        assert (str(arrays["scheme"]), float(arrays["scheme_error"])) == (scheme, error)


@pytest.mark.parametrize("name", ["coco", "jsonl"])
def test_the_90_have_no_error_of_a_scheme(name: str) -> None:
    assert b"scheme_error" not in written(name, known())
    with np.load(io.BytesIO(written("npz", known()))) as arrays:
        assert np.isnan(arrays["scheme_error"]) and str(arrays["note"]) == ""


def test_dlib_has_68_parts_and_says_how_far_they_err() -> None:
    text = written("dlib", known(), scheme="ibug68").decode()
    parts = [part.get("name") for part in ElementTree.fromstring(text).iter("part")]  # noqa: S314 - our own text
    assert parts == [f"{number:02}" for number in range(68)]
    assert f"{PROJECTIONS['ibug68'].accuracy.error:.1f} %" in text
