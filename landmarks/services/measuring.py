"""The measures of results: of all faces of one, and of the largest faces of several, with pictures of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from landmarks.core.errors import NotFound
from landmarks.core.faces import Face
from landmarks.core.measures import MEASURES, FaceMeasures, Figure, measure
from landmarks.core.measures.definition import Kind, Measure
from landmarks.core.measures.report import Unit, Values
from landmarks.core.shapes import mean_shape
from landmarks.drawing.mean_shape import draw_mean_shape
from landmarks.drawing.scatter import Series, Theme, Value, draw_scatter
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
class MeasuredFace:
    number: int
    """1 is the largest."""
    measures: FaceMeasures


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
        sides = ("left", "right") if self.measure.has_sides else ("whole",)
        return tuple(Series(side.capitalize(), self.values(side)) for side in sides)

    def values(self, side: str) -> list[Value]:
        found: list[Value] = []
        for place, face in enumerate(self.faces, start=1):
            figure: Figure | None = getattr(face.values, side, None)
            if figure:
                found.append(Value(place, figure.value, figure.error))
        return found

    def summaries(self) -> list[Summary]:
        return [summary(each) for each in self.series if each.values]


def summary(series: Series) -> Summary:
    values = [each.value for each in series.values]
    deviation = stdev(values) if len(values) > 1 else None
    return Summary(series.label, len(values), fmean(values), deviation, min(values), max(values))


def measured_faces(result: Result) -> tuple[MeasuredFace, ...]:
    return tuple(MeasuredFace(number, measure(face)) for number, face in enumerate(result.found_faces(), start=1))


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


def scatter_svg(results: ResultQuerySet, name: str, unit: Unit, theme: Theme) -> str:
    """Raises NotFound if none of the results has a face."""
    compared = compare(some_faces(results), name, unit)
    return draw_scatter(compared.title, "result, the oldest first", len(compared.faces), compared.series, theme)


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
