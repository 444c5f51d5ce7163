"""Measures as flat records: each value of a face with its side, unit and error, for JSON and CSV."""

from collections.abc import Iterable, Iterator
from typing import Any, TypedDict

from landmarks.core.measures import FaceMeasures, Figure
from landmarks.core.measures.scale import NoScale, Scale
from landmarks.exports.spreadsheet import harmless, lines

DIGITS = 4
COLUMNS = ("source", "face", "measure", "side", "unit", "value", "error", "is_guessed", "is_turned")


class Record(TypedDict):
    measure: str
    side: str
    """whole, left, right or difference."""
    unit: str
    value: float
    error: float | None
    is_guessed: bool


def records(measures: FaceMeasures) -> Iterator[Record]:
    """The symmetry, then every measure in every unit; what cannot be measured is left out."""
    if measures.symmetry:
        yield _record("symmetry", "whole", "score", measures.symmetry, is_guessed=False)
    for row in measures.rows:
        name, is_guessed = row.measure.name, row.is_guessed
        for unit, values in row.values.items():
            for side, figure in vars(values).items():
                if figure:
                    yield _record(name, side, unit, figure, is_guessed=is_guessed)
        if row.percent:
            yield _record(name, "difference", "percent_of_mean", row.percent, is_guessed=is_guessed)


def _record(name: str, side: str, unit: str, figure: Figure, *, is_guessed: bool) -> Record:
    error = None if figure.error is None else round(figure.error, DIGITS)
    value = round(figure.value, DIGITS)
    return {"measure": name, "side": side, "unit": str(unit), "value": value, "error": error, "is_guessed": is_guessed}


def to_json(number: int, measures: FaceMeasures) -> dict[str, Any]:
    """A face with everything that is measured on it."""
    return {
        "number": number,
        "yaw": measures.yaw,
        "is_turned": measures.is_turned,
        **_scale_to_json(measures.scale),
        "values": list(records(measures)),
    }


def _scale_to_json(scale: Scale | NoScale) -> dict[str, Any]:
    if isinstance(scale, NoScale):
        return {"mm_per_px": None, "mm_error": None, "no_mm": str(scale)}
    return {"mm_per_px": round(scale.mm_per_px, 6), "mm_error": round(scale.error, DIGITS), "no_mm": None}


def write_csv(source: str, faces: Iterable[tuple[int, FaceMeasures]]) -> bytes:
    """A row for each value."""
    return lines([COLUMNS, *_rows(harmless(source), faces)])


def _rows(source: str, faces: Iterable[tuple[int, FaceMeasures]]) -> Iterator[tuple[Any, ...]]:
    for number, measures in faces:
        for record in records(measures):
            *fields, is_guessed = record.values()
            yield source, number, *fields, int(bool(is_guessed)), int(measures.is_turned)
