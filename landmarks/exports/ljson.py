"""LJSON of landmarker.io, version 2: the points of one face with what joins them, and its parts as labels.

Points are y, x, in this order. What is left out is null. Readers pass over the key `note`.
"""

import json
from collections.abc import Iterator

from landmarks.core.analysis import Analysis
from landmarks.exports.archive import Entry
from landmarks.exports.options import Options


def files(analysis: Analysis, options: Options) -> Iterator[Entry]:
    point_set = options.point_set
    for number, face in enumerate(analysis.faces, start=1):
        points = options.marked(options.read(face), analysis)
        content = {
            "version": 2,
            **({"note": point_set.note} if point_set.note else {}),
            "labels": [{"label": name, "mask": list(numbers)} for name, numbers in point_set.groups],
            "landmarks": {
                "points": [[None, None] if point.is_left_out else [point.y, point.x] for point in points],
                "connectivity": [list(line) for line in point_set.lines],
            },
        }
        yield Entry(f"{analysis.stem}_{number}.ljson", [json.dumps(content).encode()])
