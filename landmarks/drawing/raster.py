"""A photo and its faces to a new picture that shows the points."""

from collections import defaultdict
from collections.abc import Sequence

from PIL import Image

from landmarks.core.faces import Box, Face
from landmarks.drawing.brush import Brush
from landmarks.drawing.geometry import lay_out
from landmarks.drawing.layers import Layer, Thing, grown, layers_of
from landmarks.drawing.style import AT_REST, Style

TILE = 128
"""Side of the pieces in which a picture is drawn, so that a large photo needs little more memory than itself."""
ENLARGED = 3
"""How much larger a piece is drawn before it is reduced."""
MARGIN = 4
"""Pixels drawn around a piece, so that the reduction sees no edge."""

Area = tuple[int, int, int, int]


def draw_overlay(image: Image.Image, faces: Sequence[Face], style: Style = AT_REST) -> Image.Image:
    """A new RGB picture; the faces' points are in pixels of the image, which stays as it is."""
    picture = image.convert("RGB")
    draw_on(picture, faces, style)
    return picture


def draw_on(picture: Image.Image, faces: Sequence[Face], style: Style = AT_REST) -> None:
    """The same on an RGB picture itself, without a second one in memory."""
    for layer in layers_of(lay_out(faces, Box(0, 0, *picture.size), style), style.opacity):
        for cell, things in _cells(layer.things).items():
            _draw_cell(picture, cell, layer, things)


def _cells(things: Sequence[Thing]) -> dict[tuple[int, int], list[Thing]]:
    """The things that touch each piece of the picture, for the pieces (column, row) that are touched at all."""
    cells: dict[tuple[int, int], list[Thing]] = defaultdict(list)
    for thing in things:
        box = grown(thing.box, MARGIN)
        for column in range(int(box.left // TILE), int(box.right // TILE) + 1):
            for row in range(int(box.top // TILE), int(box.bottom // TILE) + 1):
                cells[column, row].append(thing)
    return cells


def _draw_cell(picture: Image.Image, cell: tuple[int, int], layer: Layer, things: Sequence[Thing]) -> None:
    left, top, right, bottom = _touched(picture, cell, [thing.box for thing in things])
    width, height = right - left, bottom - top
    if width <= 0 or height <= 0:
        return
    brush = Brush(left - MARGIN, top - MARGIN, width + 2 * MARGIN, height + 2 * MARGIN, ENLARGED)
    for thing in things:
        thing.paint(brush)
    tile = brush.finish(layer.opacity).crop((MARGIN, MARGIN, MARGIN + width, MARGIN + height))
    picture.paste(tile, (left, top), tile)


def _touched(picture: Image.Image, cell: tuple[int, int], boxes: Sequence[Box]) -> Area:
    """The part of a cell that is drawn on, in whole pixels inside the picture; it may be empty."""
    left, top = cell[0] * TILE, cell[1] * TILE
    return (
        max(0, left, int(min(box.left for box in boxes)) - 1),
        max(0, top, int(min(box.top for box in boxes)) - 1),
        min(picture.width, left + TILE, int(max(box.right for box in boxes)) + 2),
        min(picture.height, top + TILE, int(max(box.bottom for box in boxes)) + 2),
    )
