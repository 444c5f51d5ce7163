"""Which way eyes look."""

from dataclasses import replace

import numpy as np
import pytest

from landmarks.engines.local.gaze import DEPTH, EYES, RADIUS, STRAIGHT, gaze_of
from landmarks.engines.local.pose import Head

AHEAD = Head(np.eye(3), 100.0)


def eyes(across: float = 0.0, down: float = 0.0, opening: float = 0.3, head: Head = AHEAD) -> np.ndarray:
    """Two eyes whose pupils are off centre by this much, in units of the inter-ocular distance."""
    vertices = np.zeros((478, 3))
    for side, (iris, outer, inner, upper, lower) in zip((-1, 1), EYES, strict=True):
        middle = np.array([0.35 * side, 0, 0])
        vertices[outer], vertices[inner] = middle + [0.15 * side, 0, 0], middle - [0.15 * side, 0, 0]
        vertices[upper], vertices[lower] = middle - [0, 0.15 * opening, 0], middle + [0, 0.15 * opening, 0]
        vertices[iris] = middle + [0.014 * side + across, STRAIGHT + down, DEPTH]
    return np.asarray(vertices @ head.turn.T * head.scale + 500)


def test_centred_pupils_look_straight_ahead():
    gaze = gaze_of(eyes(), AHEAD)
    assert gaze and (gaze.yaw, gaze.pitch) == pytest.approx((0, 0), abs=0.1)


def test_pupils_that_move_right_and_up_change_yaw_and_pitch():
    gaze = gaze_of(eyes(across=RADIUS / 2, down=-RADIUS / 2), AHEAD)
    assert gaze and (gaze.yaw, gaze.pitch) == pytest.approx((30, 30), abs=0.1)


def test_the_turn_of_the_head_is_subtracted():
    angle = np.radians(25)
    turn = np.array([[np.cos(angle), 0, -np.sin(angle)], [0, 1, 0], [np.sin(angle), 0, np.cos(angle)]])
    head = Head(turn, 100.0)
    gaze = gaze_of(eyes(across=-RADIUS / 2, head=head), head)
    assert gaze and gaze.yaw == pytest.approx(-30, abs=0.1)


def test_small_closed_and_turned_eyes_have_no_gaze():
    turned = np.array([[0.5, 0, -0.87], [0, 1, 0], [0.87, 0, 0.5]])
    assert gaze_of(eyes(head=replace(AHEAD, scale=50.0)), replace(AHEAD, scale=50.0)) is None
    assert gaze_of(eyes(opening=0.1), AHEAD) is None
    assert gaze_of(eyes(head=Head(turned, 100.0)), Head(turned, 100.0)) is None


def test_eyes_that_disagree_have_no_gaze():
    vertices = eyes()
    vertices[EYES[0][0], 0] += 6
    assert gaze_of(vertices, AHEAD) is None
