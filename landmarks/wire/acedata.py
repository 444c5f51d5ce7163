"""The JSON of Ace Data Cloud's `POST /face/analyze`: written exactly, read strictly.

    {"image_width": 690, "image_height": 920, "face_model_version": "3.0",
     "face_shape_set": [{"face_profile": [{"x": 115, "y": 412}, …], "left_eye": […], …}]}

Each face has the nine regions of the schema and nothing else. The vendor sends whole pixels.
"""

import re
from collections.abc import Mapping
from typing import TypedDict

from landmarks.core.analysis import Analysis
from landmarks.core.faces import Face
from landmarks.core.finding import Options
from landmarks.core.pixels import Point
from landmarks.core.schema import BY_NAME, REGIONS

MAX_COORDINATE = 1_000_000.0
"""Pixels, in either direction. No photo is as large, so a coordinate beyond this is invalid."""
MAX_SIDE = 1_000_000
VERSION = re.compile(r"[A-Za-z0-9._-]{1,16}")
DIGITS = 3
"""Decimals of a coordinate that is not rounded to whole pixels."""


class WirePoint(TypedDict):
    x: float
    y: float


WireFace = dict[str, list[WirePoint]]
"""A list of points for each region, in the order of the schema."""


class Request(TypedDict):
    image_url: str
    mode: int
    face_model_version: str
    need_rotate_detection: int


class Answer(TypedDict):
    image_width: int
    image_height: int
    face_model_version: str
    face_shape_set: list[WireFace]


class AnswerInvalid(Exception):
    """The JSON does not have the vendor's shape; the text says where."""


# --- write -----------------------------------------------------------------------------------------------------------


def request_to_wire(image_url: str, options: Options) -> Request:
    return {
        "image_url": image_url,
        "mode": int(options.largest_only),
        "face_model_version": options.face_model_version,
        "need_rotate_detection": int(options.rotate),
    }


def answer_to_wire(analysis: Analysis, *, rounded: bool = True) -> Answer:
    """The vendor's answer; in whole pixels, as the vendor sends them, unless `rounded` is False."""
    return {
        "image_width": analysis.width,
        "image_height": analysis.height,
        "face_model_version": analysis.face_model_version,
        "face_shape_set": [face_to_wire(face, rounded=rounded) for face in analysis.faces],
    }


def face_to_wire(face: Face, *, rounded: bool = True) -> WireFace:
    return {region.name: [_point_to_wire(point, rounded) for point in face.region(region.name)] for region in REGIONS}


def _point_to_wire(point: Point, rounded: bool) -> WirePoint:
    x, y = point
    return {"x": round(x), "y": round(y)} if rounded else {"x": round(x, DIGITS), "y": round(y, DIGITS)}


# --- read ------------------------------------------------------------------------------------------------------------


def answer_from_wire(body: object) -> Analysis:
    """Read an answer, in pixels of the picture that was sent; other keys beside the four are ignored.

    Raises AnswerInvalid, even if only one face of several is wrong.
    """
    if not isinstance(body, Mapping):
        raise AnswerInvalid("the answer is not an object")
    # Faces come first, because a wrong number of points says most about who answered.
    faces = _faces(body.get("face_shape_set"))
    width, height = _side(body, "image_width"), _side(body, "image_height")
    version = body.get("face_model_version")
    if not isinstance(version, str) or not VERSION.fullmatch(version):
        raise AnswerInvalid("face_model_version is not a version")
    return Analysis("", width, height, version, faces)


def face_from_wire(face: Mapping[str, object]) -> Face:
    """Read one face; raise AnswerInvalid unless it has exactly nine regions with their number of finite points.

    Coordinates may be called X and Y, as in some of the vendor's examples.
    """
    if unknown := sorted(set(face) - set(BY_NAME)):
        raise AnswerInvalid(f"no such region: {', '.join(unknown)[:200]}")
    points: list[Point] = []
    for region in REGIONS:
        entries = face.get(region.name)
        if not isinstance(entries, list) or len(entries) != region.count:
            raise AnswerInvalid(f"{region.name} is missing or has not {region.count} points")
        points.extend((_coordinate(entry, "x"), _coordinate(entry, "y")) for entry in entries)
    return Face(tuple(points), score=None)


def _faces(value: object) -> tuple[Face, ...]:
    if not isinstance(value, list) or not all(isinstance(face, Mapping) for face in value):
        raise AnswerInvalid("face_shape_set is not a list of faces")
    return tuple(map(face_from_wire, value))


def _side(body: Mapping[str, object], key: str) -> int:
    value = body.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MAX_SIDE:
        raise AnswerInvalid(f"{key} is not a number of pixels")
    return value


def _coordinate(entry: object, axis: str) -> float:
    fields = entry if isinstance(entry, Mapping) else {}
    values = [fields[key] for key in (axis, axis.upper()) if key in fields]
    value = values[0] if len(values) == 1 else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= MAX_COORDINATE:
        raise AnswerInvalid(f"{axis} is {_shown(values)}")
    return float(value)


def _shown(values: list[object]) -> str:
    """A value that is not a coordinate, shortened for the log."""
    shown = [repr(value)[:40] if isinstance(value, str | float) else type(value).__name__ for value in values]
    return ", ".join(shown) or "missing"
