"""What leaves the site: the vendor's JSON and a table of points."""

import csv
import io
import json
from pathlib import Path

import pytest

from landmarks.exports import FORMATS
from landmarks.exports.sheet import Sheet
from landmarks.faces import face_from_wire

REPLY = json.loads((Path(__file__).parent.parent / "replies" / "ace_guide_690x920.json").read_text())["response"]


def recorded_sheet(source: str = "photo.jpg") -> Sheet:
    faces = tuple(face_from_wire(face) for face in REPLY["face_shape_set"])
    return Sheet(source, REPLY["image_width"], REPLY["image_height"], REPLY["face_model_version"], faces)


def test_a_recorded_answer_leaves_as_it_came():
    assert json.loads(FORMATS["json"].write(recorded_sheet())) == REPLY


def test_a_photo_without_faces_has_an_empty_list():
    answer = json.loads(FORMATS["json"].write(Sheet("rocket.jpg", 640, 427, "3.0", ())))
    assert answer == {"image_width": 640, "image_height": 427, "face_model_version": "3.0", "face_shape_set": []}


def test_the_table_has_a_row_for_each_point():
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"].write(recorded_sheet()).decode())))
    assert len(rows) == 90
    first = REPLY["face_shape_set"][0]["face_profile"][0]
    assert rows[0] == {
        "source": "photo.jpg",
        "face": "1",
        "region": "face_profile",
        "index": "0",
        "x": str(float(first["x"])),
        "y": str(float(first["y"])),
    }


@pytest.mark.parametrize("name", ["=1+1.jpg", "+x.jpg", "-x.jpg", "@SUM(A1).jpg"])
def test_no_cell_begins_like_a_formula(name):
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"].write(recorded_sheet(name)).decode())))
    assert rows[0]["source"] == f"'{name}"


def test_names_with_quotes_and_line_breaks_survive_the_table():
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"].write(recorded_sheet('a "b",\nc.jpg')).decode(), newline="")))
    assert rows[0]["source"] == 'a "b",\nc.jpg'
