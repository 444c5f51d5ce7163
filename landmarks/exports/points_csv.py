"""A row for each point, for spreadsheets and data frames."""

import csv
import io
from collections.abc import Iterator

from landmarks.exports.sheet import Sheet
from landmarks.schema import REGIONS

COLUMNS = ("source", "face", "region", "index", "x", "y")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def rows(sheet: Sheet) -> Iterator[tuple[str, int, str, int, float, float]]:
    """source, face (1 is the largest), region, index in it, x and y in pixels of the upright photo."""
    # A spreadsheet would run a name that begins like a formula.
    source = f"'{sheet.source}" if sheet.source.startswith(FORMULA_STARTS) else sheet.source
    for number, face in enumerate(sheet.faces, start=1):
        for region in REGIONS:
            for index, (x, y) in enumerate(face.region(region.name)):
                yield source, number, region.name, index, x, y


def write(sheet: Sheet) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(rows(sheet))
    return text.getvalue().encode()
