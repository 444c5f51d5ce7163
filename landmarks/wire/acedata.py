"""The JSON of Ace Data Cloud's Facial Feature Localization API: written exactly, read strictly."""

from collections.abc import Mapping
from typing import TypedDict

from landmarks.core.analysis import Analysis
from landmarks.core.errors import EngineError
from landmarks.core.faces import Face, Point
from landmarks.core.schema import BY_NAME, REGIONS

FARTHEST = 1_000_000.0
"""Pixels; no photo is as large, so a point that is told to be farther away is none."""


class WirePoint(TypedDict):
    x: float
    y: float


WireFace = dict[str, list[WirePoint]]
"""A face as the vendor writes it: one list of points for each region, in the order of the schema."""


def face_from_wire(face: Mapping[str, object]) -> Face:
    """Read the vendor's face object; raise EngineError when a region, a point or a number is not as it must be.

    Points may be written with upper-case X and Y, as some of the vendor's own examples are.
    """
    if strange := sorted(set(face) - set(BY_NAME)):
        raise _not_90_points(f"no such region: {', '.join(strange)[:200]}")
    points: list[Point] = []
    for region in REGIONS:
        entries = face.get(region.name)
        if not isinstance(entries, list) or len(entries) != region.count:
            raise _not_90_points(f"{region.name} is missing or has not {region.count} points")
        points.extend((_coordinate(entry, "x"), _coordinate(entry, "y")) for entry in entries)
    return Face(tuple(points), score=None)


def _wire_point(point: Point, rounded: bool) -> WirePoint:
    x, y = point
    return {"x": round(x), "y": round(y)} if rounded else {"x": round(x, 3), "y": round(y, 3)}


def _coordinate(entry: object, axis: str) -> float:
    written = entry if isinstance(entry, Mapping) else {}
    values = [written[key] for key in (axis, axis.upper()) if key in written]
    value = values[0] if len(values) == 1 else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= FARTHEST:
        raise EngineError(
            "The engine's answer holds something that is no number, so it was not used.",
            detail=f"{axis} is {_shown(values)}",
        )
    return float(value)


def _shown(values: list[object]) -> str:
    """What stands for a coordinate, but no more of a long one than is needed to see what is wrong."""
    shown = [repr(value)[:40] if isinstance(value, str | float) else type(value).__name__ for value in values]
    return ", ".join(shown) or "missing"


def _not_90_points(detail: str) -> EngineError:
    return EngineError("The engine's answer is not one of 90 points, so it was not used.", detail=detail)


class Answer(TypedDict):
    image_width: int
    image_height: int
    face_model_version: str
    face_shape_set: list[WireFace]


def to_answer(analysis: Analysis, *, rounded: bool = True) -> Answer:
    return {
        "image_width": analysis.width,
        "image_height": analysis.height,
        "face_model_version": analysis.face_model_version,
        "face_shape_set": [face_to_wire(face, rounded=rounded) for face in analysis.faces],
    }


def face_to_wire(face: Face, *, rounded: bool = True) -> WireFace:
    """The vendor's face object; whole pixels, as the vendor sends them, unless `rounded` is off."""
    return {region.name: [_wire_point(p, rounded) for p in face.region(region.name)] for region in REGIONS}
