"""iBUG's .pts: the points of one face, as the files of 300-W have them.

They count from 1: the centre of the first pixel is 1, 1. Readers such as menpo subtract that again.
"""

from collections.abc import Iterator

from landmarks.core.analysis import Analysis
from landmarks.exports.archive import Entry
from landmarks.exports.options import Options
from landmarks.exports.point_sets import DIGITS

FIRST = 1
"""The coordinate of the first pixel's centre."""


def files(analysis: Analysis, options: Options) -> Iterator[Entry]:
    for number, face in enumerate(analysis.faces, start=1):
        rows = (
            f"{point.x + FIRST:.{DIGITS}f} {point.y + FIRST:.{DIGITS}f}"
            for point in options.marked(options.read(face), analysis)
        )
        head = ("version: 1", f"n_points: {options.point_set.count}", "{")
        yield Entry(f"{analysis.stem}_{number}.pts", [("\n".join((*head, *rows, "}")) + "\n").encode()])
