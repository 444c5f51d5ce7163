"""Faces drawn on a photo, as a picture."""

from collections import defaultdict
from collections.abc import Sequence

from PIL import Image

from landmarks.core.faces import Face
from landmarks.core.pixels import Box
from landmarks.drawing.brush import Brush
from landmarks.drawing.geometry import lay_out
from landmarks.drawing.layers import Item, Layer, layers_of
from landmarks.drawing.style import DEFAULT_STYLE, Style

TILE = 128
"""Side of the tiles in which a picture is drawn, so that a large photo needs little more memory than itself."""
ENLARGED = 3
"""The factor by which a tile is drawn larger before it is reduced."""
MARGIN = 4
"""Pixels drawn around a tile, so that reducing it has no edge effects."""

Area = tuple[int, int, int, int]


def draw_overlay(image: Image.Image, faces: Sequence[Face], style: Style = DEFAULT_STYLE) -> Image.Image:
    """A new RGB picture with the faces, whose points are in pixels of the image; the image itself is unchanged."""
    picture = image.convert("RGB")
    draw_on(picture, faces, style)
    return picture


def draw_on(picture: Image.Image, faces: Sequence[Face], style: Style = DEFAULT_STYLE) -> None:
    """Draw on an RGB picture itself, without a second one in memory."""
    for layer in layers_of(lay_out(faces, Box(0, 0, *picture.size), style), style.opacity):
        for cell, items in _cells(layer.items).items():
            _draw_cell(picture, cell, layer, items)


def _cells(items: Sequence[Item]) -> dict[tuple[int, int], list[Item]]:
    """The items that touch each tile, by its column and row; tiles that none touches are left out."""
    cells: dict[tuple[int, int], list[Item]] = defaultdict(list)
    for item in items:
        box = item.box.grown(MARGIN)
        for column in range(int(box.left // TILE), int(box.right // TILE) + 1):
            for row in range(int(box.top // TILE), int(box.bottom // TILE) + 1):
                cells[column, row].append(item)
    return cells


def _draw_cell(picture: Image.Image, cell: tuple[int, int], layer: Layer, items: Sequence[Item]) -> None:
    left, top, right, bottom = _touched(picture, cell, [item.box for item in items])
    width, height = right - left, bottom - top
    if width <= 0 or height <= 0:
        return
    brush = Brush(left - MARGIN, top - MARGIN, width + 2 * MARGIN, height + 2 * MARGIN, ENLARGED)
    for item in items:
        item.paint(brush)
    tile = brush.finish(layer.opacity).crop((MARGIN, MARGIN, MARGIN + width, MARGIN + height))
    picture.paste(tile, (left, top), tile)


def _touched(picture: Image.Image, cell: tuple[int, int], boxes: Sequence[Box]) -> Area:
    """The part of a tile that is drawn on: left, top, right, bottom in whole pixels of the picture; it may be empty."""
    left, top = cell[0] * TILE, cell[1] * TILE
    return (
        max(0, left, int(min(box.left for box in boxes)) - 1),
        max(0, top, int(min(box.top for box in boxes)) - 1),
        min(picture.width, left + TILE, int(max(box.right for box in boxes)) + 2),
        min(picture.height, top + TILE, int(max(box.bottom for box in boxes)) + 2),
    )
