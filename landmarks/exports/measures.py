"""Measures as flat records: each value of a face with its side, unit and error, for JSON and CSV."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, TypedDict

from landmarks.core.analysis import Analysis
from landmarks.core.measures import FaceMeasures, Figure, measure
from landmarks.core.measures.scale import NoScale, Scale
from landmarks.exports.options import Options
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


def face_to_json(number: int, measures: FaceMeasures) -> dict[str, Any]:
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


def to_json(analysis: Analysis) -> dict[str, Any]:
    """A result with its faces."""
    faces = [face_to_json(number, measure(face)) for number, face in enumerate(analysis.faces, start=1)]
    return {"result": analysis.result, "faces": faces}


def write_json(analyses: Iterable[Analysis], options: Options) -> Iterator[bytes]:
    """An object; of several results a list of them, each with the name of the photo."""
    if not options.several:
        for analysis in analyses:
            yield json.dumps(to_json(analysis), indent=1).encode()
        return
    yield b"["
    for number, analysis in enumerate(analyses):
        measured = {"source": analysis.source, **to_json(analysis)}
        yield f"{',' if number else ''}\n{json.dumps(measured)}".encode()
    yield b"\n]\n"


def write_table(analyses: Iterable[Analysis], options: Options) -> Iterator[bytes]:
    """CSV with a row for each value; of several results with the id of the result before the other columns."""
    yield lines([("result", *COLUMNS) if options.several else COLUMNS])
    for analysis in analyses:
        id = (analysis.result,) if options.several else ()
        yield lines((*id, *row) for row in _rows(analysis))


def _rows(analysis: Analysis) -> Iterator[tuple[Any, ...]]:
    source = harmless(analysis.source)
    for number, face in enumerate(analysis.faces, start=1):
        measures = measure(face)
        for record in records(measures):
            *fields, is_guessed = record.values()
            yield source, number, *fields, int(bool(is_guessed)), int(measures.is_turned)
