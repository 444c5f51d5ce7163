"""The export formats: the vendor's JSON and a table of points."""

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from landmarks.core.analysis import Analysis
from landmarks.exports.registry import FORMATS
from landmarks.wire.acedata import face_from_wire

REPLY = json.loads((Path(__file__).parent.parent / "replies" / "ace_guide_690x920.json").read_text())["response"]


def recorded(source: str = "photo.jpg") -> Analysis:
    faces = tuple(face_from_wire(face) for face in REPLY["face_shape_set"])
    return Analysis(source, REPLY["image_width"], REPLY["image_height"], REPLY["face_model_version"], faces)


def test_a_recorded_answer_is_exported_unchanged():
    assert json.loads(FORMATS["json"].write(recorded())) == REPLY


def test_a_photo_without_faces_has_an_empty_list():
    answer = json.loads(FORMATS["json"].write(Analysis("rocket.jpg", 640, 427, "3.0", ())))
    assert answer == {"image_width": 640, "image_height": 427, "face_model_version": "3.0", "face_shape_set": []}


def test_the_table_has_a_row_for_each_point():
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"].write(recorded()).decode())))
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
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"].write(recorded(name)).decode(), newline="")))
    assert {row["source"] for row in rows} == {cell}


@pytest.mark.parametrize("separator", [";", "\t"])
@pytest.mark.parametrize("name", ["a;=1+1", 'x";=1+1;"', "a\t@b", '"\t-1+1', "\r\n;+1", 'a;"=1+1;b', 'a;""" "@b;c'])
def test_no_cell_is_a_formula_where_another_character_separates(name, separator):
    table = b"".join(FORMATS["csv"].write_many([replace(recorded(name), result="1")])).decode()
    cells = [cell for row in csv.reader(io.StringIO(table, newline=""), delimiter=separator) for cell in row]
    assert not [cell for cell in cells if cell.strip().startswith(("=", "+", "-", "@"))]


def test_text_is_quoted_and_numbers_are_not():
    head, first, *_ = FORMATS["csv"].write(recorded()).decode().splitlines()
    assert head == '"source","face","region","index","x","y"'
    assert re.fullmatch(r'"photo\.jpg",1,"face_profile",0,[\d.]+,[\d.]+', first)


def test_names_with_quotes_and_line_breaks_survive_the_table():
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"].write(recorded('a "b",\nc.jpg')).decode(), newline="")))
    assert rows[0]["source"] == 'a "b",\nc.jpg'


def test_several_results_are_one_list():
    analyses = [replace(recorded(), result=number) for number in ("1", "2")]
    answers = json.loads(b"".join(FORMATS["json"].write_many(analyses)))
    assert answers == [{"result": number, "source": "photo.jpg", **REPLY} for number in ("1", "2")]


def test_several_results_are_one_table():
    analyses = (replace(recorded("=x.jpg"), result=number) for number in ("1", "2"))
    rows = list(csv.DictReader(io.StringIO(b"".join(FORMATS["csv"].write_many(analyses)).decode())))
    assert [row["result"] for row in rows] == ["1"] * 90 + ["2"] * 90
    assert {row["source"] for row in rows} == {"'=x.jpg"}


@pytest.mark.parametrize("name", FORMATS)
def test_each_result_is_read_when_it_is_written(name):
    read = []

    def analyses():
        for number in range(3):
            read.append(number)
            yield recorded()

    pieces = FORMATS[name].write_many(analyses())
    next(pieces)
    assert read == []
    next(pieces)
    assert read == [0]


def test_no_results_are_an_empty_list():
    assert json.loads(b"".join(FORMATS["json"].write_many([]))) == []
