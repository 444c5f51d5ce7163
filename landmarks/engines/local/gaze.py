"""Which way the eyes look within the head, from the position of the irises between the corners of the eyes."""

import math

import numpy as np
from numpy.typing import NDArray

from landmarks.core.faces import Gaze
from landmarks.engines.local.mesh import Vertices
from landmarks.engines.local.pose import Head

EYES = np.array([(468, 33, 133, 159, 145), (473, 263, 362, 386, 374)])
"""Vertices of each eye: iris, outer corner, inner corner, middle of the upper lid, middle of the lower lid.

Lengths below are in units of the inter-ocular distance, about 90 mm.
"""
RADIUS = 0.11
"""From the centre of the eyeball to the pupil: about 10 mm."""
DEPTH = -0.04
"""Of the pupil: about 3.5 mm in front of the eye corners."""
STRAIGHT = -0.02
"""Height of the pupil, y down, on faces that look into the camera: above the line of the eye corners."""
APART, SQUINT = 0.028, 0.04
"""How much further apart the pupils are than the centres of the eyes, and how far from that they may be."""
MIN_DISTANCE = 60
"""Inter-ocular distance in pixels below which the irises are not resolved."""
MIN_OPENING = 0.15
"""Height of an eye by its width, below which the iris is covered."""
MAX_YAW = 40
"""Degrees up to which both eyes are visible enough."""


def gaze_of(vertices: Vertices, head: Head) -> Gaze | None:
    """Gaze in degrees; None if the eyes are too small, too far closed, turned away or disagree."""
    if head.scale < MIN_DISTANCE or abs(head.pose.yaw) > MAX_YAW:
        return None
    eyes = vertices[EYES, :2]
    if min(map(opening, eyes.tolist())) < MIN_OPENING:
        return None
    (left, right), (left_down, right_down) = _pupils(eyes, head).tolist()
    if abs(right - left - APART) > SQUINT:
        return None
    return Gaze(_degrees((left + right) / 2), _degrees(STRAIGHT - (left_down + right_down) / 2))


def opening(eye: list[list[float]]) -> float:
    """Height by width."""
    _, outer, inner, upper, lower = eye
    return math.dist(upper, lower) / max(math.dist(outer, inner), 1e-9)


def _pupils(eyes: NDArray[np.float64], head: Head) -> NDArray[np.float64]:
    """2 × 2: x of both pupils, y of both, from the centre of each eye, in the frame of the head.

    The depth of the irises is too noisy to be used, so DEPTH is assumed.
    """
    offsets = (eyes[:, 0] - (eyes[:, 1] + eyes[:, 2]) / 2) / head.scale
    return np.asarray(np.linalg.solve(head.turn[:2, :2], (offsets - head.turn[:2, 2] * DEPTH).T))


def _degrees(offset: float) -> float:
    return round(math.degrees(math.asin(min(max(offset / RADIUS, -1), 1))), 1)
