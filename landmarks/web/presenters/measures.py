"""The measures of a face as text: what the page and the panel of measures show, and what their script draws."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, TypedDict

from landmarks.core.faces import Face
from landmarks.core.measures import FaceMeasures, Figure, Row, measure
from landmarks.core.measures.definition import Kind, Measure
from landmarks.core.measures.geometry import Segment, Shape, shape_of
from landmarks.core.measures.report import Unit
from landmarks.core.measures.scale import IRIS_MM, IRIS_SPREAD_MM, SMALLEST_IRIS, NoScale, Scale
from landmarks.core.pixels import PIXEL_CENTRE, Point
from landmarks.web.forms.measures import LENGTHS

LABELS = {Unit.PX: ("px", "pixels"), Unit.EYE_PERCENT: ("% eye distance", "percent of the eye distance")} | {
    Unit.MM: ("mm (iris)", "millimetres")
}
"""In the choice of units, and in a sentence."""
SIGNS = {Unit.PX: "", Unit.EYE_PERCENT: "", Unit.MM: "", Unit.DEGREE: "°", Unit.PERCENT: "\N{NARROW NO-BREAK SPACE}%"}
"""Behind a value in the table, where the unit is not that of the column."""
CHIPS = {Unit.PX: " px", Unit.EYE_PERCENT: " %", Unit.MM: " mm"}
NO_SCALE = {
    NoScale.NOT_REPORTED: "No mm: how wide the iris is isn’t known. Run the embedded engine again to measure it.",
    NoScale.HIDDEN: "No mm: both irises are covered, turned away or guessed.",
    NoScale.SMALL: f"No mm: the iris is less than {SMALLEST_IRIS:.0f} px wide in this photo.",
}


@dataclass(frozen=True)
class Choice:
    """A unit of length."""

    value: str
    label: str
    is_chosen: bool
    is_disabled: bool


@dataclass(frozen=True)
class Cell:
    """A value with its error, as text; the error is empty if there is none."""

    value: str
    error: str


@dataclass(frozen=True)
class TableRow:
    name: str
    title: str
    whole: Cell | None
    left: Cell | None
    right: Cell | None
    difference: Cell | None
    percent: Cell | None
    sentence: str
    """All of it, to be read aloud."""
    is_guessed: bool
    formula: str
    source: str


@dataclass(frozen=True)
class Group:
    title: str
    rows: list[TableRow]


class ChipJson(TypedDict):
    """A value beside the face."""

    text: str
    side: str
    at: Point


class DrawingJson(TypedDict):
    """What shows a measure on the overlay, whose coordinates have the pixels' centres at the halves."""

    points: list[Point]
    segments: list[tuple[Point, Point]]
    chips: list[ChipJson]


def measures_context(face: Face, number: int, wanted: Unit) -> dict[str, Any]:
    found = measure(face)
    unit = Unit.PX if wanted is Unit.MM and not isinstance(found.scale, Scale) else wanted
    return {
        "number": number,
        "symmetry": found.symmetry and cell(found.symmetry, digits=2),
        "turned": f"{abs(found.yaw):.0f}" if found.is_turned and found.yaw is not None else "",
        "has_pose": found.yaw is not None,
        "are_differences_doubted": found.is_turned,
        "units": choices(found, unit),
        "groups": groups(found, unit),
        "scale": scale_sentence(found),
        "has_errors": face.uncertainty is not None,
        "drawings": {row.measure.name: drawing(row, shape_of(face), unit) for row in found.rows},
    }


def choices(found: FaceMeasures, chosen: Unit) -> list[Choice]:
    return [
        Choice(unit.value, LABELS[unit][0], unit is chosen, unit is Unit.MM and not isinstance(found.scale, Scale))
        for unit in LENGTHS
    ]


def scale_sentence(found: FaceMeasures) -> str:
    """How long a millimetre is, or why there is none."""
    scale = found.scale
    if not isinstance(scale, Scale):
        return NO_SCALE[scale]
    return (
        f"1 mm is {1 / scale.mm_per_px:.2f} px here: the iris is taken as {IRIS_MM} ± {IRIS_SPREAD_MM} mm wide, so all "
        f"mm may be {100 * scale.error:.0f} % off together."
    )


def groups(found: FaceMeasures, unit: Unit) -> list[Group]:
    by_group = groupby(found.rows, lambda row: row.measure.group)
    return [Group(title, [table_row(row, unit) for row in rows]) for title, rows in by_group]


def unit_of(row: Row, unit: Unit) -> Unit:
    """The chosen unit for lengths, the only one of others."""
    return unit if row.measure.kind is Kind.LENGTH else next(iter(row.values))


def table_row(row: Row, chosen: Unit) -> TableRow:
    unit = unit_of(row, chosen)
    values, sign = row.values[unit], SIGNS[unit]
    difference = cell_of(values.difference, sign, is_signed=True)
    percent = cell_of(row.percent, SIGNS[Unit.PERCENT], is_signed=True)
    whole, left, right = (cell_of(each, sign) for each in (values.whole, values.left, values.right))
    each = row.measure
    return TableRow(
        each.name,
        each.title,
        whole,
        left,
        right,
        difference,
        percent,
        sentence(each, {"": whole, "left": left, "right": right, "difference": difference}, unit),
        row.is_guessed,
        each.formula,
        each.source,
    )


def sentence(of: Measure, cells: dict[str, Cell | None], unit: Unit) -> str:
    spoken = ", ".join(
        " ".join(filter(None, (name, each.value, f"plus or minus {each.error}" if each.error else "")))
        for name, each in cells.items()
        if each
    )
    return f"{of.title}: {spoken} {LABELS[unit][1] if unit in LABELS else ''}".strip()


def cell_of(figure: Figure | None, sign: str, *, is_signed: bool = False) -> Cell | None:
    return cell(figure, sign, is_signed=is_signed) if figure else None


def cell(figure: Figure, sign: str = "", *, digits: int = 1, is_signed: bool = False) -> Cell:
    rounded = round(figure.value, digits) + 0.0  # without a negative zero
    value = f"{rounded:{'+' if is_signed and rounded else ''}.{digits}f}".replace("-", "−")
    return Cell(value + sign, "" if figure.error is None else f"{figure.error:.{digits}f}")


def drawing(row: Row, shape: Shape, chosen: Unit) -> DrawingJson:
    """Its points and lines of both sides, and the value of each beside the face."""
    unit, of = unit_of(row, chosen), row.measure
    sides = list(_sides(row, shape, unit))
    return {
        "points": [on_overlay(shape[index]) for index in sorted(of.points)],
        "segments": [(on_overlay(start), on_overlay(end)) for _, lines, _ in sides for start, end in lines],
        "chips": [
            {
                "text": cell(figure, SIGNS[unit]).value + CHIPS.get(unit, ""),
                "side": side,
                "at": on_overlay((lines[0][0] + lines[0][1]) / 2),
            }
            for side, lines, figure in sides
            if figure
        ],
    }


def _sides(row: Row, shape: Shape, unit: Unit) -> Iterator[tuple[str, tuple[Segment, ...], Figure | None]]:
    """The side on which the value is shown, what is drawn there, and the value."""
    of, values = row.measure, row.values[unit]
    if of.has_sides:
        yield "left", of.left_segments(shape), values.left
        yield "right", of.right_segments(shape), values.right
    else:
        yield "right", of.left_segments(shape), values.whole


def on_overlay(point: complex) -> Point:
    return round(point.real + PIXEL_CENTRE, 2), round(point.imag + PIXEL_CENTRE, 2)
