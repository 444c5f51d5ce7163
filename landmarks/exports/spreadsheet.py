"""Tables that spreadsheets open: quoted text in which they find nothing to run."""

import csv
import io
import re
from collections.abc import Iterable
from typing import Any, TextIO

from landmarks.core.faces import Face

FORMULA = re.compile(r"(^\s*|[;\t\r\n][\s\"]*)([=+\-@＝＋－＠])")
"""How a cell begins that a spreadsheet runs; within a name, too, one can begin where another character separates cells.

Also after whitespace, which some spreadsheets remove, after quotation marks, which all remove where a cell begins, and
in full width as in Japanese text.
"""
FACE_COLUMNS = ("score", "left", "top", "width", "height", "yaw", "pitch", "roll")
"""What is known of a whole face: its score, the box around its 90 points in pixels, and its pose in degrees."""
POSE_DIGITS, SCORE_DIGITS, BOX_DIGITS = 2, 4, 3


def face_cells(face: Face) -> tuple[object, ...]:
    """The values of FACE_COLUMNS; what the engine does not report stays empty."""
    score = "" if face.score is None else round(face.score, SCORE_DIGITS)
    box, pose = face.box, face.pose
    sides = (round(side, BOX_DIGITS) for side in (box.left, box.top, box.width, box.height))
    if pose is None:
        return score, *sides, "", "", ""
    return score, *sides, *(round(angle, POSE_DIGITS) for angle in (pose.yaw, pose.pitch, pose.roll))


def harmless(source: str) -> str:
    """A name in which a spreadsheet finds nothing to run."""
    return FORMULA.sub(r"\1'\2", source)


def write_rows(table: Iterable[Iterable[Any]], file: TextIO) -> None:
    """Text is quoted, whatever is in it: in many countries spreadsheets separate cells by semicolons."""
    csv.writer(file, quoting=csv.QUOTE_NONNUMERIC).writerows(table)


def lines(table: Iterable[Iterable[Any]]) -> bytes:
    text = io.StringIO(newline="")
    write_rows(table, text)
    return text.getvalue().encode()
