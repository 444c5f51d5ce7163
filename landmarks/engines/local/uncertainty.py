"""How far off each of the 90 points is expected to be.

Three things add up as squares: how well people's marks and ours agree on a clear face; what the mesh loses on a small,
blurred, dark or covered one; and what nobody can see on a turned one. The numbers are fitted; docs/engine.md says how.
"""

import math

import numpy as np
from numpy.typing import NDArray

from landmarks.core.schema import POINT_COUNT, SPANS
from landmarks.engines.local.keypoints import MIRRORED, Points
from landmarks.engines.local.pose import Head

Errors = NDArray[np.float64]
"""One for each of the 90 points, in units of the inter-ocular distance of a face that looks into the camera."""

SURE = 14.0
"""Log odds of presence from which on a face is taken to be seen clearly: one in six of difficult photos is below."""

SHARED_FROM, SHARED_YAW = 12.0, 40.0
"""Log odds and degrees of yaw from which on the mirrored look of a doubted face counts as much as the first. On the way
there it counts for less, so that no point jumps when a little noise makes a face doubted."""
LARGE_FROM, LARGE_TO = 240.0, 300.0
"""Pixels between the eyes from which on a face gets a mirrored look, too, and from which on that counts as much: by one
look alone so large a face moves by more than a pixel when its photo is compressed anew."""


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
"""Between people's marks and ours, beyond what the mesh scatters."""
OF_MESH = _by_part(cheek=0.022, chin=0.024, eye=0.015, brow=0.018, mouth=0.018, nose=0.017, pupil=0.015)
SMALL, ABSENT = 0.72, 1.79
"""What the mesh adds on a face that it is sure of: more by these powers as it gets smaller than CLEAR_SIZE and as the
log odds fall below CLEAR_PRESENCE."""
OF_DOUBTED = _by_part(cheek=0.367, chin=0.395, eye=0.302, brow=0.328, mouth=0.334, nose=0.302, pupil=0.302)
SMALL_DOUBTED, ABSENT_DOUBTED = 0.24, 0.33
POINT_APART, PART_APART, FACE_APART = 0.22, 0.29, 0.18
"""The same where a mirrored look was taken: powers of how far the two looks are apart at the point, in its part of the
face and in all of the face."""
CLEAR_SIZE, CLEAR_PRESENCE = 30.0, 18.0
LEAST_APART = 0.003

PARTS = tuple(
    np.r_[places]
    for places in (
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
"""Error of what lies behind nose or cheek on a profile, and of the ear-side end of its contour."""
FAR_FROM, FAR_TO = 35.0, 55.0
EAR_FROM, EAR_TO = 20.0, 50.0
"""Degrees of yaw between which these errors grow from nought to all of it; beyond the first any face is doubted."""
_LEFT_MOUTH, _LEFT_NOSE = (0, 1, 2, 10, 11, 12, 13, 20, 21), (2, 3, 4, 5, 6)
LEFT_HALF = np.r_[
    SPANS["left_eye"],
    SPANS["left_eye_brow"],
    SPANS["left_pupil"],
    SPANS["mouth"].start + np.array(_LEFT_MOUTH),
    SPANS["nose"].start + np.array(_LEFT_NOSE),
]
"""Points on the left of the picture, without the contour."""
LEFT_END = np.arange(4)
END_SHARES = np.array([1.0, 0.75, 0.5, 0.25])
"""The four uppermost points of the contour on the left, and how much of the error each has."""


def is_doubted(presence: float, head: Head) -> bool:
    """Whether a second, mirrored look should tell how far the face can be trusted."""
    return presence < SURE or abs(head.pose.yaw) > FAR_FROM


def share_of_second(presence: float, head: Head) -> float:
    """How much a mirrored look at a doubted or large face counts, 0 to a half; with 0 none is needed."""
    by_presence = (SURE - presence) / (SURE - SHARED_FROM)
    by_yaw = (abs(head.pose.yaw) - FAR_FROM) / (SHARED_YAW - FAR_FROM)
    by_size = (head.scale - LARGE_FROM) / (LARGE_TO - LARGE_FROM)
    return min(max(by_presence, by_yaw, by_size, 0), 1) / 2


def expected_errors(points: Points, head: Head, presence: float, second: Points | None) -> Errors:
    """In units of the inter-ocular distance in the picture, `second` being the same points by a mirrored look."""
    small = max(1.0, CLEAR_SIZE / max(head.scale, 1e-6))
    absent = min(max(1 - presence / CLEAR_PRESENCE, 0), 1)
    # Presence falls on profiles although the points stay good.
    absent *= float(np.interp(abs(head.pose.yaw), (FAR_FROM, FAR_TO), (1, 0)))
    if second is None:
        of_mesh = OF_MESH * small**SMALL * np.exp(ABSENT * absent)
    else:
        apart = np.hypot(*(second - points).T) / head.scale
        of_mesh = OF_DOUBTED * small**SMALL_DOUBTED * np.exp(ABSENT_DOUBTED * absent) * _growth(apart)
    errors = np.sqrt(ON_CLEAR_FACES**2 + of_mesh**2 + hidden_errors(head.pose.yaw) ** 2)
    between = math.dist(points[SPANS["right_eye"].start], points[SPANS["left_eye"].start])
    return np.asarray(np.minimum(errors * (head.scale / max(between, 1e-6)), 1.0))


def hidden_errors(yaw: float) -> Errors:
    """What a turn adds: on the half of the face that is turned away, and at the end of the contour near the ear."""
    errors = np.zeros(POINT_COUNT)
    far, end = (LEFT_HALF, MIRRORED[LEFT_END]) if yaw < 0 else (MIRRORED[LEFT_HALF], LEFT_END)
    errors[far] = HIDDEN * np.interp(abs(yaw), (FAR_FROM, FAR_TO), (0, 1))
    errors[end] = HIDDEN * END_SHARES * np.interp(abs(yaw), (EAR_FROM, EAR_TO), (0, 1))
    return errors


def _growth(apart: Errors) -> Errors:
    part = np.empty(POINT_COUNT)
    for places in PARTS:
        part[places] = np.sqrt((apart[places] ** 2).mean())
    whole = np.sqrt((apart**2).mean())
    return np.asarray(
        (apart + LEAST_APART) ** POINT_APART * (part + LEAST_APART) ** PART_APART * (whole + LEAST_APART) ** FACE_APART
    )
