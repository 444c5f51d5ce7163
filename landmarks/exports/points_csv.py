"""A row for each point, for spreadsheets and data frames."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from landmarks.core.analysis import Analysis
from landmarks.core.schema import REGIONS

COLUMNS = ("source", "face", "region", "index", "x", "y")
FORMULA = re.compile(r"(^\s*|[;\t\r\n]\s*)([=+\-@＝＋－＠])")
"""How a cell begins that a spreadsheet runs; within a name, too, one can begin where another character separates cells.

Also after whitespace, which some spreadsheets remove, and in full width as in Japanese text.
"""


def rows(analysis: Analysis) -> Iterator[tuple[str, int, str, int, float, float]]:
    """source, face (1 is the largest), region, index in it, x and y in pixels of the upright photo."""
    source = harmless(analysis.source)
    for number, face in enumerate(analysis.faces, start=1):
        for region in REGIONS:
            for index, (x, y) in enumerate(face.region(region.name)):
                yield source, number, region.name, index, x, y


def harmless(source: str) -> str:
    """A name in which a spreadsheet finds nothing to run."""
    return FORMULA.sub(r"\1'\2", source)


def write(analysis: Analysis) -> bytes:
    return _lines([COLUMNS, *rows(analysis)])


def write_many(analyses: Iterable[Analysis]) -> Iterator[bytes]:
    """One table, with the id of the result before the other columns."""
    yield _lines([("result", *COLUMNS)])
    for analysis in analyses:
        yield _lines((analysis.result, *row) for row in rows(analysis))


def write_rows(table: Iterable[Iterable[Any]], file: TextIO) -> None:
    """Text is quoted, whatever is in it: in many countries spreadsheets separate cells by semicolons."""
    csv.writer(file, quoting=csv.QUOTE_NONNUMERIC).writerows(table)


def _lines(table: Iterable[Iterable[Any]]) -> bytes:
    text = io.StringIO(newline="")
    write_rows(table, text)
    return text.getvalue().encode()
