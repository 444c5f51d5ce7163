"""The eye distance, and how open eyes and mouth are: what goes with every face in the API."""

import math
from collections.abc import Callable

from landmarks.core.faces import Face
from landmarks.core.pixels import Point

OUTER_CORNER, INNER_CORNER = 0, 4
"""Indices in each eye."""
LIDS = ((1, 7), (3, 5))
"""Opposite points of each eye, by index: lower lid, upper lid."""
MOUTH_CORNERS = (0, 6)
INNER_LIPS = ((13, 20), (14, 19), (15, 18))
"""Opposite points of the mouth, by index: lower lip, upper lip."""


def inter_ocular_distance(face: Face) -> float:
    """Pixels between the outer corners of the eyes, which normalises errors (NME of the 300-W challenge)."""
    return math.dist(face.region("left_eye")[OUTER_CORNER], face.region("right_eye")[OUTER_CORNER])


def eye_openness(face: Face) -> tuple[float | None, float | None]:
    """Height of the left and the right eye in units of its width: the eye aspect ratio of Soukupová and Čech (2016).

    About 0.3 for open eyes and below 0.15 for closed ones. It also changes when the head nods or turns. None for an eye
    that is covered.
    """
    return _of_eye(face, "left_eye"), _of_eye(face, "right_eye")


def _of_eye(face: Face, name: str) -> float | None:
    corners = (OUTER_CORNER, INNER_CORNER)
    return None if face.is_covered(name) else _height_to_width(face.region(name), LIDS, corners)


def mouth_openness(face: Face) -> float | None:
    """Mean distance between the inner edges of the lips in units of the mouth's width; 0 is closed, None covered."""
    return None if face.is_covered("mouth") else _height_to_width(face.region("mouth"), INNER_LIPS, MOUTH_CORNERS)


Value = float | None | tuple[float | None, ...]

OPENNESS: dict[str, Callable[[Face], Value]] = {
    "eye_openness": eye_openness,
    "mouth_openness": mouth_openness,
}
"""By the name in JSON."""


def openness(face: Face, digits: int = 4) -> dict[str, Value]:
    """All of OPENNESS for a face, rounded."""
    return {name: _rounded(function(face), digits) for name, function in OPENNESS.items()}


def _rounded(value: Value, digits: int) -> Value:
    if isinstance(value, tuple):
        return tuple(None if each is None else round(each, digits) for each in value)
    return None if value is None else round(value, digits)


def _height_to_width(
    points: tuple[Point, ...], opposite: tuple[tuple[int, int], ...], corners: tuple[int, int]
) -> float:
    """Mean distance of opposite points by the distance of the corners; 0 if the corners coincide, as on a tiny face."""
    first, last = corners
    width = math.dist(points[first], points[last])
    height = sum(math.dist(points[low], points[high]) for low, high in opposite) / len(opposite)
    return height / width if width else 0.0
