"""The building blocks of measures: distances and angles between points, in the frame of the eyes.

A point is a complex number, x + y·j in pixels. The frame of the eyes lies between the pupils: real along the line from
the left to the right pupil, imaginary across it towards the chin, as in Emotrics (Guarin et al. 2018). So a tilted head
changes no measure. What has sides is defined for the left one; the right one is the same of the mirror image.
"""

import cmath
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from landmarks.core.faces import Face
from landmarks.core.schema import FLIPPED, SPANS

Shape = Sequence[complex]
"""90 points in the order of the schema."""
Landmark = tuple[int, ...]
"""Indices of points; the landmark is their mean."""
Segment = tuple[complex, complex]
"""A line that shows what is measured."""


@dataclass(frozen=True)
class Geometry:
    """How something is measured: the points it needs, its value, and what shows it in a picture."""

    points: frozenset[int]
    value: Callable[[Shape], float]
    """In pixels, degrees or percent; NaN where it cannot be measured."""
    segments: Callable[[Shape], tuple[Segment, ...]]


class Mirrored(Sequence[complex]):
    """The mirror image of a shape: x is negated, and each point has the meaning that it has there."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape

    def __getitem__(self, index: int) -> complex:  # type: ignore[override]
        point = self.shape[FLIPPED[index]]
        return complex(-point.real, point.imag)

    def __len__(self) -> int:
        return len(self.shape)


def shape_of(face: Face) -> list[complex]:
    return [complex(x, y) for x, y in face.points]


def landmark(region: str, *indices: int) -> Landmark:
    return tuple(SPANS[region].start + index for index in indices)


def other(*landmarks: Landmark) -> Landmark:
    """The landmark on the other side; of several, the mean of all."""
    return tuple(FLIPPED[index] for each in landmarks for index in each)


LEFT_PUPIL = landmark("left_pupil", 0)
RIGHT_PUPIL = other(LEFT_PUPIL)
PUPILS = LEFT_PUPIL + RIGHT_PUPIL


def gap(first: Landmark, second: Landmark) -> Geometry:
    """The distance between two landmarks."""
    return Geometry(
        frozenset(first + second),
        lambda shape: abs(at(shape, first) - at(shape, second)),
        lambda shape: ((at(shape, first), at(shape, second)),),
    )


def across(first: Landmark, second: Landmark) -> Geometry:
    """How far the second is to the right of the first, along the line of the pupils."""

    def value(shape: Shape) -> float:
        return ((at(shape, second) - at(shape, first)) / direction(shape)).real

    def segments(shape: Shape) -> tuple[Segment, ...]:
        end = at(shape, second)
        return ((end - value(shape) * direction(shape), end),)

    return Geometry(frozenset(first + second + PUPILS), value, segments)


def down(first: Landmark, second: Landmark) -> Geometry:
    """How far the second is below the first, across the line of the pupils."""

    def value(shape: Shape) -> float:
        return ((at(shape, second) - at(shape, first)) / direction(shape)).imag

    def segments(shape: Shape) -> tuple[Segment, ...]:
        end = at(shape, second)
        return ((end - 1j * value(shape) * direction(shape), end),)

    return Geometry(frozenset(first + second + PUPILS), value, segments)


def below(start: Landmark, curve: tuple[Landmark, ...], sign: int = 1) -> Geometry:
    """How far below a landmark a curve is, straight down; above it with the sign -1."""

    def foot(shape: Shape) -> complex:
        return crossing(shape, curve, at(shape, start))

    return Geometry(
        frozenset((*start, *PUPILS, *(index for each in curve for index in each))),
        lambda shape: sign * ((foot(shape) - at(shape, start)) / direction(shape)).imag,
        lambda shape: ((at(shape, start), foot(shape)),),
    )


def from_midline(curve: tuple[Landmark, ...], end: Landmark) -> Geometry:
    """The distance from where the midline of the pupils crosses a curve to a landmark."""

    def start(shape: Shape) -> complex:
        return crossing(shape, curve, at(shape, PUPILS))

    return Geometry(
        frozenset((*end, *PUPILS, *(index for each in curve for index in each))),
        lambda shape: abs(at(shape, end) - start(shape)),
        lambda shape: ((start(shape), at(shape, end)),),
    )


def angle(of: Geometry, reference: Callable[[Shape], complex]) -> Callable[[Shape], float]:
    """Degrees by which the segment is turned from a direction, in the sense that moves its left end up."""

    def value(shape: Shape) -> float:
        (start, end), *_ = of.segments(shape)
        along = (end - start) * reference(shape).conjugate()
        return math.degrees(cmath.phase(along)) if along else math.nan

    return value


def percent(part: Geometry, whole: Geometry) -> Geometry:
    """One length in percent of another."""

    def value(shape: Shape) -> float:
        total = whole.value(shape)
        return 100 * part.value(shape) / total if total else math.nan

    return Geometry(part.points | whole.points, value, lambda shape: (*part.segments(shape), *whole.segments(shape)))


def at(shape: Shape, where: Landmark) -> complex:
    return sum(shape[index] for index in where) / len(where)


def direction(shape: Shape) -> complex:
    """From the left to the right pupil, 1 px long."""
    along = at(shape, RIGHT_PUPIL) - at(shape, LEFT_PUPIL)
    return along / abs(along) if along else complex(1, 0)


def crossing(shape: Shape, curve: tuple[Landmark, ...], through: complex) -> complex:
    """Where the line straight down through a point crosses a curve from left to right; its nearer end beside it."""
    along = direction(shape)
    line = [(at(shape, each) - through) / along for each in curve]
    return through + along * _at_zero(line)


def _at_zero(line: list[complex]) -> complex:
    for here, after in pairwise(line):
        if here.real <= 0 <= after.real and here.real != after.real:
            return here + (after - here) * (-here.real / (after.real - here.real))
    return min(line, key=lambda each: abs(each.real))
