"""Drawings of faces as layers of items to paint, from the lowest layer to the highest."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from PIL import ImageColor

from landmarks.core.pixels import Box, Point
from landmarks.core.schema import HALO
from landmarks.drawing import geometry
from landmarks.drawing.brush import Brush, Colour
from landmarks.drawing.frames import Frame
from landmarks.drawing.geometry import GUESSED_HALO, Drawing, Line, Marker, Number
from landmarks.drawing.marks import DARK, HOLLOWS, LIGHT, OUTLINES, REACH
from landmarks.drawing.sizes import DASH, GAP, Sizes


@dataclass(frozen=True)
class Item:
    """Something to paint, and the box that it stays within."""

    box: Box
    paint: Callable[[Brush], None]


@dataclass(frozen=True)
class Layer:
    """Items that are painted over one another at full opacity, then put on the picture at once."""

    opacity: float
    items: tuple[Item, ...]


def layers_of(drawings: Sequence[Drawing], opacity: float = 1.0) -> tuple[Layer, ...]:
    """The layers from below; `opacity` is that of marks and lines."""
    halos = geometry.HALO_LINE_OPACITY * opacity
    mesh = tuple(item for drawing in drawings for item in _mesh(drawing))
    return (
        Layer(geometry.MESH_OPACITY * opacity, mesh),
        Layer(halos * GUESSED_HALO, tuple(item for each in drawings for item in _halo_lines(each, is_guessed=True))),
        Layer(halos, tuple(item for each in drawings for item in _halo_lines(each, is_guessed=False))),
        Layer(geometry.LINE_OPACITY * opacity, tuple(item for drawing in drawings for item in _lines(drawing))),
        Layer(opacity, tuple(_mark(marker, drawing.sizes) for drawing in drawings for marker in drawing.markers)),
        Layer(1.0, tuple(_number(number, drawing.sizes) for drawing in drawings for number in drawing.numbers)),
        Layer(geometry.FRAME_HALO_OPACITY, tuple(item for drawing in drawings for item in _corner_halos(drawing))),
        Layer(1.0, tuple(item for drawing in drawings for item in _corners(drawing))),
        Layer(1.0, tuple(_tag(drawing.frame, drawing.sizes) for drawing in drawings if drawing.frame)),
    )


def _mesh(drawing: Drawing) -> Iterator[Item]:
    for stroke in drawing.mesh:
        for edge in pairwise(stroke):
            yield _stroke(edge, drawing.sizes.mesh, rgba(LIGHT))


def _halo_lines(drawing: Drawing, *, is_guessed: bool) -> Iterator[Item]:
    for line in drawing.lines:
        for segment in line.segments if line.is_guessed is is_guessed else ():
            yield _stroke(segment, drawing.sizes.halo_line, rgba(HALO))


def _lines(drawing: Drawing) -> Iterator[Item]:
    width = drawing.sizes.line
    for line in drawing.lines:
        for piece in dashes(line, DASH * width, GAP * width) if line.is_guessed else line.segments:
            yield _stroke(piece, width, rgba(line.colour))


def dashes(line: Line, dash: float, gap: float) -> Iterator[tuple[Point, Point]]:
    """The dashes along a line, whose pattern goes on around its corners."""
    walked = 0.0
    for (ax, ay), (bx, by) in line.segments:
        length = math.hypot(bx - ax, by - ay)
        begin = -(walked % (dash + gap))
        while begin < length:
            part = [max(0.0, begin) / length, min(length, begin + dash) / length]
            if part[0] < part[1]:
                one, other = ((ax + (bx - ax) * at, ay + (by - ay) * at) for at in part)
                yield one, other
            begin += dash + gap
        walked += length


def _corner_halos(drawing: Drawing) -> Iterator[Item]:
    width = drawing.sizes.frame + 2 * drawing.sizes.frame_halo
    for corner in drawing.frame.corners if drawing.frame else ():
        yield _stroke(corner, width, rgba(HALO))


def _corners(drawing: Drawing) -> Iterator[Item]:
    if frame := drawing.frame:
        for corner in frame.corners:
            yield _stroke(corner, drawing.sizes.frame, rgba(frame.colour))


def _stroke(points: Sequence[Point], width: float, colour: Colour) -> Item:
    return Item(Box.around(points).grown(width / 2), lambda brush: brush.stroke(points, width, colour))


def _mark(marker: Marker, sizes: Sizes) -> Item:
    halo, fill = rgba(HALO, geometry.HALO_OPACITY), rgba(marker.colour)

    def paint(brush: Brush) -> None:
        for shape in OUTLINES[marker.mark]:
            brush.shape(marker.centre, shape, marker.radius, sizes.halo, halo)
        for shape in OUTLINES[marker.mark]:
            brush.shape(marker.centre, shape, marker.radius, 0, fill)
        for shape in HOLLOWS[marker.mark] if marker.is_guessed else ():
            brush.shape(marker.centre, shape, marker.radius, 0, rgba(HALO))

    return Item(Box.around([marker.centre]).grown(REACH * marker.radius + sizes.halo), paint)


def _number(number: Number, sizes: Sizes) -> Item:
    rim = 0.16 * sizes.number, rgba(HALO, geometry.HALO_OPACITY)

    def paint(brush: Brush) -> None:
        brush.text(number.centre, number.text, sizes.number, rgba(LIGHT), rim)

    return Item(Box.around([number.centre]).grown(sizes.number), paint)


def _tag(frame: Frame, sizes: Sizes) -> Item:
    fill, ink = (LIGHT, DARK) if frame.is_selected else (DARK, LIGHT)

    def paint(brush: Brush) -> None:
        brush.rounded_rectangle(frame.tag, 0.3 * sizes.tag, rgba(fill))
        brush.text(frame.tag.centre, frame.text, sizes.tag, rgba(ink))

    return Item(frame.tag, paint)


@lru_cache(maxsize=256)
def rgba(name: str, opacity: float = 1.0) -> Colour:
    """The colour of that name or code, with its opacity."""
    red, green, blue = ImageColor.getrgb(name)[:3]
    return red, green, blue, round(255 * opacity)
