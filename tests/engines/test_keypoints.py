"""The 90 points computed from a mesh."""

import math

import numpy as np
import pytest

from landmarks.core.schema import SPANS
from landmarks.engines.local.keypoints import (
    FITTED,
    WEIGHTS,
    keypoints_of,
    lower_brows,
    open_lids,
    resample,
    trace_contour,
)
from landmarks.engines.local.mesh import LEFT_EYE_CORNER, RIGHT_EYE_CORNER


def disc(turned: float = 0.0) -> np.ndarray:
    """A mesh around (300, 300) with an outline of radius 100; before it is turned, its eye line is level."""
    angles = np.linspace(0, 2 * math.pi, 478)
    points = 100 * np.column_stack([np.cos(angles), np.sin(angles)])
    points[LEFT_EYE_CORNER], points[RIGHT_EYE_CORNER], points[152] = (-40, 0), (40, 0), (0, 99)
    cos, sin = math.cos(turned), math.sin(turned)
    return points @ np.array([[cos, sin], [-sin, cos]]) + 300


def test_weights_of_each_point_sum_to_one():
    assert WEIGHTS.shape == (90, 478)
    assert np.allclose(WEIGHTS.sum(axis=1), 1, atol=1e-3)


def eyes_and_brows(openness: float) -> np.ndarray:
    """478 vertices, of which those of the lids lie this far above and below 0, those of the brows 1 above."""
    mesh = np.zeros((478, 2))
    lower, upper = (
        [SPANS[eye].start + index for eye in ("left_eye", "right_eye") for index in lid]
        for lid in ((1, 2, 3), (5, 6, 7))
    )
    mesh[np.flatnonzero(FITTED[lower].any(axis=0)), 1] = openness
    mesh[np.flatnonzero(FITTED[upper].any(axis=0)), 1] = -openness
    brows = [*range(SPANS["left_eye_brow"].start, SPANS["right_eye_brow"].stop)]
    mesh[np.flatnonzero(FITTED[brows].any(axis=0)), 1] = -1
    return mesh


def test_lids_are_moved_apart_in_proportion():
    points = open_lids(FITTED, 0.1, 0.05) @ eyes_and_brows(0.5)
    eye = points[SPANS["left_eye"]]
    assert eye[[2, 6], 1] == pytest.approx((0.6, -0.55))
    assert open_lids(FITTED, 0.1, 0.05) @ eyes_and_brows(0.0) == pytest.approx(FITTED @ eyes_and_brows(0.0))


def test_brows_are_moved_towards_the_eyes():
    points = lower_brows(FITTED, 0.1) @ eyes_and_brows(0.0)
    assert points[SPANS["right_eye_brow"], 1] == pytest.approx(-0.9)


def test_only_lids_and_brows_leave_the_fitted_table():
    moved = np.flatnonzero((WEIGHTS != FITTED).any(axis=1))
    named = [SPANS[name].start + index for name in ("left_eye", "right_eye") for index in (1, 2, 3, 5, 6, 7)]
    brows = range(SPANS["left_eye_brow"].start, SPANS["right_eye_brow"].stop)
    assert moved.tolist() == sorted([*named, *brows])


def test_the_contour_is_cut_at_the_eye_line():
    contour = trace_contour(disc(), np.zeros((21, 2)))
    assert contour[0] == pytest.approx((200, 300), abs=2)
    assert contour[20] == pytest.approx((400, 300), abs=2)


def test_the_contour_passes_below_the_chin_of_the_mesh():
    assert trace_contour(disc(), np.zeros((21, 2)))[10] == pytest.approx((300, 401.25), abs=0.2)


def test_the_stretch_leaves_the_width_as_it_is():
    widths = np.ptp(trace_contour(disc(), np.zeros((21, 2))), axis=0)
    assert widths == pytest.approx((200, 101.25), abs=1)


def test_the_contour_turns_with_the_face():
    turned = trace_contour(disc(math.pi / 2), np.zeros((21, 2)))
    assert turned[0] == pytest.approx((300, 200), abs=2)
    assert turned[10] == pytest.approx((198.75, 300), abs=0.2)


def test_each_half_of_the_contour_has_equal_arcs():
    contour = trace_contour(disc(), np.zeros((21, 2)))
    arcs = np.hypot(*np.diff(contour, axis=0).T)
    assert arcs[:10] == pytest.approx(arcs[:10].mean(), rel=0.02)
    assert arcs[10:] == pytest.approx(arcs[10:].mean(), rel=0.02)


def test_a_mesh_without_extent_falls_back_to_the_fitted_oval():
    flat = np.full((478, 2), 7.0)
    assert keypoints_of(flat)[SPANS["face_profile"]] == pytest.approx(np.full((21, 2), 7.0), abs=0.01)


def test_resampling_keeps_both_ends():
    points = resample([0, 3, 3 + 7j])
    assert (points[0], points[-1]) == (0, 3 + 7j)
    assert np.abs(np.diff(points)) == pytest.approx(np.ones(10))
