"""Faces: validation, order, transforms, and their form as a dictionary."""

import json
from dataclasses import replace

import pytest

from landmarks.core.faces import Face, Gaze, Pose, order_faces
from landmarks.core.pixels import Box, Transform


def a_face(scale: float = 1.0) -> Face:
    return Face(tuple((index * scale, index % 7 * scale) for index in range(90)), score=0.9)


def test_a_face_with_89_points_is_rejected():
    with pytest.raises(ValueError, match="90 points"):
        Face(((0.0, 0.0),) * 89, score=None)


def test_a_coordinate_that_is_not_a_number_is_rejected():
    with pytest.raises(ValueError, match="finite"):
        Face(((float("nan"), 0.0),) * 90, score=None)


def test_points_with_an_expected_error_above_eight_percent_are_guessed():
    face = replace(a_face(), uncertainty=(0.02, 0.08, 0.081, *(0.03,) * 87))
    assert face.guessed == {2}
    assert a_face().guessed == frozenset()


def test_uncertainties_must_be_as_many_as_points():
    with pytest.raises(ValueError, match="89 uncertainties"):
        replace(a_face(), uncertainty=(0.02,) * 89)


def test_the_box_is_the_one_around_the_points():
    assert a_face().box == Box(0, 0, 89, 6)


def test_larger_faces_come_first():
    small, large = a_face(1), a_face(2)
    assert order_faces([small, large]) == (large, small)


def test_a_face_moves_and_grows_with_its_picture():
    to_crop = Transform.shift(-10, -2).then(Transform.scale(3.0))
    face = a_face().transformed(to_crop)
    # The centre of a pixel that is three times as large is one pixel further in.
    assert face.points[15] == ((15 - 10) * 3 + 1, (15 % 7 - 2) * 3 + 1)
    assert face.score == 0.9


def test_irises_grow_with_their_picture():
    face = replace(a_face(), irises=(12.5, None)).transformed(Transform.scale(2.0))
    assert face.irises == (25.0, None)


COMPLETE = replace(
    a_face(),
    uncertainty=(0.02,) * 90,
    pose=Pose(1.5, -2.0, 3.0),
    gaze=Gaze(-4.0, 5.0),
    irises=(12.5, None),
    covered=("mouth", "nose"),
    expressions={"jawOpen": 0.5},
)


@pytest.mark.parametrize("face", [COMPLETE, a_face()], ids=["complete", "minimal"])
def test_every_field_survives_json(face):
    assert Face.from_dict(json.loads(json.dumps(face.to_dict()))) == face


def test_other_keys_are_ignored_and_missing_ones_are_not():
    assert Face.from_dict(COMPLETE.to_dict() | {"id": 1}) == COMPLETE
    with pytest.raises(KeyError):
        Face.from_dict({"points": COMPLETE.points})


def test_a_flipped_head_turns_the_other_way():
    assert Pose(20.0, 5.0, -3.0).flipped() == Pose(-20.0, 5.0, 3.0)
    assert Gaze(4.0, -2.0).flipped() == Gaze(-4.0, -2.0)
