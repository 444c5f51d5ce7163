"""Results for the mirror image of a photo, converted to results for the photo."""

import json
from pathlib import Path

import numpy as np
import pytest

from landmarks.core.dense import DENSE_COUNT
from landmarks.core.faces import Face, Gaze, Pose
from landmarks.core.finding import Attempt
from landmarks.core.schema import POINT_COUNT, SPANS
from landmarks.engines.local.expressions import SCORE_INDICES
from landmarks.engines.local.flip import flip_attempts, flip_face, other_side
from landmarks.wire.acedata import face_from_wire
from tests.order import broken_rules

REPLY = json.loads((Path(__file__).parent.parent / "replies" / "ace_guide_690x920.json").read_text())["response"]
POINTS = tuple((float(index), 2.0 * index) for index in range(POINT_COUNT))


def face(**more) -> Face:
    return Face(POINTS, 0.9, **more)


def test_points_change_sides():
    flipped = flip_face(face(), 400)
    left, right = SPANS["left_eye"].start, SPANS["right_eye"].start
    assert flipped.points[left] == (399 - POINTS[right][0], POINTS[right][1])
    assert flipped.points[right] == (399 - POINTS[left][0], POINTS[left][1])
    assert flipped.score == 0.9


def test_uncertainties_go_with_their_points():
    flipped = flip_face(face(uncertainty=tuple(index / 100 for index in range(POINT_COUNT))), 400)
    assert flipped.uncertainty is not None
    assert flipped.uncertainty[SPANS["left_eye"].start] == SPANS["right_eye"].start / 100


@pytest.mark.parametrize(
    ("covered", "flipped"),
    [(("left_eye", "mouth"), ("right_eye", "mouth")), ((), ()), (None, None)],
    ids=["some", "nothing", "not-reported"],
)
def test_covered_regions_change_sides(covered, flipped):
    assert flip_face(face(covered=covered), 400).covered == flipped


def test_irises_change_sides():
    assert flip_face(face(irises=(12.5, None)), 400).irises == (None, 12.5)


def test_head_and_eyes_turn_the_other_way():
    flipped = flip_face(face(pose=Pose(20.0, 5.0, -3.0), gaze=Gaze(4.0, -2.0)), 400)
    assert (flipped.pose, flipped.gaze) == (Pose(-20.0, 5.0, 3.0), Gaze(-4.0, -2.0))


def test_expressions_change_sides_under_the_same_names():
    scores = {name: index / 100 for name, index in SCORE_INDICES.items()}
    flipped = flip_face(face(expressions=scores), 400).expressions
    assert flipped is not None
    assert list(flipped) == list(scores)
    assert flipped["mouthSmileLeft"] == scores["mouthSmileRight"]
    assert flipped["jawOpen"] == scores["jawOpen"]


@pytest.mark.parametrize(("name", "other"), [("eyeBlinkLeft", "eyeBlinkRight"), ("jawOpen", "jawOpen")])
def test_only_names_with_a_side_have_another_one(name, other):
    assert other_side(name) == other
    assert other_side(other) == name


def test_missing_values_stay_missing():
    flipped = flip_face(face(), 400)
    assert (flipped.uncertainty, flipped.pose, flipped.gaze, flipped.expressions) == (None,) * 4


def test_flipping_twice_gives_the_face_itself():
    whole = face(uncertainty=tuple(np.linspace(0, 1, POINT_COUNT)), pose=Pose(1, 2, 3), gaze=Gaze(1, 2))
    assert flip_face(flip_face(whole, 400), 400) == whole


def test_quarter_turns_change_direction_and_keep_their_order():
    tried = [Attempt(turned, None, None, turned) for turned in (0, 90, 180, 270)]
    flipped = flip_attempts(tried)
    assert [(attempt.turned, attempt.face_count) for attempt in flipped] == [(0, 0), (90, 270), (180, 180), (270, 90)]


def test_a_real_answer_keeps_its_order_when_flipped():
    flipped = flip_face(face_from_wire(REPLY["face_shape_set"][0]), REPLY["image_width"])
    assert broken_rules({name: flipped.points[span] for name, span in SPANS.items()}) == []


def test_dense_points_change_sides_and_keep_their_depth():
    dense = tuple((float(number), 2.0 * number, -number / 8) for number in range(DENSE_COUNT))
    flipped = flip_face(face(dense=dense), 400)
    outer_corners = 33, 263
    for here, there in (outer_corners, outer_corners[::-1]):
        assert flipped.dense is not None
        assert flipped.dense[here] == (399 - dense[there][0], *dense[there][1:])
