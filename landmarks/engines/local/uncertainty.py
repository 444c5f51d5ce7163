"""The expected error of each of the 90 points.

Three errors add up as squares: the disagreement with annotators on a clear face; the error of the mesh on a small,
blurred, dark or covered one; and what a turned head hides. The numbers are fitted; docs/engine.md says how.
"""

import math

import numpy as np
from numpy.typing import NDArray

from landmarks.core.schema import POINT_COUNT, SPANS
from landmarks.engines.local.arrays import Points
from landmarks.engines.local.keypoints import FLIPPED_ARRAY
from landmarks.engines.local.pose import Head

Errors = NDArray[np.float64]
"""90, in units of the inter-ocular distance that the face would have if it were turned to the camera."""

CLEAR = 14.0
"""Log odds of presence below which a face is doubted: one in six faces of difficult photos."""

EQUAL_PRESENCE, EQUAL_YAW = 12.0, 40.0
"""Log odds and degrees of yaw from which the flipped run of a doubted face has the same weight as the first. The weight
grows gradually, so that no point jumps when a little noise makes a face doubted."""
LARGE_FROM, LARGE_TO = 240.0, 300.0
"""Pixels between the eyes from which a face gets a flipped run, too, and from which that has the same weight. By one
run alone, so large a face moves by more than a pixel when its photo is compressed anew."""


def _by_part(cheek: float, chin: float, eye: float, brow: float, mouth: float, nose: float, pupil: float) -> Errors:
    values = np.empty(POINT_COUNT)
    values[SPANS["face_profile"]] = [*[cheek] * 8, *[chin] * 5, *[cheek] * 8]
    parts = {"eye": eye, "eye_brow": brow, "pupil": pupil}
    for name, span in SPANS.items():
        if name.startswith(("left_", "right_")):
            values[span] = parts[name.partition("_")[2]]
    values[SPANS["mouth"]], values[SPANS["nose"]] = mouth, nose
    return values


ON_CLEAR_FACES = _by_part(cheek=0.018, chin=0.018, eye=0.018, brow=0.032, mouth=0.019, nose=0.038, pupil=0.008)
"""Disagreement with annotators, beyond the scatter of the mesh."""
OF_MESH = _by_part(cheek=0.022, chin=0.024, eye=0.015, brow=0.018, mouth=0.018, nose=0.017, pupil=0.015)
SMALL, ABSENT = 0.72, 1.79
"""The error of the mesh on a face that is not doubted, and the powers by which it grows as the face gets smaller than
CLEAR_SIZE and as the log odds fall below CLEAR_PRESENCE."""
OF_DOUBTED = _by_part(cheek=0.367, chin=0.395, eye=0.302, brow=0.328, mouth=0.334, nose=0.302, pupil=0.302)
SMALL_DOUBTED, ABSENT_DOUBTED = 0.24, 0.33
POINT_APART, PART_APART, FACE_APART = 0.22, 0.29, 0.18
"""The same on a doubted face, with powers of the distance between the two runs at the point, in its part of the face
and in the whole face."""
CLEAR_SIZE, CLEAR_PRESENCE = 30.0, 18.0
MIN_APART = 0.003

PARTS = tuple(
    np.r_[slices]
    for slices in (
        (slice(0, 8),),
        (slice(8, 13),),
        (slice(13, 21),),
        (SPANS["left_eye"], SPANS["left_pupil"]),
        (SPANS["right_eye"], SPANS["right_pupil"]),
        (SPANS["left_eye_brow"],),
        (SPANS["right_eye_brow"],),
        (SPANS["mouth"],),
        (SPANS["nose"],),
    )
)

HIDDEN = 0.10
"""Error of points behind nose or cheek on a profile, and at the ear end of its contour."""
FAR_FROM, FAR_TO = 35.0, 55.0
EAR_FROM, EAR_TO = 20.0, 50.0
"""Degrees of yaw between which these errors grow from 0 to all of it; beyond the first, every face is doubted."""
_LEFT_MOUTH, _LEFT_NOSE = (0, 1, 2, 10, 11, 12, 13, 20, 21), (2, 3, 4, 5, 6)
LEFT_HALF = np.r_[
    SPANS["left_eye"],
    SPANS["left_eye_brow"],
    SPANS["left_pupil"],
    SPANS["mouth"].start + np.array(_LEFT_MOUTH),
    SPANS["nose"].start + np.array(_LEFT_NOSE),
]
"""Points of the left half in the picture, without the contour."""
LEFT_END = np.arange(4)
END_SHARES = np.array([1.0, 0.75, 0.5, 0.25])
"""The share of the error that each of the four topmost points of the contour has."""


def is_doubted(presence: float, head: Head) -> bool:
    """Whether a flipped run is needed to estimate the errors."""
    return presence < CLEAR or abs(head.pose.yaw) > FAR_FROM


def weight_of_flipped(presence: float, head: Head) -> float:
    """The weight of the flipped run of a doubted or large face, 0 to 0.5; at 0 none is needed."""
    by_presence = (CLEAR - presence) / (CLEAR - EQUAL_PRESENCE)
    by_yaw = (abs(head.pose.yaw) - FAR_FROM) / (EQUAL_YAW - FAR_FROM)
    by_size = (head.scale - LARGE_FROM) / (LARGE_TO - LARGE_FROM)
    return min(max(by_presence, by_yaw, by_size, 0), 1) / 2


def expected_errors(points: Points, head: Head, presence: float, flipped: Points | None) -> Errors:
    """Expected error of each point, in units of the inter-ocular distance in the picture, at most 1.

    `points` and `flipped` are 90 × 2 in photo pixels, by the first run and by the flipped run of a doubted face.
    """
    small = max(1.0, CLEAR_SIZE / max(head.scale, 1e-6))
    absent = min(max(1 - presence / CLEAR_PRESENCE, 0), 1)
    # On profiles presence falls although the points stay good.
    absent *= float(np.interp(abs(head.pose.yaw), (FAR_FROM, FAR_TO), (1, 0)))
    if flipped is None:
        of_mesh = OF_MESH * small**SMALL * np.exp(ABSENT * absent)
    else:
        apart = np.hypot(*(flipped - points).T) / head.scale
        of_mesh = OF_DOUBTED * small**SMALL_DOUBTED * np.exp(ABSENT_DOUBTED * absent) * _growth(apart)
    errors = np.sqrt(ON_CLEAR_FACES**2 + of_mesh**2 + hidden_errors(head.pose.yaw) ** 2)
    between = math.dist(points[SPANS["right_eye"].start], points[SPANS["left_eye"].start])
    return np.asarray(np.minimum(errors * (head.scale / max(between, 1e-6)), 1.0))


def hidden_errors(yaw: float) -> Errors:
    """What a turned head adds: on the half that is turned away, and at the ear end of the contour."""
    errors = np.zeros(POINT_COUNT)
    far, end = (LEFT_HALF, FLIPPED_ARRAY[LEFT_END]) if yaw < 0 else (FLIPPED_ARRAY[LEFT_HALF], LEFT_END)
    errors[far] = HIDDEN * np.interp(abs(yaw), (FAR_FROM, FAR_TO), (0, 1))
    errors[end] = HIDDEN * END_SHARES * np.interp(abs(yaw), (EAR_FROM, EAR_TO), (0, 1))
    return errors


def _growth(apart: Errors) -> Errors:
    part = np.empty(POINT_COUNT)
    for indices in PARTS:
        part[indices] = np.sqrt((apart[indices] ** 2).mean())
    whole = np.sqrt((apart**2).mean())
    return np.asarray(
        (apart + MIN_APART) ** POINT_APART * (part + MIN_APART) ** PART_APART * (whole + MIN_APART) ** FACE_APART
    )
