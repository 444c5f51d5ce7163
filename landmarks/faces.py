"""Frozen values of what was found: points, boxes and faces, strict to and from the wire."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypedDict

from landmarks.errors import EngineError
from landmarks.schema import BY_NAME, POINT_COUNT, REGIONS, SPANS

Point = tuple[float, float]
"""x and y in pixels of the upright photo, y down; (0, 0) is the middle of the top left pixel."""

GUESSED = 0.08
"""A point that is expected to be further off than this is a guess; a whole face above it counts as missed (FR8)."""

PIXEL_CENTRE = 0.5
"""What a point is moved by on a plane on which that pixel spans 0 to 1, as in SVG."""


FARTHEST = 1_000_000.0
"""Pixels; no photo is as large, so a point that is told to be farther away is none."""


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
    """Which way the eyes look within the head, in degrees; all 0 is straight out of the face."""

    yaw: float
    """Above 0 the eyes look to the right of the picture."""
    pitch: float
    """Above 0 the eyes look up."""


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
    """Scores of 0 to 1 by the ARKit name of the blendshape; left and right in these names are the person's."""

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
    def guessed(self) -> frozenset[int]:
        """Places of the points that the engine could not see well; none where it does not tell."""
        return frozenset(place for place, error in enumerate(self.uncertainty or ()) if error > GUESSED)

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


def order_faces(faces: Iterable[Face]) -> tuple[Face, ...]:
    """Largest first, by the area of the box around the points."""
    return tuple(sorted(faces, key=lambda face: face.box.area, reverse=True))


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
