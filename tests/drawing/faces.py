"""A face to draw: the vendor's layout as a front view, in units of its own size."""

import math
from collections.abc import Iterable

from landmarks.core.faces import Face
from landmarks.core.pixels import Point


def make_face(side: float = 300.0, centre: Point = (200.0, 200.0)) -> Face:
    """A frontal face whose contour's bounds are `side` wide and `side` high."""
    x, y = centre
    points = [*_contour(), *_eye(-1), *_eye(1), *_brow(-1), *_brow(1), *_mouth(), *_nose(), (-0.22, -0.3), (0.22, -0.3)]
    return Face(tuple((x + side * across, y + side * down) for across, down in points), score=0.9)


def on_plane(points: Iterable[Point]) -> tuple[Point, ...]:
    """Where points of a photo, which are middles of pixels, lie on the plane that is drawn on."""
    return tuple((x + 0.5, y + 0.5) for x, y in points)


def _contour() -> list[Point]:
    angles = [math.pi * (1 - step / 20) for step in range(21)]
    return [(0.5 * math.cos(angle), -0.5 + math.sin(angle)) for angle in angles]


def _oval(x: float, y: float, width: float, height: float, count: int) -> list[Point]:
    """Points around it from its left end (from its right end if the width is negative), the lower ones first."""
    angles = [math.pi - 2 * math.pi * step / count for step in range(count)]
    return [(x + width * math.cos(angle), y + height * math.sin(angle)) for angle in angles]


def _eye(side: int) -> list[Point]:
    return [(side * x, y) for x, y in _oval(0.22, -0.3, -0.1, 0.04, 8)]


def _brow(side: int) -> list[Point]:
    return [(side * x, y) for x, y in _oval(0.22, -0.42, -0.13, 0.03, 8)]


def _mouth() -> list[Point]:
    return [*_oval(0, 0.25, 0.2, 0.09, 12), *_oval(0, 0.25, 0.13, 0.03, 10)]


def _nose() -> list[Point]:
    left = [(-0.03 * step, -0.28 + 0.075 * step) for step in range(1, 5)]
    base = [(-0.05, 0.08), (0.0, 0.1), (0.05, 0.08)]
    return [(0.0, 0.0), (0.0, -0.28), *left, *base, *((-x, y) for x, y in reversed(left))]
