"""Which way the eyes look within the head, from where the irises stand between the corners of the eyes."""

import math

import numpy as np
from numpy.typing import NDArray

from landmarks.core.faces import Gaze
from landmarks.engines.local.mesh import Vertices
from landmarks.engines.local.pose import Head

EYES = np.array([(468, 33, 133, 159, 145), (473, 263, 362, 386, 374)])
"""Vertices of each eye: iris, outer and inner corner, middle of the upper and of the lower lid."""
RADIUS = 0.11
"""From the centre of the eyeball to the pupil: 10 of the 90 millimetres between the outer corners."""
DEPTH = -0.04
"""The pupil stands 3.5 of those millimetres before the corners."""
RESTING = -0.02
"""Above the line of the corners, where the pupil stands on faces that look into the camera."""
APART, SQUINT = 0.028, 0.04
"""How much further apart than the middles of the eyes the pupils stand, and how far from that they may be."""
SMALLEST = 60
"""Inter-ocular distance in pixels from which the irises are told apart well enough."""
NARROWEST = 0.15
"""Height of an eye to its width, below which its iris is covered."""
MOST_TURNED = 40
"""Degrees of yaw up to which both eyes are seen well enough."""


def gaze_of(vertices: Vertices, head: Head) -> Gaze | None:
    """None where the eyes are too small, too far closed, turned away or do not agree."""
    if head.scale < SMALLEST or abs(head.pose.yaw) > MOST_TURNED:
        return None
    eyes = vertices[EYES, :2]
    if min(map(_opening, eyes.tolist())) < NARROWEST:
        return None
    (left, right), (left_down, right_down) = _pupils(eyes, head).tolist()
    if abs(right - left - APART) > SQUINT:
        return None
    return Gaze(_degrees((left + right) / 2), _degrees(RESTING - (left_down + right_down) / 2))


def _opening(eye: list[list[float]]) -> float:
    """Height to width."""
    _, outer, inner, upper, lower = eye
    return math.dist(upper, lower) / max(math.dist(outer, inner), 1e-9)


def _pupils(eyes: NDArray[np.float64], head: Head) -> NDArray[np.float64]:
    """x of both, y of both, from the middle between the corners, in the frame of the head, in units of its inter-ocular
    distance.

    The depth of the irises is too noisy to be used, so it is taken as known.
    """
    seen = (eyes[:, 0] - (eyes[:, 1] + eyes[:, 2]) / 2) / head.scale
    return np.asarray(np.linalg.solve(head.turn[:2, :2], (seen - head.turn[:2, 2] * DEPTH).T))


def _degrees(offset: float) -> float:
    return round(math.degrees(math.asin(min(max(offset / RADIUS, -1), 1))), 1)
