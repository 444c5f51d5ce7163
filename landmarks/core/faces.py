"""Faces: the 90 points and everything else that an engine reports about each."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property
from itertools import chain
from typing import Any, Self

from landmarks.core.dense import DENSE_COUNT, DensePoint
from landmarks.core.pixels import Box, Point, Transform
from landmarks.core.schema import POINT_COUNT, SPANS

GUESSED = 0.08
"""A point whose expected error is above this counts as guessed. Benchmarks count a face as missed above the same error
(failure rate at 8 %, as on 300-W)."""


@dataclass(frozen=True)
class Pose:
    """Which way a head is turned, in degrees; all 0 is an upright face that looks straight into the camera."""

    yaw: float
    """Above 0 the face looks to the right of the picture."""
    pitch: float
    """Above 0 the face looks up."""
    roll: float
    """Above 0 the head is tilted clockwise, as seen in the picture."""

    def flipped(self) -> Self:
        """In the mirror image of the picture."""
        return replace(self, yaw=-self.yaw, roll=-self.roll)


@dataclass(frozen=True)
class Gaze:
    """Which way the eyes look within the head, in degrees; all 0 is straight out of the face."""

    yaw: float
    """Above 0 the eyes look to the right of the picture."""
    pitch: float
    """Above 0 the eyes look up."""

    def flipped(self) -> Self:
        """In the mirror image of the picture."""
        return replace(self, yaw=-self.yaw)


@dataclass(frozen=True)
class Face:
    """One face: its 90 points in the order of the schema, and what else the engine reports.

    A new field is added here and as a column of `models.Face`; `to_dict` and `from_dict` take it up, and with them
    rows and JSON.
    """

    points: tuple[Point, ...]
    """90 × (x, y), in pixels of the upright photo."""
    score: float | None
    """Confidence that this is a face, 0 to 1."""
    uncertainty: tuple[float, ...] | None = None
    """Expected error of each of the 90 points, in units of the inter-ocular distance."""
    pose: Pose | None = None
    gaze: Gaze | None = None
    irises: tuple[float | None, float | None] | None = None
    """Pixels across the visible iris of the left and the right eye; None for one that the lids cover."""
    expressions: Mapping[str, float | None] | None = None
    """Scores of 0 to 1 by the ARKit name of the blendshape, None for one whose part of the face is covered; left and
    right in these names are the person's."""
    covered: tuple[str, ...] | None = None
    """Names of the regions that something hides, as a mask or a hand, in the order of the schema; empty if none."""
    dense: tuple[DensePoint, ...] | None = None
    """The 478 dense points that the others are computed from, if they were requested."""

    def __post_init__(self) -> None:
        if len(self.points) != POINT_COUNT:
            raise ValueError(f"a face has {POINT_COUNT} points, not {len(self.points)}")
        if not all(map(math.isfinite, chain.from_iterable(self.points))):
            raise ValueError("a coordinate is not a finite number")
        if self.uncertainty is not None and len(self.uncertainty) != POINT_COUNT:
            raise ValueError(f"{len(self.uncertainty)} uncertainties do not belong to {POINT_COUNT} points")
        if self.dense is not None and len(self.dense) != DENSE_COUNT:
            raise ValueError(f"a face has {DENSE_COUNT} dense points, not {len(self.dense)}")

    def region(self, name: str) -> tuple[Point, ...]:
        return self.points[SPANS[name]]

    @cached_property
    def guessed(self) -> frozenset[int]:
        """Indices, 0 to 89, of the points that the engine could not see well; empty if it reports no uncertainty."""
        return frozenset(index for index, error in enumerate(self.uncertainty or ()) if error > GUESSED)

    def is_covered(self, region: str) -> bool:
        """Whether something hides most of a region, as far as the engine can tell."""
        return region in (self.covered or ())

    @cached_property
    def box(self) -> Box:
        """The box around the 90 points."""
        return Box.around(self.points)

    def transformed(self, transform: Transform) -> "Face":
        """The same face in another picture."""
        return replace(
            self,
            points=transform.points(self.points),
            irises=self.irises and scaled(self.irises, transform.factor),
            dense=self.dense and moved(self.dense, transform),
        )

    def rounded(self, digits: int) -> "Face":
        """The same face with coordinates of so many decimals."""
        points = tuple((round(x, digits), round(y, digits)) for x, y in self.points)
        dense = self.dense and tuple((round(x, digits), round(y, digits), round(z, digits)) for x, y, z in self.dense)
        return replace(self, points=points, dense=dense)

    def to_dict(self) -> dict[str, Any]:
        """Every field as a value that JSON can hold; what the engine does not report is None."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Face":
        """Reverse `to_dict`, also after a round trip through JSON; other keys are ignored.

        Raises KeyError or ValueError for what is not a face.
        """
        return cls(**{field.name: _read(field.name, values[field.name]) for field in fields(cls)})


def scaled(irises: tuple[float | None, float | None], factor: float) -> tuple[float | None, float | None]:
    left, right = irises
    return left and left * factor, right and right * factor


def moved(dense: tuple[DensePoint, ...], transform: Transform) -> tuple[DensePoint, ...]:
    """Dense points in another picture, with the depth in its pixels."""
    scale = transform.factor
    flat = transform.points((x, y) for x, y, _ in dense)
    return tuple((x, y, z * scale) for (x, y), (_, _, z) in zip(flat, dense, strict=True))


READERS: dict[str, Callable[[Any], object]] = {
    "points": lambda points: tuple([(x, y) for x, y in points]),
    "uncertainty": tuple,
    "pose": lambda angles: Pose(**angles),
    "gaze": lambda angles: Gaze(**angles),
    "covered": tuple,
    "irises": lambda diameters: (diameters[0], diameters[1]),
    "dense": lambda points: tuple((x, y, z) for x, y, z in points),
}
"""How to read the fields that JSON holds as another type."""


def _plain(value: object) -> object:
    return asdict(value) if isinstance(value, Pose | Gaze) else value


def _read(name: str, value: Any) -> Any:
    return READERS[name](value) if value is not None and name in READERS else value


def order_faces(faces: Iterable[Face]) -> tuple[Face, ...]:
    """Largest first, by the area of the box around the points."""
    return tuple(sorted(faces, key=lambda face: face.box.area, reverse=True))
