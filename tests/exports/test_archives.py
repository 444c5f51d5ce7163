"""Pictures, arrays and archives."""

import io
import json
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from landmarks.core.errors import NotFound
from landmarks.exports.archive import Entry, zipped
from landmarks.exports.registry import FORMATS
from tests.exports.samples import HIDDEN, TESTS, crowd, known, recorded, unpacked, written

PHOTO = (TESTS / "images" / "astronaut.jpg").read_bytes()
INSIDE = tuple(name for name in FORMATS if name != "zip")


def lost() -> io.BytesIO:
    raise NotFound("file_missing")


@pytest.mark.parametrize(("name", "kind"), [("png", "PNG"), ("jpg", "JPEG")])
def test_a_picture_has_the_marks_on_the_photo(name: str, kind: str) -> None:
    drawn = Image.open(io.BytesIO(written(name, known(), scale=2)))
    assert (drawn.format, drawn.size) == (kind, (1024, 1024))
    plain = Image.open(io.BytesIO(PHOTO)).resize((1024, 1024))
    x, y = known().faces[0].points[5]
    place = round(2 * (x + 0.5)), round(2 * (y + 0.5))
    assert drawn.getpixel(place) != plain.getpixel(place)


@pytest.mark.parametrize("name", ["png", "jpg", "svg"])
def test_several_pictures_are_an_archive(name: str) -> None:
    assert list(unpacked(written(name, known("one"), known("two")))) == [f"one-1.{name}", f"two-1.{name}"]


def test_an_svg_has_the_size_of_the_photo() -> None:
    assert ElementTree.fromstring(written("svg", known())).get("viewBox") == "0 0 512 512"  # noqa: S314  our own


@pytest.mark.parametrize("name", ["png", "jpg", "zip"])
def test_a_lost_photo_is_named_in_the_archive(name: str) -> None:
    files = unpacked(written(name, known("one"), known("two", open_photo=lost)))
    assert len(files) == 2
    assert files["missing-photos.txt"].startswith(b"two-1.jpg: This file has been deleted")


@pytest.mark.parametrize("name", ["png", "jpg"])
def test_a_lost_photo_is_an_error_before_the_file_begins(name: str) -> None:
    with pytest.raises(NotFound):
        written(name, known(open_photo=lost))


def test_arrays_have_a_row_for_each_face() -> None:
    with np.load(io.BytesIO(written("npz", crowd("one"), replace(recorded(), result="two")))) as arrays:
        points = arrays["points"]
        assert points.shape == (3, 90, 2)
        assert points[0].tolist() == [list(point) for point in known().faces[0].points]
        assert arrays["names"][HIDDEN] == "right_eye_1"
        assert arrays["result"].tolist() == ["one", "one", "two"]
        assert arrays["source"].tolist() == ["one.jpg", "one.jpg", "photo.jpg"]
        assert arrays["face"].tolist() == [1, 2, 1]
        assert np.flatnonzero(arrays["guessed"][0]).tolist() == [HIDDEN]
        assert arrays["pose"][0].tolist() == [12.5, -3.25, 4.0]
        assert np.isnan(arrays["score"][2]) and np.isnan(arrays["uncertainty"][2]).all()
        assert arrays["image_size"].tolist() == [[512, 512], [512, 512], [690, 920]]


def test_arrays_of_nothing_are_empty() -> None:
    with np.load(io.BytesIO(written("npz"))) as arrays:
        assert arrays["points"].shape == (0, 90, 2)


def test_guessed_points_can_be_missing_from_arrays() -> None:
    with np.load(io.BytesIO(written("npz", known(), with_guessed=False))) as arrays:
        assert np.argwhere(np.isnan(arrays["points"])).tolist() == [[0, HIDDEN, 0], [0, HIDDEN, 1]]


def test_an_archive_has_the_photos_as_they_are_stored() -> None:
    assert unpacked(written("zip", known("one"), known("two"))) == {
        "images/one-1.jpg": PHOTO,
        "images/two-1.jpg": PHOTO,
    }


def test_an_archive_holds_files_of_any_formats() -> None:
    files = unpacked(written("zip", known("one"), crowd("two"), inside=INSIDE))
    assert {"images/one-1.jpg", "images/two-1.jpg", "marks/one-1.png", "marks/two-1.jpg", "marks/two-1.svg"} <= set(
        files
    )
    assert {"images/one-1_1.pts", "images/two-1_2.pts", "images/two-1_2.ljson"} <= set(files)
    assert {"csv.csv", "csv-wide.csv", "json.json", "jsonl.jsonl", "npz.npz", "obj.obj", "tps.tps"} <= set(files)
    coco = json.loads(files["annotations/person_keypoints_default.json"])
    assert [image["file_name"] for image in coco["images"]] == ["one-1.jpg", "two-1.jpg"]
    assert b'file="images/one-1.jpg"' in files["dlib.xml"]
    assert b'name="one-1.jpg"' in files["annotations.xml"]
    assert json.loads(files["cvat-labels.json"])[0]["name"] == "face"
    assert b"<View>" in files["labelstudio-config.xml"]
    assert b"?d=images/one-1.jpg" in files["labelstudio.json"]


def test_an_archive_is_handed_on_piece_by_piece() -> None:
    taken = []

    def pieces(name: str):
        for _ in range(4):
            taken.append(name)
            yield b"\0" * 100_000

    first = next(zipped(Entry(name, pieces(name), is_compressed=True) for name in "ab"))
    assert len(first) >= 64 * 1024
    assert taken == ["a"]
