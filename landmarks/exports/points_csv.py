"""A row for each point, for spreadsheets and data frames."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from landmarks.core.analysis import Analysis
from landmarks.core.schema import REGIONS

COLUMNS = ("source", "face", "region", "index", "x", "y")
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""Behind blanks and line breaks, too, which some spreadsheets take away, and in the full width of Japanese ones."""


def rows(sheet: Analysis) -> Iterator[tuple[str, int, str, int, float, float]]:
    """source, face (1 is the largest), region, index in it, x and y in pixels of the upright photo."""
    # A spreadsheet would run a name that begins like a formula.
    source = f"'{sheet.source}" if sheet.source.strip().startswith(FORMULA_STARTS) else sheet.source
    for number, face in enumerate(sheet.faces, start=1):
        for region in REGIONS:
            for index, (x, y) in enumerate(face.region(region.name)):
                yield source, number, region.name, index, x, y


def write(sheet: Analysis) -> bytes:
    return lines([COLUMNS, *rows(sheet)])


def write_several(sheets: Iterable[Analysis]) -> Iterator[bytes]:
    """One table, with the id of the result before the other columns."""
    yield lines([("result", *COLUMNS)])
    for sheet in sheets:
        yield lines((sheet.result, *row) for row in rows(sheet))


def lines(table: Iterable[Iterable[Any]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(table)
    return text.getvalue().encode()
