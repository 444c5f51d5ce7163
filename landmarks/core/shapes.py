"""The mean shape of several faces, and how their points spread around it.

Generalised Procrustes analysis (Gower 1975, Goodall 1991): faces are moved, resized and turned onto their mean, and the
mean is taken again until it stays.
"""

import cmath
import math
from collections.abc import Sequence
from dataclasses import dataclass

from landmarks.core.faces import Face
from landmarks.core.measures.geometry import shape_of
from landmarks.core.pixels import Point
from landmarks.core.schema import SPANS

ROUNDS = 20
STEADY = 1e-9
"""Change of the mean, in units of its size, below which it stays."""
LEFT, RIGHT = SPANS["left_eye"].start, SPANS["right_eye"].start


@dataclass(frozen=True)
class Spread:
    """How a point scatters: one standard deviation along the axes of an ellipse, the first of them turned clockwise."""

    first: float
    second: float
    degrees: float


@dataclass(frozen=True)
class MeanShape:
    """In units of the eye distance, with the outer eye corners at (-0.5, 0) and (0.5, 0), y down."""

    points: tuple[Point, ...]
    spreads: tuple[Spread, ...]
    count: int
    """Faces that it is the mean of."""


def mean_shape(faces: Sequence[Face]) -> MeanShape | None:
    """None if there is no face, or none that is more than one point."""
    shapes = [shape for face in faces if (shape := _normalised(shape_of(face)))]
    if not shapes:
        return None
    mean = shapes[0]
    for _ in range(ROUNDS):
        shapes = [_turned_onto(mean, shape) for shape in shapes]
        before, mean = mean, _normalised([sum(points) / len(shapes) for points in zip(*shapes, strict=True)]) or mean
        if max(abs(one - other) for one, other in zip(before, mean, strict=True)) < STEADY:
            break
    axis = mean[RIGHT] - mean[LEFT]
    origin, axis = (mean[LEFT] + mean[RIGHT]) / 2, axis or complex(1, 0)
    placed = [[(point - origin) / axis for point in shape] for shape in shapes]
    columns = list(zip(*placed, strict=True))
    points = tuple((point.real, point.imag) for point in ((each - origin) / axis for each in mean))
    return MeanShape(points, tuple(map(_spread, columns)), len(shapes))


def _normalised(shape: list[complex]) -> list[complex]:
    """Around 0, of size 1; empty for a face in one point."""
    centre = sum(shape) / len(shape)
    size = math.sqrt(sum(abs(point - centre) ** 2 for point in shape))
    return [(point - centre) / size for point in shape] if size else []


def _turned_onto(mean: list[complex], shape: list[complex]) -> list[complex]:
    turn = sum(one * other.conjugate() for one, other in zip(mean, shape, strict=True))
    turn = turn / abs(turn) if turn else complex(1, 0)
    return [point * turn for point in shape]


def _spread(points: tuple[complex, ...]) -> Spread:
    """The axes of their covariance."""
    count = max(len(points) - 1, 1)
    centre = sum(points) / len(points)
    offsets = [point - centre for point in points]
    # Of a complex offset z, |z|² holds the sum of both variances, z² their difference and the covariance.
    total = sum(abs(each) ** 2 for each in offsets) / count
    apart = sum(each**2 for each in offsets) / count
    first, second = (total + abs(apart)) / 2, max(total - abs(apart), 0.0) / 2
    return Spread(math.sqrt(first), math.sqrt(second), math.degrees(cmath.phase(apart)) / 2 if apart else 0.0)
