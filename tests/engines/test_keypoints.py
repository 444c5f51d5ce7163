"""The 90 points computed from a mesh."""

import math

import numpy as np
import pytest

from landmarks.core.schema import SPANS
from landmarks.engines.local.keypoints import WEIGHTS, keypoints_of, resample, trace_contour
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
