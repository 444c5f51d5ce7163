"""JSON Lines: a line for each photo, with everything that is known of its faces; the same as `analyze --jsonl`."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from landmarks.core.analysis import Analysis
from landmarks.core.faces import Face
from landmarks.exports.options import Options
from landmarks.exports.point_sets import ALL_POINTS
from landmarks.wire.acedata import answer_to_wire


def write(analyses: Iterable[Analysis], options: Options) -> Iterator[bytes]:
    for analysis in analyses:
        yield json.dumps(line(analysis, options)).encode() + b"\n"


def line(analysis: Analysis, options: Options) -> dict[str, Any]:
    row: dict[str, Any] = {"result": analysis.result} if analysis.result else {}
    row |= {"source": analysis.source, **answer_to_wire(analysis, rounded=False)}
    row |= {"engine": analysis.engine, "elapsed_ms": analysis.elapsed_ms}
    shapes = zip(row["face_shape_set"], analysis.faces, strict=True)
    row["face_shape_set"] = [
        shape | extras(face) | of_scheme(face, analysis, options) | ({"dense": face.dense} if face.dense else {})
        for shape, face in shapes
    ]
    if options.point_set is not ALL_POINTS:
        row |= {"scheme": options.point_set.name, "scheme_error": options.point_set.error}
    return row


def extras(face: Face) -> dict[str, Any]:
    """What is known of a face beside its points.

    `guessed` are the indices, 0 to 89, of points that are hard to see; `covered` the regions that something hides.
    """
    return {
        "score": face.score,
        "box": {side: round(value, 3) for side, value in asdict(face.box).items()},
        "pose": asdict(face.pose) if face.pose else None,
        "uncertainty": face.uncertainty,
        "guessed": sorted(face.guessed),
        "covered": face.covered,
    }


def of_scheme(face: Face, analysis: Analysis, options: Options) -> dict[str, Any]:
    """The points of another scheme by its name, beside the 90."""
    if options.point_set is ALL_POINTS:
        return {}
    return {options.point_set.name: [[point.x, point.y] for point in options.marked(options.read(face), analysis)]}
