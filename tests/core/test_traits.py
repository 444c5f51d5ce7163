"""What the history is filtered by: of several faces, any one decides."""

from dataclasses import replace

import pytest

from landmarks.core.faces import Face, Pose
from landmarks.core.traits import traits_of
from tests.drawing.faces import make_face

FACE = make_face(side=200)


def turned(yaw: float) -> Face:
    return replace(FACE, pose=Pose(yaw, 0.0, 0.0))


def test_without_faces_there_are_none() -> None:
    assert traits_of([]) is None


def test_a_face_without_pose_and_errors_has_a_size_only() -> None:
    traits = traits_of([FACE])
    assert traits and (traits.has_guessed, traits.has_turned) == (False, False)
    assert traits.smallest_face == int(FACE.box.height) > FACE.box.width - 1


@pytest.mark.parametrize(("yaw", "is_turned"), [(30.0, False), (30.1, True), (-30.1, True), (-29.0, False)])
def test_a_head_is_turned_beyond_thirty_degrees_to_either_side(yaw: float, is_turned: bool) -> None:
    traits = traits_of([FACE, turned(yaw)])
    assert traits and traits.has_turned == is_turned


def test_one_guessed_point_of_one_face_is_enough() -> None:
    traits = traits_of([FACE, replace(FACE, uncertainty=(*(0.02,) * 89, 0.081))])
    assert traits and traits.has_guessed


def test_the_smallest_face_counts_by_its_longer_side() -> None:
    small = make_face(side=40)
    traits = traits_of([FACE, small])
    assert traits and traits.smallest_face == int(max(small.box.width, small.box.height))
