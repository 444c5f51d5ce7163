"""Frozen values of what was found: points, boxes and faces, strict to and from the wire."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypedDict

from landmarks.errors import EngineError
from landmarks.schema import POINT_COUNT, REGIONS, SPANS

Point = tuple[float, float]
"""x and y in pixels of the upright photo, y down; (0, 0) is the middle of the top left pixel."""

PIXEL_CENTRE = 0.5
"""What a point is moved by on a plane on which that pixel spans 0 to 1, as in SVG."""


class WirePoint(TypedDict):
    x: float
    y: float


WireFace = dict[str, list[WirePoint]]
"""A face as the vendor writes it: one list of points for each region, in the order of the schema."""


@dataclass(frozen=True)
class Box:
    """An upright rectangle in pixels of the upright photo."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, points: Iterable[Point]) -> "Box":
        xs, ys = zip(*points, strict=True)
        return cls(min(xs), min(ys), max(xs), max(ys))

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def area(self) -> float:
        return self.width * self.height

    @property
    def centre(self) -> Point:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


@dataclass(frozen=True)
class Pose:
    """Which way a head is turned, in degrees; all 0 is a face that looks straight into the camera, upright."""

    yaw: float
    """Above 0 the face looks to the right of the picture."""
    pitch: float
    """Above 0 the face looks up."""
    roll: float
    """Above 0 the head is tilted clockwise, as the picture is seen."""


@dataclass(frozen=True)
class Gaze:
    """Which way the eyes look within the head, in degrees, with the signs of a pose."""

    yaw: float
    pitch: float


@dataclass(frozen=True)
class Face:
    """One face: its 90 points in the order of the schema, and what else the engine knows of it."""

    points: tuple[Point, ...]
    score: float | None
    """How sure the engine is that this is a face, 0 to 1."""
    uncertainty: tuple[float, ...] | None = None
    """How far off each point is expected to be, in units of the inter-ocular distance."""
    pose: Pose | None = None
    gaze: Gaze | None = None
    expressions: Mapping[str, float] | None = None
    """Scores of 0 to 1 by the name of the blendshape."""

    def __post_init__(self) -> None:
        if len(self.points) != POINT_COUNT:
            raise ValueError(f"a face has {POINT_COUNT} points, not {len(self.points)}")
        if not all(math.isfinite(value) for point in self.points for value in point):
            raise ValueError("a point has coordinates that are no finite numbers")
        if self.uncertainty is not None and len(self.uncertainty) != POINT_COUNT:
            raise ValueError(f"{len(self.uncertainty)} uncertainties do not belong to {POINT_COUNT} points")

    def region(self, name: str) -> tuple[Point, ...]:
        return self.points[SPANS[name]]

    @cached_property
    def box(self) -> Box:
        """The box around the 90 points."""
        return Box.around(self.points)

    def seen_in(self, view: Box, scale: float) -> "Face":
        """The same face in a picture that shows `view` (edges, not pixels) of the photo, `scale` times as large."""
        left, top = view.left - PIXEL_CENTRE, view.top - PIXEL_CENTRE
        points = tuple(((x - left) * scale - PIXEL_CENTRE, (y - top) * scale - PIXEL_CENTRE) for x, y in self.points)
        return replace(self, points=points)

    def to_wire(self, *, rounded: bool = True) -> WireFace:
        """The vendor's face object; whole pixels as the vendor sends them unless told otherwise."""
        return {region.name: [_wire_point(p, rounded) for p in self.region(region.name)] for region in REGIONS}


def face_from_wire(face: Mapping[str, Sequence[Mapping[str, object]]]) -> Face:
    """Read the vendor's face object; raise EngineError when a region, a point or a number is not as it must be."""
    points: list[Point] = []
    for region in REGIONS:
        entries = face.get(region.name)
        if not isinstance(entries, Sequence) or len(entries) != region.count:
            raise EngineError(
                "The engine's answer is not one of 90 points, so it was not used.",
                detail=f"{region.name} is missing or has not {region.count} points",
            )
        points.extend((_coordinate(entry, "x"), _coordinate(entry, "y")) for entry in entries)
    return Face(tuple(points), score=None)


def order_faces(faces: Iterable[Face]) -> tuple[Face, ...]:
    """Largest first, by the area of the box around the points."""
    return tuple(sorted(faces, key=lambda face: face.box.area, reverse=True))


def _wire_point(point: Point, rounded: bool) -> WirePoint:
    x, y = point
    return {"x": round(x), "y": round(y)} if rounded else {"x": round(x, 3), "y": round(y, 3)}


def _coordinate(entry: Mapping[str, object], axis: str) -> float:
    value = entry.get(axis) if isinstance(entry, Mapping) else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise EngineError(
            "The engine's answer holds something that is no number, so it was not used.",
            detail=f"{axis}={value!r}",
        )
    return float(value)
