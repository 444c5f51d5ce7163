"""A row for each point, for spreadsheets and data frames."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from landmarks.core.analysis import Analysis
from landmarks.core.schema import REGIONS

COLUMNS = ("source", "face", "region", "index", "x", "y")
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""Also after whitespace, which some spreadsheets remove, and in full width as in Japanese text."""


def rows(analysis: Analysis) -> Iterator[tuple[str, int, str, int, float, float]]:
    """source, face (1 is the largest), region, index in it, x and y in pixels of the upright photo."""
    source = harmless(analysis.source)
    for number, face in enumerate(analysis.faces, start=1):
        for region in REGIONS:
            for index, (x, y) in enumerate(face.region(region.name)):
                yield source, number, region.name, index, x, y


def harmless(source: str) -> str:
    """A spreadsheet would run a name that begins like a formula."""
    return f"'{source}" if source.strip().startswith(FORMULA_STARTS) else source


def write(analysis: Analysis) -> bytes:
    return _lines([COLUMNS, *rows(analysis)])


def write_many(analyses: Iterable[Analysis]) -> Iterator[bytes]:
    """One table, with the id of the result before the other columns."""
    yield _lines([("result", *COLUMNS)])
    for analysis in analyses:
        yield _lines((analysis.result, *row) for row in rows(analysis))


def _lines(table: Iterable[Iterable[Any]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(table)
    return text.getvalue().encode()
