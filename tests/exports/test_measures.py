"""Measures as records of JSON and rows of CSV."""

import json
import math
from dataclasses import replace

from landmarks.core.analysis import Analysis
from landmarks.core.faces import Face, Pose
from landmarks.core.measures import measure
from landmarks.exports.measures import COLUMNS, face_to_json, records
from tests.core.measures.faces import plain_face
from tests.exports.samples import known, table, written

FACE = plain_face(uncertainty=(0.01,) * 90, irises=(23.4, 23.4), pose=Pose(12.0, 0, 0))


def photo(face: Face, name: str = "me.jpg") -> Analysis:
    return known(faces=(face,), source=name)


def test_a_length_has_a_record_for_each_side_and_unit():
    found = {
        (each["side"], each["unit"]): each["value"] for each in records(measure(FACE)) if each["measure"] == "mrd1"
    }
    assert found == {
        **{("left", "px"): 6, ("right", "px"): 6, ("difference", "px"): 0},
        **{(side, "eye_percent"): 6.6667 for side in ("left", "right")},
        **{("left", "mm"): 3, ("right", "mm"): 3, ("difference", "mm"): 0},
        **{("difference", "eye_percent"): 0, ("difference", "percent_of_mean"): 0},
    }


def test_the_symmetry_comes_first():
    first = next(records(measure(FACE)))
    assert (first["measure"], first["unit"], first["value"]) == ("symmetry", "score", 1)


def test_a_face_says_what_its_values_are_worth():
    told = face_to_json(3, measure(FACE))
    assert {name: told[name] for name in ("number", "yaw", "is_turned", "mm_per_px", "mm_error", "no_mm")} == {
        **{"number": 3, "yaw": 12.0, "is_turned": True},
        **{"mm_per_px": 0.5, "mm_error": 0.0487, "no_mm": None},
    }
    assert face_to_json(1, measure(replace(FACE, irises=None)))["no_mm"] == "iris_not_reported"


def test_the_table_has_the_same_values_as_the_json():
    found = measure(FACE)
    rows = table("measures", photo(FACE, "=me.jpg"))
    assert tuple(rows[0]) == COLUMNS
    for row, record in zip(rows, records(found), strict=True):
        assert (row["source"], row["face"], row["is_guessed"], row["is_turned"]) == ("'=me.jpg", "1", "0", "1")
        assert (row["measure"], row["side"], row["unit"]) == (record["measure"], record["side"], record["unit"])
        assert (float(row["value"]), float(row["error"])) == (record["value"], record["error"])


def test_without_expected_errors_the_cell_is_empty():
    rows = table("measures", photo(plain_face()))
    assert {row["error"] for row in rows} == {""}
    assert all(math.isfinite(float(row["value"])) for row in rows)


def test_several_results_are_one_table_and_one_list():
    photos = photo(FACE), photo(plain_face(), "other.jpg")
    rows, listed = table("measures", *photos), json.loads(written("measures-json", *photos))
    assert list(dict.fromkeys((row["result"], row["source"]) for row in rows)) == [
        ("astronaut", "me.jpg"),
        ("astronaut", "other.jpg"),
    ]
    assert [each["source"] for each in listed] == ["me.jpg", "other.jpg"]
    values = [value["value"] for each in listed for face in each["faces"] for value in face["values"]]
    assert [float(row["value"]) for row in rows] == values
