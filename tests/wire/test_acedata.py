"""The vendor's JSON: written exactly, read strictly."""

import json
from pathlib import Path

import pytest

from landmarks.core.analysis import Analysis
from landmarks.core.faces import Face
from landmarks.core.finding import Options
from landmarks.wire.acedata import (
    AnswerInvalid,
    answer_from_wire,
    answer_to_wire,
    face_from_wire,
    face_to_wire,
    request_to_wire,
)

REPLY = json.loads((Path(__file__).parent.parent / "replies" / "ace_guide_690x920.json").read_text())["response"]


def test_a_recorded_answer_comes_back_equal():
    assert answer_to_wire(answer_from_wire(REPLY)) == REPLY


def test_an_answer_has_size_version_and_faces():
    analysis = answer_from_wire(REPLY)
    assert (analysis.width, analysis.height, analysis.face_model_version) == (690, 920, "3.0")
    assert len(analysis.faces) == len(REPLY["face_shape_set"])


def test_no_face_is_an_empty_list():
    assert answer_to_wire(Analysis("rocket.jpg", 640, 427, "3.0", ()))["face_shape_set"] == []


def test_coordinates_are_whole_pixels_unless_requested_otherwise():
    face = Face(tuple((index + 0.6, 0.4) for index in range(90)), score=None)
    assert face_to_wire(face)["face_profile"][0] == {"x": 1, "y": 0}
    assert face_to_wire(face, rounded=False)["face_profile"][0] == {"x": 0.6, "y": 0.4}


def test_coordinates_may_be_in_upper_case():
    face = REPLY["face_shape_set"][0]
    upper = {name: [{"X": point["x"], "Y": point["y"]} for point in points] for name, points in face.items()}
    assert face_from_wire(upper) == face_from_wire(face)


def test_a_request_has_the_four_fields_of_the_api():
    options = Options(max_faces=10, largest_only=True, face_model_version="2.0")
    assert request_to_wire("https://a/b.jpg", options) == {
        "image_url": "https://a/b.jpg",
        "mode": 1,
        "face_model_version": "2.0",
        "need_rotate_detection": 0,
    }


@pytest.mark.parametrize(
    "spoil",
    [
        lambda face: face.pop("mouth"),
        lambda face: face["nose"].pop(),
        lambda face: face["left_eye"].append({"x": 1, "y": 1}),
        lambda face: face["left_eye"][0].update(x="12"),
        lambda face: face["left_eye"][0].update(x=True),
        lambda face: face["left_eye"][0].update(x=float("nan")),
        lambda face: face["left_eye"][0].update(X=1),
        lambda face: face["left_eye"][0].update(x=1_000_001),
        lambda face: face["left_eye"][0].pop("y"),
        lambda face: face.update(nose="<html>"),
        lambda face: face.update(ears=[]),
        lambda face: face["nose"].__setitem__(0, None),
    ],
)
def test_one_invalid_value_makes_the_answer_invalid(spoil):
    answer = json.loads(json.dumps(REPLY))
    spoil(answer["face_shape_set"][0])
    with pytest.raises(AnswerInvalid, match="."):
        answer_from_wire(answer)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("image_width", "690"),
        ("image_width", 0),
        ("image_height", True),
        ("image_height", 920.5),
        ("face_model_version", 3.0),
        ("face_model_version", "v" * 17),
        ("face_shape_set", {}),
        ("face_shape_set", [None]),
    ],
)
def test_size_version_and_faces_must_have_their_types(key, value):
    with pytest.raises(AnswerInvalid, match=key):
        answer_from_wire(REPLY | {key: value})


@pytest.mark.parametrize("body", [None, [], "text", 7])
def test_an_answer_is_an_object(body):
    with pytest.raises(AnswerInvalid, match="not an object"):
        answer_from_wire(body)
