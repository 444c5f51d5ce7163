"""Everything that is measured on a face, in every unit, with errors and warnings."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from landmarks.core.faces import Face
from landmarks.core.measures.definition import Kind, Measure
from landmarks.core.measures.geometry import Shape, shape_of
from landmarks.core.measures.propagation import Figure, deviations, propagate
from landmarks.core.measures.registry import MEASURES
from landmarks.core.measures.scale import NoScale, Scale, scale_of
from landmarks.core.measures.symmetry import symmetry
from landmarks.core.schema import SPANS

TURNED = 10.0
"""Degrees of yaw beyond which the sides cannot be compared: the far one is foreshortened."""
EYE_DISTANCE = frozenset({SPANS["left_eye"].start, SPANS["right_eye"].start})


class Unit(StrEnum):
    PX = "px"
    EYE_PERCENT = "eye_percent"
    """Percent of the eye distance, between the outer corners."""
    MM = "mm"
    DEGREE = "degree"
    PERCENT = "percent"


@dataclass(frozen=True)
class Values:
    """A measure in one unit; what it has no sides for is None, and so is what cannot be measured."""

    whole: Figure | None = None
    """Of a measure without sides."""
    left: Figure | None = None
    right: Figure | None = None
    difference: Figure | None = None
    """Left minus right."""


@dataclass(frozen=True)
class Row:
    """A measure of a face."""

    measure: Measure
    values: dict[Unit, Values]
    percent: Figure | None
    """The difference in percent of the mean of both sides; None for angles, and where the mean is not above 0."""
    is_guessed: bool
    """Whether it needs a guessed point."""


@dataclass(frozen=True)
class FaceMeasures:
    symmetry: Figure | None
    yaw: float | None
    """Degrees; None if the engine reports no pose."""
    scale: Scale | NoScale
    rows: tuple[Row, ...]

    @property
    def is_turned(self) -> bool:
        """Whether differences, and the symmetry, come from the turn as much as from the face."""
        return self.yaw is not None and abs(self.yaw) > TURNED


def measure(face: Face, measures: Iterable[Measure] = MEASURES.values()) -> FaceMeasures:
    scale = scale_of(face)
    rows = tuple(row(face, each, scale) for each in measures)
    return FaceMeasures(symmetry(face), face.pose.yaw if face.pose else None, scale, rows)


def row(face: Face, each: Measure, scale: Scale | NoScale) -> Row:
    shape, scatter = shape_of(face), deviations(face)
    points = each.points | (EYE_DISTANCE if each.kind is Kind.LENGTH else frozenset())
    found = propagate(_all_values(each), shape, points, scatter)
    values: dict[Unit, Values] = {}
    if each.kind is Kind.LENGTH:
        half = len(found) // 2
        values[Unit.PX] = _values(each, found[:half])
        values[Unit.EYE_PERCENT] = _values(each, found[half:])
        if isinstance(scale, Scale):
            values[Unit.MM] = _scaled(values[Unit.PX], scale.mm_per_px)
    else:
        values[Unit.DEGREE if each.kind is Kind.ANGLE else Unit.PERCENT] = _values(each, found)
    percent = found[3] if each.has_sides and each.kind is not Kind.ANGLE else None
    return Row(each, values, percent, not face.guessed.isdisjoint(each.points))


def _all_values(each: Measure) -> Callable[[Shape], tuple[float, ...]]:
    """The value, or left, right, difference and its percentage; of a length twice, then by the eye distance."""

    def plain(shape: Shape) -> tuple[float, ...]:
        if not each.has_sides:
            return (each.left(shape),)
        left, right = each.left(shape), each.right(shape)
        total = left + right
        return left, right, left - right, 200 * (left - right) / total if total > 0 else math.nan

    def with_shares(shape: Shape) -> tuple[float, ...]:
        first, second = (shape[index] for index in EYE_DISTANCE)
        unit = abs(first - second) / 100
        values = plain(shape)
        return *values, *(value / unit if unit else math.nan for value in values)

    return with_shares if each.kind is Kind.LENGTH else plain


def _values(each: Measure, found: tuple[Figure | None, ...]) -> Values:
    return Values(left=found[0], right=found[1], difference=found[2]) if each.has_sides else Values(whole=found[0])


def _scaled(values: Values, factor: float) -> Values:
    def scaled(figure: Figure | None) -> Figure | None:
        return figure and Figure(figure.value * factor, figure.error and figure.error * factor)

    return Values(*(scaled(each) for each in (values.whole, values.left, values.right, values.difference)))
