"""Values of what was found, and the way to and from the wire."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from landmarks.core.errors import EngineError
from landmarks.core.faces import Box, Face, order_faces
from landmarks.wire.acedata import face_from_wire, face_to_wire

REPLY = json.loads((Path(__file__).parent.parent / "replies" / "ace_guide_690x920.json").read_text())["response"]


def a_face(scale: float = 1.0) -> Face:
    return Face(tuple((index * scale, index % 7 * scale) for index in range(90)), score=0.9)


def test_a_recorded_face_comes_back_equal():
    recorded = REPLY["face_shape_set"][0]
    assert face_to_wire(face_from_wire(recorded)) == recorded


def test_the_wire_carries_whole_pixels_unless_told_otherwise():
    face = Face(tuple((index + 0.6, 0.4) for index in range(90)), score=None)
    assert face_to_wire(face)["face_profile"][0] == {"x": 1, "y": 0}
    assert face_to_wire(face, rounded=False)["face_profile"][0] == {"x": 0.6, "y": 0.4}


def test_a_face_with_89_points_is_refused():
    with pytest.raises(ValueError, match="90 points"):
        Face(((0.0, 0.0),) * 89, score=None)


def test_a_point_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="finite"):
        Face(((float("nan"), 0.0),) * 90, score=None)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda face: face.pop("mouth"),
        lambda face: face["nose"].pop(),
        lambda face: face["left_eye"].append({"x": 1, "y": 1}),
        lambda face: face["left_eye"][0].update(x="12"),
        lambda face: face["left_eye"][0].update(x=True),
        lambda face: face["left_eye"][0].pop("y"),
        lambda face: face.update(nose="<html>"),
        lambda face: face["nose"].__setitem__(0, None),
    ],
)
def test_a_spoilt_answer_is_one_clear_error(spoil):
    face = json.loads(json.dumps(REPLY["face_shape_set"][0]))
    spoil(face)
    with pytest.raises(EngineError) as caught:
        face_from_wire(face)
    assert caught.value.detail


def test_points_are_guessed_from_an_expected_error_of_eight_percent_on():
    face = replace(a_face(), uncertainty=(0.02, 0.08, 0.081, *(0.03,) * 87))
    assert face.guessed == {2}
    assert a_face().guessed == frozenset()


def test_uncertainties_that_are_not_one_a_point_are_refused():
    with pytest.raises(ValueError, match="89 uncertainties"):
        replace(a_face(), uncertainty=(0.02,) * 89)


def test_the_box_is_the_one_around_the_points():
    assert a_face().box == Box(0, 0, 89, 6)


def test_larger_faces_come_first():
    small, large = a_face(1), a_face(2)
    assert order_faces([small, large]) == (large, small)


def test_a_face_seen_in_a_crop_moves_and_grows_with_it():
    seen = a_face().seen_in(Box(10, 2, 60, 40), 3.0)
    # The middle of a pixel that is three times as large is one pixel further in.
    assert seen.points[15] == ((15 - 10) * 3 + 1, (15 % 7 - 2) * 3 + 1)
