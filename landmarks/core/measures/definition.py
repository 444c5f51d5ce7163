"""What a measure is: its name, formula and source, and how it is taken."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from landmarks.core.measures.geometry import Geometry, Mirrored, Segment, Shape
from landmarks.core.schema import FLIPPED


class Kind(StrEnum):
    LENGTH = "length"
    """In pixels, percent of the eye distance, or millimetres."""
    ANGLE = "angle"
    """In degrees."""
    INDEX = "index"
    """One length in percent of another."""


class Group(StrEnum):
    EYES = "Eyes"
    BROWS = "Brows"
    NOSE_AND_MOUTH = "Nose and mouth"
    FACE = "Face"


FARKAS = "Farkas 1994, Anthropometry of the Head and Face"
EMOTRICS = "Emotrics, Guarin et al. 2018"
DYNAFACE = "dynaface, Heaton"


@dataclass(frozen=True)
class Measure:
    """One measure; left and right are the sides of the picture."""

    name: str
    """In JSON and CSV."""
    title: str
    group: Group
    kind: Kind
    formula: str
    """In words, with points as they are numbered in the atlas."""
    source: str
    geometry: Geometry
    """Of the left side, if it has sides."""
    has_sides: bool = False

    def left(self, shape: Shape) -> float:
        """The value of the left side, or of a measure without sides."""
        return self.geometry.value(shape)

    def right(self, shape: Shape) -> float:
        return self.geometry.value(Mirrored(shape))

    @property
    def left_points(self) -> frozenset[int]:
        """Indices, 0 to 89, of the points that the left side needs."""
        return self.geometry.points

    @property
    def right_points(self) -> frozenset[int]:
        return frozenset(FLIPPED[index] for index in self.geometry.points)

    @property
    def points(self) -> frozenset[int]:
        """Those of both sides."""
        return self.left_points | self.right_points if self.has_sides else self.left_points

    def left_segments(self, shape: Shape) -> tuple[Segment, ...]:
        return self.geometry.segments(shape)

    def right_segments(self, shape: Shape) -> tuple[Segment, ...]:
        mirrored = self.geometry.segments(Mirrored(shape))
        return tuple((-start.conjugate(), -end.conjugate()) for start, end in mirrored)


def length(
    name: str, title: str, group: Group, formula: str, source: str, geometry: Geometry, *, has_sides: bool = False
) -> Measure:
    return Measure(name, title, group, Kind.LENGTH, formula, source, geometry, has_sides)


def index(
    name: str, title: str, group: Group, formula: str, source: str, geometry: Geometry, *, has_sides: bool = False
) -> Measure:
    return Measure(name, title, group, Kind.INDEX, formula, source, geometry, has_sides)


def tilt(
    name: str,
    title: str,
    group: Group,
    formula: str,
    source: str,
    geometry: Geometry,
    value: Callable[[Shape], float],
) -> Measure:
    """An angle, which has sides, of the segment of a length."""
    turned = Geometry(geometry.points, value, geometry.segments)
    return Measure(name, title, group, Kind.ANGLE, formula, source, turned, has_sides=True)
