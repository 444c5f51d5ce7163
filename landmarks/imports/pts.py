"""iBUG's .pts, as `exports/pts` writes it: the points of one face, the first pixel's centre being 1, 1.

It names neither its photo nor its scheme: those are known by the name of the file and by the number of points.
"""

import re
from collections.abc import Iterator
from pathlib import PurePath

from landmarks.core.errors import RequestInvalid
from landmarks.imports.corrections import NAMES, CorrectedFace, CorrectedPhoto, point_of, result_in

FIRST = 1
"""The coordinate of the first pixel's centre."""
LONGEST = 100_000
"""Bytes; a file of the largest scheme has 3,000."""
BODY = re.compile(r"\{([^{}]*)\}")
SCHEMES = {len(names): scheme for scheme, names in NAMES.items()}


def read(data: bytes, name: str) -> Iterator[CorrectedPhoto]:
    """Raises RequestInvalid."""
    body = BODY.search(data[:LONGEST].decode("ascii", "replace"))
    if len(data) > LONGEST or not body:
        raise RequestInvalid("import_pts", name=PurePath(name).name[:80])
    rows = [line.split() for line in body[1].splitlines() if line.strip()]
    scheme = SCHEMES.get(len(rows))
    if scheme is None:
        raise RequestInvalid("import_pts_count", count=len(rows), counts=", ".join(map(str, sorted(SCHEMES))))
    points = []
    for row in rows:
        try:
            x, y = map(float, row)
        except ValueError as exc:
            raise RequestInvalid("import_point", value=" ".join(row)[:60]) from exc
        across, down = point_of(x, y)
        points.append((across - FIRST, down - FIRST))
    yield CorrectedPhoto(PurePath(name).stem, result_in(name), (CorrectedFace(scheme, tuple(points)),), is_whole=False)
