"""TPS, for programs of geometric morphometrics such as tpsDig, MorphoJ and geomorph: a specimen for each face.

The origin is the bottom left corner of the photo, as tpsDig has it: y is its height less the y of other formats.
"""

from collections.abc import Iterable, Iterator

from landmarks.core.analysis import Analysis
from landmarks.exports.obj import printable
from landmarks.exports.options import Options
from landmarks.exports.point_sets import DIGITS, Marked

MISSING = "NA NA"
"""As geomorph reads a point that is missing."""


def write(analyses: Iterable[Analysis], options: Options) -> Iterator[bytes]:
    for analysis in analyses:
        for number, face in enumerate(analysis.faces, start=1):
            points = (coordinates(point, analysis.height) for point in options.marked(options.read(face), analysis))
            name = printable(options.folder + analysis.file_name)
            id = printable(f"{analysis.stem}_{number}")
            rows = (f"LM={options.point_set.count}", *points, f"IMAGE={name}", f"ID={id}", *comment(options))
            yield ("\n".join(rows) + "\n").encode()


def comment(options: Options) -> list[str]:
    """tpsDig keeps it; geomorph passes over it, like every line with `=` in it that it doesn't know."""
    note = options.point_set.note
    return [f"COMMENT={note}"] if note else []


def coordinates(point: Marked, height: int) -> str:
    return MISSING if point.is_left_out else f"{point.x:.{DIGITS}f} {height - point.y:.{DIGITS}f}"
