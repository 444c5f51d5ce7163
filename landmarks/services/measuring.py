"""Measures of the largest faces of several results, and pictures of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import StatisticsError, correlation, fmean, stdev

from landmarks.core.errors import NotFound
from landmarks.core.faces import Face
from landmarks.core.measures import MEASURES, Figure, measure
from landmarks.core.measures.definition import Kind, Measure
from landmarks.core.measures.report import Unit, Values
from landmarks.core.shapes import mean_shape
from landmarks.drawing.mean_shape import draw_mean_shape
from landmarks.drawing.scatter import Places, Series, Theme, Value, draw_scatter
from landmarks.models import Face as FaceRow
from landmarks.models import Result, ResultQuerySet
from landmarks.storage.errors import storage_errors

MOST = 1000
"""Results of a selection that are measured, the newest ones: more do not fit into a picture."""
UNIT_NAMES = {
    Unit.PX: "px",
    Unit.EYE_PERCENT: "% of the eye distance",
    Unit.MM: "mm by the iris",
    Unit.DEGREE: "degrees",
    Unit.PERCENT: "%",
}


@dataclass(frozen=True)
class Measured:
    """One measure of the largest face of a result."""

    result: Result
    values: Values | None
    """None if the face cannot be measured in that unit."""


@dataclass(frozen=True)
class Summary:
    """A series in figures."""

    label: str
    count: int
    mean: float
    deviation: float | None
    """Between the faces; None for one."""
    least: float
    most: float


WHOLE = ("whole",)
SIDES = ("left", "right")


@dataclass(frozen=True)
class Comparison:
    """One measure of the largest faces of several results, the oldest first."""

    measure: Measure
    unit: Unit
    faces: tuple[Measured, ...]

    @property
    def title(self) -> str:
        return f"{self.measure.title}, {UNIT_NAMES[self.unit]}"

    @property
    def series(self) -> tuple[Series, ...]:
        return tuple(Series(side.capitalize(), self.values(side)) for side in self.sides)

    @property
    def sides(self) -> tuple[str, ...]:
        return SIDES if self.measure.has_sides else WHOLE

    def figures(self, side: str) -> list[Figure | None]:
        """Of each face; of a measure without sides, the same for both."""
        return [getattr(face.values, side if self.measure.has_sides else "whole", None) for face in self.faces]

    def values(self, side: str) -> list[Value]:
        figures = enumerate(self.figures(side), start=1)
        return [Value(place, figure.value, figure.error) for place, figure in figures if figure]

    def summaries(self) -> list[Summary]:
        return [summary(each) for each in self.series if each.values]


@dataclass(frozen=True)
class Relation:
    """One measure against another one of the same faces, side by side where one of them has sides."""

    across: Comparison
    up: Comparison

    @property
    def title(self) -> str:
        return f"{self.up.title}, against {self.across.title}"

    @property
    def series(self) -> tuple[Series, ...]:
        sides = SIDES if self.across.measure.has_sides or self.up.measure.has_sides else WHOLE
        return tuple(Series(side.capitalize(), self.pairs(side)) for side in sides)

    def pairs(self, side: str) -> list[Value]:
        """Of the faces on which both can be measured."""
        figures = zip(self.across.figures(side), self.up.figures(side), strict=True)
        return [Value(x.value, y.value, y.error, x.error) for x, y in figures if x and y]

    def correlations(self) -> list[tuple[str, int, float | None]]:
        """Of each series its label, how many faces it has, and Pearson's coefficient: None of fewer than three, or if
        all have the same value.
        """
        return [(each.label, len(each.values), pearson(each.values)) for each in self.series if each.values]


def pearson(values: Sequence[Value]) -> float | None:
    if len(values) < 3:
        return None
    try:
        return correlation([each.at for each in values], [each.value for each in values])
    except StatisticsError:
        return None


def summary(series: Series) -> Summary:
    values = [each.value for each in series.values]
    deviation = stdev(values) if len(values) > 1 else None
    return Summary(series.label, len(values), fmean(values), deviation, min(values), max(values))


def largest_faces(results: ResultQuerySet) -> list[tuple[Result, Face]]:
    """The largest face of each result that has one, the oldest first; of the newest MOST results."""
    rows = FaceRow.objects.filter(result__in=results.done(), number=1).select_related("result")
    with storage_errors():
        newest = list(rows.order_by("-result__position")[:MOST])
    return [(row.result, row.to_value()) for row in reversed(newest)]


def compare(faces: Sequence[tuple[Result, Face]], name: str, length_unit: Unit) -> Comparison:
    """Angles and indices have only one unit."""
    each = MEASURES[name]
    unit = {Kind.LENGTH: length_unit, Kind.ANGLE: Unit.DEGREE, Kind.INDEX: Unit.PERCENT}[each.kind]
    measured = (Measured(result, measure(face, (each,)).rows[0].values.get(unit)) for result, face in faces)
    return Comparison(each, unit, tuple(measured))


def scatter_svg(results: ResultQuerySet, name: str, unit: Unit, theme: Theme, against: str = "") -> str:
    """One measure in order, or against another. Raises NotFound if none of the results has a face."""
    faces = some_faces(results)
    compared = compare(faces, name, unit)
    if against:
        relation = Relation(compare(faces, against, unit), compared)
        return draw_scatter(compared.title, relation.across.title, None, relation.series, theme)
    places = Places(len(compared.faces))
    return draw_scatter(compared.title, "result, the oldest first", places, compared.series, theme)


def mean_shape_svg(results: ResultQuerySet) -> str:
    """Raises NotFound if none of the results has a face."""
    shape = mean_shape([face for _, face in some_faces(results)])
    if shape is None:
        raise NotFound("no_faces_selected")
    return draw_mean_shape(shape)


def some_faces(results: ResultQuerySet) -> list[tuple[Result, Face]]:
    if faces := largest_faces(results):
        return faces
    raise NotFound("no_faces_selected")
