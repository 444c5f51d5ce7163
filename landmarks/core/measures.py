"""What can be measured on the 90 points alone, whichever engine found them."""

import math

from landmarks.core.faces import Face, Point

OUTER_CORNER, INNER_CORNER = 0, 4
"""Indices in each eye."""
LIDS = ((1, 7), (3, 5))
"""Indices in each eye that lie above one another: lower lid, upper lid."""
MOUTH_CORNERS = (0, 6)
INNER_LIPS = ((13, 20), (14, 19), (15, 18))
"""Indices in the mouth that lie above one another: lower lip, upper lip."""


def inter_ocular_distance(face: Face) -> float:
    """Pixels between the outer corners of the eyes, by which errors are divided (NME of the 300-W challenge)."""
    return math.dist(face.region("left_eye")[OUTER_CORNER], face.region("right_eye")[OUTER_CORNER])


def eye_openness(face: Face) -> tuple[float, float]:
    """Height of the left and the right eye in units of its width: the eye aspect ratio of Soukupová and Čech (2016).

    About 0.3 on open eyes and below 0.15 on closed ones; a head that nods or turns away changes it, too.
    """
    left, right = face.region("left_eye"), face.region("right_eye")
    return (
        _height_to_width(left, LIDS, (OUTER_CORNER, INNER_CORNER)),
        _height_to_width(right, LIDS, (OUTER_CORNER, INNER_CORNER)),
    )


def mouth_openness(face: Face) -> float:
    """Distance between the inner edges of the lips in units of the mouth's width: 0 is closed."""
    return _height_to_width(face.region("mouth"), INNER_LIPS, MOUTH_CORNERS)


def _height_to_width(
    points: tuple[Point, ...], heights: tuple[tuple[int, int], ...], corners: tuple[int, int]
) -> float:
    """0 where both corners are on one spot, as they may be on a tiny face."""
    first, last = corners
    width = math.dist(points[first], points[last])
    height = sum(math.dist(points[low], points[high]) for low, high in heights) / len(heights)
    return height / width if width else 0.0
