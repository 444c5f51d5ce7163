"""Several results side by side: the close-up of the largest face in each, and what is measured on it."""

from collections.abc import Sequence
from dataclasses import dataclass

from landmarks.core.faces import Face
from landmarks.drawing.style import DEFAULT_STYLE
from landmarks.models import Result
from landmarks.web.presenters import text, viewer
from landmarks.web.presenters.measurements import Measurement, measurements

FEWEST, MOST = 2, 6


@dataclass(frozen=True)
class Column:
    """One of the results."""

    result: Result
    faces: int
    day: str
    view: str
    """The part of the photo that shows the face, as a viewBox."""
    overlay: str


@dataclass(frozen=True)
class Row:
    """A measurement of every result; None where it can't be measured."""

    label: str
    cells: list[Measurement | None]


@dataclass(frozen=True)
class SideBySide:
    columns: list[Column]
    rows: list[Row]


def side_by_side(results: Sequence[Result]) -> SideBySide:
    """Each result must have a face."""
    found = [(result, result.found_faces()) for result in results]
    columns = [column(result, faces) for result, faces in found]
    return SideBySide(columns, rows([measured(result, faces[0]) for result, faces in found]))


def column(result: Result, faces: tuple[Face, ...]) -> Column:
    view, overlay = viewer.close_up(result, faces, 1, DEFAULT_STYLE)
    return Column(result, len(faces), text.day_name(text.local_day(result.created)), view, overlay)


def measured(result: Result, face: Face) -> dict[str, Measurement]:
    first, more = measurements(face, result.photo.width, result.photo.height)
    return {each.label: each for each in [*first, *more]}


def rows(measured: Sequence[dict[str, Measurement]]) -> list[Row]:
    """In the order of the results' pages."""
    labels = dict.fromkeys(label for each in measured for label in each)
    return [Row(label, [each.get(label) for each in measured]) for label in labels]
