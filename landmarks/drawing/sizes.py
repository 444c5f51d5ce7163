"""How large the parts of a face are drawn, by the formula of docs/points.md ("Size of marks").

Sizes are chosen in output pixels and divided by the scale, the number of output pixels for each pixel of the photo.
"""

import math
from dataclasses import dataclass
from enum import Enum

from landmarks.core.faces import Face
from landmarks.core.pixels import Box
from landmarks.drawing.style import DEFAULT_STYLE, Style


@dataclass(frozen=True)
class Proportion:
    """A length that follows from another one, within limits."""

    factor: float
    least: float
    most: float | None = None

    def of(self, length: float) -> float:
        wanted = max(self.factor * length, self.least)
        return wanted if self.most is None else min(wanted, self.most)


SLOPE, ROOT = 0.0125, 0.2
"""Radius of the marks of a small face in units of its side, and of a large one in units of the root of it."""
SMALLEST_RADIUS, LARGEST_RADIUS = 0.55, 9.0
DOTS_FROM = 0.95
"""Radius from which points are drawn as dots; smaller faces are drawn with lines only."""
MARKS_FROM = 2.1
"""Radius from which each region has its own mark."""
CONTOUR_DOT, SMALLEST_DOT = 0.92, 0.75
"""Radius of the contour's dots in units of the other marks', and of the pupils where a face is drawn with lines."""
MARK_HALO, LINE = Proportion(0.34, 0.45), Proportion(0.42, 1.05)
"""Of the radius of the marks."""
LINE_HALO = 1.3
"""What a line is widened by for its halo, in units of a mark's halo."""
MESH = 0.42
"""Width of the lines of the mesh, in units of that of the other lines."""
DASH, GAP = 2.0, 2.75
"""Of lines to guessed points, in units of their width; round ends make the dashes longer and the gaps shorter."""
NUMBER = Proportion(2.4, 7, 24)
"""Height of the letters of a point's number, of the radius."""
FRAME, FRAME_HALO = Proportion(1, 1.6), Proportion(0.34, 0.8)
"""Of the width of the lines."""
TAG = Proportion(1.2, 10.5, 44)
"""Height of the letters of a face's number, of the root of the face's side."""


class Detail(Enum):
    """How much of a face can be distinguished at its size."""

    LINES = "lines"
    DOTS = "dots"
    MARKS = "marks"


@dataclass(frozen=True)
class Sizes:
    """How large the parts of one face are drawn."""

    side: float
    """Root of the area of the contour's box, in output pixels; everything else follows from it."""
    detail: Detail
    radius: float
    halo: float
    line: float
    halo_line: float
    mesh: float
    """Width of the lines of the mesh."""
    number: float
    """Height of the letters of a point's number."""
    frame: float
    """Thickness of a corner."""
    frame_halo: float
    tag: float
    """Height of the letters of a face's number."""


def sizes_of(face: Face, style: Style = DEFAULT_STYLE, *, scale: float = 1.0, whole: float | None = None) -> Sizes:
    bounds = Box.around(face.region("face_profile"))
    unscaled = math.sqrt(bounds.width * bounds.height)
    side = unscaled * scale
    radius = _radius(side)
    if whole is not None:
        radius = min(radius, max(_radius(unscaled * whole), MARKS_FROM))
    radius *= style.size
    halo, line = MARK_HALO.of(radius), LINE.of(radius)
    return Sizes(
        side=side,
        detail=_detail(radius),
        radius=radius / scale,
        halo=halo / scale,
        line=line / scale,
        halo_line=(line + LINE_HALO * halo) / scale,
        mesh=MESH * line / scale,
        number=NUMBER.of(radius) / scale,
        frame=FRAME.of(line) / scale,
        frame_halo=FRAME_HALO.of(line) / scale,
        tag=TAG.of(math.sqrt(side)) / scale,
    )


def _radius(side: float) -> float:
    """Of the marks on a face of this side, both in output pixels."""
    return clamp(min(SLOPE * side, ROOT * math.sqrt(side)), SMALLEST_RADIUS, LARGEST_RADIUS)


def clamp(value: float, low: float, high: float) -> float:
    return max(low, min(value, high))


def _detail(radius: float) -> Detail:
    if radius < DOTS_FROM:
        return Detail.LINES
    return Detail.DOTS if radius < MARKS_FROM else Detail.MARKS
