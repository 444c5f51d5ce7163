"""The export formats: JSON and tables."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from landmarks.core.analysis import Analysis
from landmarks.core.schema import REGIONS
from landmarks.exports.options import Options
from landmarks.exports.registry import FORMATS
from tests.exports.samples import HIDDEN, REPLY, crowd, known, recorded, table, written


def test_a_recorded_answer_is_exported_unchanged():
    assert json.loads(written("json", recorded())) == REPLY


def test_a_photo_without_faces_has_an_empty_list():
    answer = json.loads(written("json", Analysis("rocket.jpg", 640, 427, "3.0", ())))
    assert answer == {"image_width": 640, "image_height": 427, "face_model_version": "3.0", "face_shape_set": []}


def test_the_table_has_a_row_for_each_point():
    rows = table("csv", recorded())
    assert len(rows) == 90
    first = REPLY["face_shape_set"][0]["face_profile"][0]
    expected = ["photo.jpg", "1", "face_profile", "0", str(float(first["x"])), str(float(first["y"]))]
    assert list(rows[0].values())[:6] == expected
    assert set(list(rows[0].values())[6:]) - {"0"} == {
        "",
        rows[0]["left"],
        rows[0]["top"],
        rows[0]["width"],
        rows[0]["height"],
    }


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("=1+1.jpg", "'=1+1.jpg"),
        ("+x.jpg", "'+x.jpg"),
        ("-x.jpg", "'-x.jpg"),
        ("@SUM(A1).jpg", "'@SUM(A1).jpg"),
        (" \t=1+1.jpg", " \t'=1+1.jpg"),
        ("\n=1+1.jpg", "\n'=1+1.jpg"),
        ("＝1+1.jpg", "'＝1+1.jpg"),
        ("a;=1+1.jpg", "a;'=1+1.jpg"),
        ("a; \N{NO-BREAK SPACE}-1;;@b", "a; \N{NO-BREAK SPACE}'-1;;'@b"),
        ("=a\t+b\r=c\n@d", "'=a\t'+b\r'=c\n'@d"),
        ('x";=1+1;"', 'x";\'=1+1;"'),
        ("a-b=c;d.jpg", "a-b=c;d.jpg"),
    ],
)
def test_no_cell_begins_like_a_formula(name, cell):
    rows = table("csv", recorded(name))
    assert {row["source"] for row in rows} == {cell}


@pytest.mark.parametrize("separator", [";", "\t"])
@pytest.mark.parametrize("name", ["a;=1+1", 'x";=1+1;"', "a\t@b", '"\t-1+1', "\r\n;+1", 'a;"=1+1;b', 'a;""" "@b;c'])
def test_no_cell_is_a_formula_where_another_character_separates(name, separator):
    table = written("csv", replace(recorded(name), result="1"), several=True).decode()
    cells = [cell for row in csv.reader(io.StringIO(table, newline=""), delimiter=separator) for cell in row]
    assert not [cell for cell in cells if cell.strip().startswith(("=", "+", "-", "@"))]


def test_text_is_quoted_and_numbers_are_not():
    head, first, *_ = written("csv", recorded()).decode().splitlines()
    assert head.startswith('"source","face","region","index","x","y",')
    assert re.match(r'"photo\.jpg",1,"face_profile",0,[\d.]+,[\d.]+,', first)


def test_names_with_quotes_and_line_breaks_survive_the_table():
    rows = table("csv", recorded('a "b",\nc.jpg'))
    assert rows[0]["source"] == 'a "b",\nc.jpg'


def test_several_results_are_one_list():
    analyses = [replace(recorded(), result=number) for number in ("1", "2")]
    answers = json.loads(written("json", *analyses))
    assert answers == [{"result": number, "source": "photo.jpg", **REPLY} for number in ("1", "2")]


def test_several_results_are_one_table():
    analyses = (replace(recorded("=x.jpg"), result=number) for number in ("1", "2"))
    rows = table("csv", *analyses)
    assert [row["result"] for row in rows] == ["1"] * 90 + ["2"] * 90
    assert {row["source"] for row in rows} == {"'=x.jpg"}


HAVE_HEAD = ("json", "csv", "csv-wide", "coco", "cvat", "dlib", "labelstudio", "obj")


@pytest.mark.parametrize("name", HAVE_HEAD)
def test_each_result_is_read_when_it_is_written(name: str) -> None:
    read = []

    def analyses() -> Iterator[Analysis]:
        for number in range(3):
            read.append(number)
            yield recorded()

    pieces = FORMATS[name].export(analyses(), Options()).pieces
    next(pieces)
    assert read == []
    next(pieces)
    assert read == [0]


def test_the_table_has_what_is_known_of_points_and_faces() -> None:
    row = table("csv", known())[HIDDEN]
    assert (row["region"], row["index"], row["guessed"]) == ("right_eye", "1", "1")
    assert (row["uncertainty"], row["score"], row["yaw"], row["pitch"], row["roll"]) == (
        "0.16",
        "0.9375",
        "12.5",
        "-3.25",
        "4.0",
    )
    assert [row["guessed"] for row in table("csv", known())].count("1") == 1


def test_guessed_points_can_be_left_out_of_tables() -> None:
    assert len(table("csv", known(), with_guessed=False)) == 89
    row = table("csv-wide", known(), with_guessed=False)[0]
    assert [name for name, value in row.items() if not value] == ["right_eye_1_x", "right_eye_1_y"]


def test_the_wide_table_has_a_row_for_each_face() -> None:
    rows = table("csv-wide", crowd("one"), crowd("two", 3))
    assert [(row["result"], row["face"]) for row in rows] == [
        ("one", "1"),
        ("one", "2"),
        ("two", "1"),
        ("two", "2"),
        ("two", "3"),
    ]
    names = [f"{region.name}_{index}" for region in REGIONS for index in range(region.count)]
    for name, (x, y) in zip(names, known().faces[0].points, strict=True):
        assert (float(rows[0][f"{name}_x"]), float(rows[0][f"{name}_y"])) == pytest.approx((x, y), abs=0.0006)
    assert rows[0]["guessed"] == str(HIDDEN)
    assert float(rows[0][f"{names[HIDDEN]}_uncertainty"]) == 0.16


def test_a_line_has_all_that_is_known() -> None:
    lines = [json.loads(line) for line in written("jsonl", known(), recorded()).splitlines()]
    face = lines[0]["face_shape_set"][0]
    assert lines[0]["result"] == lines[0]["source"].removesuffix(".jpg") == "astronaut"
    assert (face["score"], face["guessed"], face["pose"]["yaw"]) == (0.9375, [HIDDEN], 12.5)
    assert face["right_eye"][1] == {"x": round(known().faces[0].points[HIDDEN][0], 3), "y": pytest.approx(250, abs=250)}
    assert "result" not in lines[1]


def test_no_results_are_an_empty_list():
    assert json.loads(written("json")) == []
