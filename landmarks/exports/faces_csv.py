"""A row for each face, with all of its points, for spreadsheets and data frames."""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain

from landmarks.core.analysis import Analysis
from landmarks.core.faces import Face
from landmarks.exports.options import Options
from landmarks.exports.point_sets import DIGITS
from landmarks.exports.spreadsheet import FACE_COLUMNS, face_cells, harmless, lines

PHOTO_COLUMNS = ("result", "source", "image_width", "image_height", "engine", "face")
UNCERTAINTY_DIGITS = 4
END = b"\r\n"
"""Of a line, as in RFC 4180."""


def header(options: Options) -> tuple[str, ...]:
    names = options.point_set.names
    points = (f"{name}_{axis}" for name in names for axis in "xy")
    return *PHOTO_COLUMNS, *FACE_COLUMNS, "guessed", *points, *(f"{name}_uncertainty" for name in names)


def write(analyses: Iterable[Analysis], options: Options) -> Iterator[bytes]:
    yield lines([header(options)])
    for analysis in analyses:
        photo = (analysis.result, harmless(analysis.source), analysis.width, analysis.height, analysis.engine)
        for number, face in enumerate(analysis.faces, start=1):
            yield row((*photo, number), face, options)


def row(photo: tuple[object, ...], face: Face, options: Options) -> bytes:
    """`guessed` holds the numbers of the guessed points, from 0, with spaces between them."""
    known, count = options.read(face), options.point_set.count
    guessed = " ".join(map(str, sorted(known.guessed)))
    first = lines([(*photo, *face_cells(face), guessed)]).removesuffix(END)
    left_out = frozenset() if options.with_guessed else known.guessed
    if left_out:
        cells = ("," if number in left_out else pattern(2, DIGITS) % point for number, point in enumerate(known.points))
        points = ",".join(cells)
    else:
        # All numbers at once, since this is what most of the time goes to.
        points = pattern(2 * count, DIGITS) % tuple(chain.from_iterable(known.points))
    errors = pattern(count, UNCERTAINTY_DIGITS) % tuple(known.uncertainty) if known.uncertainty else "," * (count - 1)
    return b"".join((first, f",{points},{errors}".encode(), END))


@cache
def pattern(count: int, digits: int) -> str:
    """So many numbers with commas between them."""
    return ",".join([f"%.{digits}f"] * count)
