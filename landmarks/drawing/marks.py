"""The outlines of the nine marks, in units of a mark's radius around its centre, for every renderer."""

import math
from dataclasses import dataclass

from landmarks.core.pixels import Point
from landmarks.core.schema import Mark

LIGHT = "#F7F2EA"
DARK = "#26221F"
"""Colours of tags and numbers; the mesh is light, too."""


@dataclass(frozen=True)
class Polygon:
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Ring:
    """A circle; with a hole it is a ring."""

    outer: float
    hole: float = 0.0


Shape = Polygon | Ring


def _regular(corners: int, radius: float, first: float) -> Polygon:
    """A regular polygon whose first corner is at that angle, in degrees clockwise from the right."""
    angles = [math.radians(first + 360 * corner / corners) for corner in range(corners)]
    return Polygon(tuple((radius * math.cos(angle), radius * math.sin(angle)) for angle in angles))


def _plus(arm: float, half: float) -> Polygon:
    quarter = ((half, -arm), (half, -half), (arm, -half))
    turns = ((1, 0), (0, 1), (-1, 0), (0, -1))
    return Polygon(tuple((x * cos - y * sin, x * sin + y * cos) for cos, sin in turns for x, y in quarter))


PUPIL = Ring(1.55, 1.55 - 0.62)
OUTLINES: dict[Mark, tuple[Shape, ...]] = {
    Mark.DOT: (Ring(1.0),),
    Mark.SQUARE: (_regular(4, 0.9 * math.sqrt(2), 45),),
    Mark.DIAMOND: (_regular(4, 1.32, 0),),
    Mark.TRIANGLE_LEFT: (_regular(3, 1.5, 180),),
    Mark.TRIANGLE_RIGHT: (_regular(3, 1.5, 0),),
    Mark.TRIANGLE_UP: (_regular(3, 1.5, -90),),
    Mark.PLUS: (_plus(1.3, 0.46),),
    Mark.RING: (PUPIL,),
    Mark.RING_DOT: (PUPIL, Ring(0.45)),
}
HOLLOWS: dict[Mark, tuple[Shape, ...]] = {
    Mark.DOT: (Ring(0.64),),
    Mark.SQUARE: (_regular(4, 0.58 * math.sqrt(2), 45),),
    Mark.DIAMOND: (_regular(4, 0.88, 0),),
    Mark.TRIANGLE_LEFT: (_regular(3, 0.92, 180),),
    Mark.TRIANGLE_RIGHT: (_regular(3, 0.92, 0),),
    Mark.TRIANGLE_UP: (_regular(3, 0.92, -90),),
    Mark.PLUS: (_plus(1.06, 0.22),),
    Mark.RING: (Ring(1.23),),
    Mark.RING_DOT: (Ring(1.23, 0.45),),
}
"""The part of a mark that is dark if its point is guessed, so that only a rim remains."""
REACH = 1.55
"""How far the largest mark extends from its centre, without its halo."""
