"""A row for each point, for spreadsheets and data frames."""

from collections.abc import Iterable, Iterator

from landmarks.core.analysis import Analysis
from landmarks.exports.options import Options
from landmarks.exports.spreadsheet import FACE_COLUMNS, face_cells, harmless, lines

POINT_COLUMNS = ("source", "face", "region", "index", "x", "y")
COLUMNS = (*POINT_COLUMNS, "uncertainty", "guessed", *FACE_COLUMNS)
UNCERTAINTY_DIGITS = 4


def rows(analysis: Analysis, options: Options) -> Iterator[tuple[object, ...]]:
    """source, face (1 is the largest), region, index in it, x and y in pixels of the upright photo, and so on."""
    source = harmless(analysis.source)
    for number, face in enumerate(analysis.faces, start=1):
        known, of_face = options.read(face), face_cells(face)
        points, errors = options.marked(known, analysis), known.uncertainty
        for region, numbers in options.point_set.groups:
            for index, at in enumerate(numbers):
                if not (point := points[at]).is_left_out:
                    error = round(errors[at], UNCERTAINTY_DIGITS) if errors else ""
                    yield source, number, region, index, point.x, point.y, error, int(at in known.guessed), *of_face


def write(analyses: Iterable[Analysis], options: Options) -> Iterator[bytes]:
    """One table; of several results with the id of the result before the other columns."""
    yield lines([("result", *COLUMNS) if options.several else COLUMNS])
    for analysis in analyses:
        id = (analysis.result,) if options.several else ()
        yield lines((*id, *row) for row in rows(analysis, options))
