"""What was found in the mirror image of a photo, told for the photo."""

import json
from pathlib import Path

import numpy as np
import pytest

from landmarks.core.faces import Face, Gaze, Pose
from landmarks.core.finding import Attempt
from landmarks.core.schema import POINT_COUNT, SPANS
from landmarks.engines.local.expressions import PLACES
from landmarks.engines.local.flip import mirror_attempts, mirror_face, other_side
from landmarks.wire.acedata import face_from_wire
from tests.order import broken_rules

REPLY = json.loads((Path(__file__).parent.parent / "replies" / "ace_guide_690x920.json").read_text())["response"]
POINTS = tuple((float(place), 2.0 * place) for place in range(POINT_COUNT))


def face(**more) -> Face:
    return Face(POINTS, 0.9, **more)


def test_points_change_sides():
    mirrored = mirror_face(face(), 400)
    left, right = SPANS["left_eye"].start, SPANS["right_eye"].start
    assert mirrored.points[left] == (399 - POINTS[right][0], POINTS[right][1])
    assert mirrored.points[right] == (399 - POINTS[left][0], POINTS[left][1])
    assert mirrored.score == 0.9


def test_what_is_expected_of_a_point_goes_with_it():
    mirrored = mirror_face(face(uncertainty=tuple(place / 100 for place in range(POINT_COUNT))), 400)
    assert mirrored.uncertainty is not None
    assert mirrored.uncertainty[SPANS["left_eye"].start] == SPANS["right_eye"].start / 100


def test_head_and_eyes_turn_the_other_way():
    mirrored = mirror_face(face(pose=Pose(20.0, 5.0, -3.0), gaze=Gaze(4.0, -2.0)), 400)
    assert (mirrored.pose, mirrored.gaze) == (Pose(-20.0, 5.0, 3.0), Gaze(-4.0, -2.0))


def test_expressions_change_sides_under_the_same_names():
    scores = {name: place / 100 for name, place in PLACES.items()}
    mirrored = mirror_face(face(expressions=scores), 400).expressions
    assert mirrored is not None
    assert list(mirrored) == list(scores)
    assert mirrored["mouthSmileLeft"] == scores["mouthSmileRight"]
    assert mirrored["jawOpen"] == scores["jawOpen"]


@pytest.mark.parametrize(("name", "other"), [("eyeBlinkLeft", "eyeBlinkRight"), ("jawOpen", "jawOpen")])
def test_only_names_with_a_side_have_another_one(name, other):
    assert other_side(name) == other
    assert other_side(other) == name


def test_what_is_not_told_stays_so():
    mirrored = mirror_face(face(), 400)
    assert (mirrored.uncertainty, mirrored.pose, mirrored.gaze, mirrored.expressions) == (None,) * 4


def test_mirrored_twice_is_the_face_itself():
    whole = face(uncertainty=tuple(np.linspace(0, 1, POINT_COUNT)), pose=Pose(1, 2, 3), gaze=Gaze(1, 2))
    assert mirror_face(mirror_face(whole, 400), 400) == whole


def test_quarter_turns_are_told_the_other_way_round_in_the_same_order():
    tried = [Attempt(turned, None, None, turned) for turned in (0, 90, 180, 270)]
    told = mirror_attempts(tried)
    assert [(attempt.turned, attempt.face_count) for attempt in told] == [(0, 0), (90, 270), (180, 180), (270, 90)]


def test_a_real_answer_keeps_its_order_when_it_is_mirrored():
    mirrored = mirror_face(face_from_wire(REPLY["face_shape_set"][0]), REPLY["image_width"])
    assert broken_rules({name: mirrored.points[span] for name, span in SPANS.items()}) == []
