"""A row for each face, with all of its points, for spreadsheets and data frames."""

from collections.abc import Iterable, Iterator

from landmarks.core.analysis import Analysis
from landmarks.core.faces import Face
from landmarks.exports.options import Options
from landmarks.exports.spreadsheet import FACE_COLUMNS, face_cells, harmless, lines

PHOTO_COLUMNS = ("result", "source", "image_width", "image_height", "engine", "face")


def header(options: Options) -> tuple[str, ...]:
    names = options.point_set.names
    points = (f"{name}_{axis}" for name in names for axis in "xy")
    return *PHOTO_COLUMNS, *FACE_COLUMNS, "guessed", *points, *(f"{name}_uncertainty" for name in names)


def write(analyses: Iterable[Analysis], options: Options) -> Iterator[bytes]:
    yield lines([header(options)])
    for analysis in analyses:
        photo = (
            analysis.result,
            harmless(analysis.source),
            analysis.width,
            analysis.height,
            analysis.engine,
        )
        table = [(*photo, *row(number, face, options)) for number, face in enumerate(analysis.faces, start=1)]
        if table:
            yield lines(table)


def row(number: int, face: Face, options: Options) -> Iterator[object]:
    """`guessed` holds the numbers of the guessed points, from 0, with spaces between them."""
    known = options.read(face)
    left_out = () if options.with_guessed else known.guessed
    yield number
    yield from face_cells(face)
    yield " ".join(map(str, sorted(known.guessed)))
    for index, (x, y) in enumerate(known.points):
        yield from ("", "") if index in left_out else (round(x, 3), round(y, 3))
    errors = known.uncertainty
    yield from [round(error, 4) for error in errors] if errors else [""] * options.point_set.count
