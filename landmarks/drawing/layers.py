"""Drawings of faces as layers of things to paint, from the lowest layer to the highest."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PIL import ImageColor

from landmarks.core.faces import Box, Point
from landmarks.core.schema import HALO
from landmarks.drawing import geometry
from landmarks.drawing.brush import Brush, Colour
from landmarks.drawing.geometry import Drawing, Frame, Number, Sizes, Spot
from landmarks.drawing.marks import CHIP, HOLLOWS, LIGHT, OUTLINES, REACH


@dataclass(frozen=True)
class Thing:
    """Something to paint and the box that it stays within."""

    box: Box
    paint: Callable[[Brush], None]


@dataclass(frozen=True)
class Layer:
    """Things that are painted over one another in full and then laid on the picture at once."""

    opacity: float
    things: tuple[Thing, ...]


def layers_of(drawings: Sequence[Drawing], opacity: float = 1.0) -> tuple[Layer, ...]:
    """`opacity` is that of marks and lines."""
    halos = tuple(thing for drawing in drawings for thing in _halo_lines(drawing))
    return (
        Layer(geometry.HALO_LINE_OPACITY * opacity, halos),
        Layer(geometry.LINE_OPACITY * opacity, tuple(thing for drawing in drawings for thing in _lines(drawing))),
        Layer(opacity, tuple(_mark(spot, drawing.sizes) for drawing in drawings for spot in drawing.spots)),
        Layer(1.0, tuple(_number(number, drawing.sizes) for drawing in drawings for number in drawing.numbers)),
        Layer(geometry.FRAME_HALO_OPACITY, tuple(thing for drawing in drawings for thing in _corner_halos(drawing))),
        Layer(1.0, tuple(thing for drawing in drawings for thing in _corners(drawing))),
        Layer(1.0, tuple(_tag(drawing.frame, drawing.sizes) for drawing in drawings if drawing.frame)),
    )


def grown(box: Box, by: float) -> Box:
    return Box(box.left - by, box.top - by, box.right + by, box.bottom + by)


def _halo_lines(drawing: Drawing) -> Iterator[Thing]:
    for line in drawing.lines:
        for segment in line.segments:
            yield _stroke(segment, drawing.sizes.halo_line, _colour(HALO))


def _lines(drawing: Drawing) -> Iterator[Thing]:
    for line in drawing.lines:
        for segment in line.segments:
            yield _stroke(segment, drawing.sizes.line, _colour(line.colour))


def _corner_halos(drawing: Drawing) -> Iterator[Thing]:
    width = drawing.sizes.frame + 2 * drawing.sizes.frame_halo
    for corner in drawing.frame.corners if drawing.frame else ():
        yield _stroke(corner, width, _colour(HALO))


def _corners(drawing: Drawing) -> Iterator[Thing]:
    if frame := drawing.frame:
        for corner in frame.corners:
            yield _stroke(corner, drawing.sizes.frame, _colour(frame.colour))


def _stroke(points: Sequence[Point], width: float, colour: Colour) -> Thing:
    return Thing(grown(Box.around(points), width / 2), lambda brush: brush.stroke(points, width, colour))


def _mark(spot: Spot, sizes: Sizes) -> Thing:
    halo, fill = _colour(HALO, geometry.HALO_OPACITY), _colour(spot.colour)

    def paint(brush: Brush) -> None:
        for shape in OUTLINES[spot.mark]:
            brush.shape(spot.centre, shape, spot.radius, sizes.halo, halo)
        for shape in OUTLINES[spot.mark]:
            brush.shape(spot.centre, shape, spot.radius, 0, fill)
        for shape in HOLLOWS[spot.mark] if spot.is_guessed else ():
            brush.shape(spot.centre, shape, spot.radius, 0, _colour(HALO))

    return Thing(grown(Box.around([spot.centre]), REACH * spot.radius + sizes.halo), paint)


def _number(number: Number, sizes: Sizes) -> Thing:
    rim = 0.16 * sizes.number, _colour(HALO, geometry.HALO_OPACITY)

    def paint(brush: Brush) -> None:
        brush.text(number.centre, number.text, sizes.number, _colour(LIGHT), rim)

    return Thing(grown(Box.around([number.centre]), sizes.number), paint)


def _tag(frame: Frame, sizes: Sizes) -> Thing:
    fill, ink = (LIGHT, CHIP) if frame.is_chosen else (CHIP, LIGHT)

    def paint(brush: Brush) -> None:
        brush.plate(frame.tag, 0.3 * sizes.tag, _colour(fill))
        brush.text(frame.tag.centre, frame.text, sizes.tag, _colour(ink))

    return Thing(frame.tag, paint)


def _colour(name: str, opacity: float = 1.0) -> Colour:
    red, green, blue = ImageColor.getrgb(name)[:3]
    return red, green, blue, round(255 * opacity)
