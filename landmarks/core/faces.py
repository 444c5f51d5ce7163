"""Frozen values of what was found: points, boxes and faces, strict to and from the wire."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from landmarks.core.schema import POINT_COUNT, SPANS

Point = tuple[float, float]
"""x and y in pixels of the upright photo, y down; (0, 0) is the middle of the top left pixel."""

GUESSED = 0.08
"""A point that is expected to be further off than this is a guess; a whole face above it counts as missed (FR8)."""

PIXEL_CENTRE = 0.5
"""What a point is moved by on a plane on which that pixel spans 0 to 1, as in SVG."""


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


def order_faces(faces: Iterable[Face]) -> tuple[Face, ...]:
    """Largest first, by the area of the box around the points."""
    return tuple(sorted(faces, key=lambda face: face.box.area, reverse=True))
