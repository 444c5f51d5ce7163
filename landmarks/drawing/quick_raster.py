"""Faces drawn on a small picture by OpenCV: nearly as `raster` draws them, in an eighth of the time.

A thumbnail is drawn for every photo that is sent. All lines of one colour are one call, and each face has a tile of its
own, so where faces overlap, the later one is on top with all its layers. There are no numbers and no frames.
"""

import math
from collections.abc import Sequence
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from landmarks.core.faces import Face
from landmarks.core.pixels import PIXEL_CENTRE, Box, Point
from landmarks.core.schema import HALO
from landmarks.drawing import geometry
from landmarks.drawing.brush import Colour
from landmarks.drawing.geometry import GUESSED_HALO, Drawing, Line, Marker, lay_out
from landmarks.drawing.layers import dashes, rgba
from landmarks.drawing.marks import HOLLOWS, OUTLINES, REACH, Ring, Shape
from landmarks.drawing.sizes import DASH, GAP
from landmarks.drawing.style import Style

Pixels = NDArray[np.uint8]
Corners = NDArray[np.int32]
"""Points × (x, y), in parts of an enlarged pixel."""

ENLARGED = 3
"""The factor by which a tile is drawn larger before it is reduced."""
FRACTION_BITS = 4
PARTS = 1 << FRACTION_BITS
"""Into which OpenCV divides a pixel."""
EDGE = 0.5
"""Enlarged pixels by which OpenCV makes every shape larger on all sides: it fills those that an outline touches."""
MARGIN = 2
CIRCLE_CORNERS = 12
"""OpenCV's own small circles have four."""


def draw_quickly(picture: Image.Image, faces: Sequence[Face], style: Style) -> None:
    """Draw lines and marks on an RGB picture itself; each face in an area of its own."""
    for drawing in lay_out(faces, Box(0, 0, *picture.size), style):
        reach = max(REACH * drawing.sizes.radius + drawing.sizes.halo, drawing.sizes.halo_line / 2)
        box = drawing.box.grown(reach + MARGIN)
        left, top = max(0, math.floor(box.left)), max(0, math.floor(box.top))
        right, bottom = min(picture.width, math.ceil(box.right)), min(picture.height, math.ceil(box.bottom))
        if left < right and top < bottom:
            tile = Tile(np.asarray(picture.crop((left, top, right, bottom))), (left, top))
            tile.draw(drawing, style.opacity)
            picture.paste(Image.fromarray(tile.pixels), (left, top))


class Tile:
    """A part of a picture, and an enlarged, transparent layer over it."""

    def __init__(self, pixels: Pixels, origin: Point) -> None:
        self.pixels = pixels
        self._origin = np.array(origin)
        height, width = pixels.shape[:2]
        self._layer = np.zeros((height * ENLARGED, width * ENLARGED, 4), np.uint8)

    def draw(self, drawing: Drawing, opacity: float) -> None:
        """The layers of a face from below; `opacity` is that of marks and lines."""
        lines, halos = drawing.lines, geometry.HALO_LINE_OPACITY * opacity
        for is_guessed, share in ((True, GUESSED_HALO), (False, 1.0)):
            if some := [line for line in lines if line.is_guessed is is_guessed]:
                self._strokes(some, drawing.sizes.halo_line, rgba(HALO))
                self._flatten(halos * share)
        for line in lines:
            self._line(line, drawing.sizes.line)
        if lines:
            self._flatten(geometry.LINE_OPACITY * opacity)
        if drawing.markers:
            self._markers(drawing.markers, drawing.sizes.halo)
            self._flatten(opacity)

    # --- lines ---

    def _strokes(self, lines: Sequence[Line], width: float, colour: Colour) -> None:
        for is_closed in (True, False):
            if paths := [self._corners(line.points) for line in lines if line.is_closed is is_closed]:
                self._polylines(paths, width, colour, is_closed)

    def _line(self, line: Line, width: float) -> None:
        if line.is_guessed:
            pieces = [self._corners(piece) for piece in dashes(line, DASH * width, GAP * width)]
            self._polylines(pieces, width, rgba(line.colour), False)
        else:
            self._polylines([self._corners(line.points)], width, rgba(line.colour), line.is_closed)

    def _polylines(self, paths: Sequence[Corners], width: float, colour: Colour, is_closed: bool) -> None:
        thickness = max(1, round(width * ENLARGED - 2 * EDGE))
        cv2.polylines(self._layer, paths, is_closed, colour, thickness, cv2.LINE_8, FRACTION_BITS)

    # --- marks ---

    def _markers(self, markers: Sequence[Marker], halo: float) -> None:
        rim = _premultiplied(rgba(HALO, geometry.HALO_OPACITY))
        centres = self._corners([marker.centre for marker in markers])
        for marker, centre in zip(markers, centres, strict=True):
            for shape in OUTLINES[marker.mark]:
                self._shape(centre, shape, marker.radius, halo, rim)
            for shape in OUTLINES[marker.mark]:
                self._shape(centre, shape, marker.radius, 0, rgba(marker.colour))
            for shape in HOLLOWS[marker.mark] if marker.is_guessed else ():
                self._shape(centre, shape, marker.radius, 0, rgba(HALO))

    def _shape(self, centre: Corners, shape: Shape, radius: float, grown: float, colour: Colour) -> None:
        """A mark's outline, filled, `grown` larger on every side."""
        if isinstance(shape, Ring) and shape.hole * radius > grown:
            middle, half = (shape.outer + shape.hole) / 2 * radius, (shape.outer - shape.hole) / 2 * radius + grown
            thickness = max(1, round(2 * (half * ENLARGED - EDGE)))
            reach = round(middle * ENLARGED * PARTS)
            cv2.circle(self._layer, centre.tolist(), reach, colour, thickness, cv2.LINE_8, FRACTION_BITS)
            return
        corners = _outline(shape, radius, grown if isinstance(shape, Ring) else 0) + centre
        cv2.fillPoly(self._layer, [corners], colour, cv2.LINE_8, FRACTION_BITS)
        if grown and not isinstance(shape, Ring):
            self._polylines([corners], 2 * grown, colour, is_closed=True)

    # --- the tile ---

    def _corners(self, points: Sequence[Point]) -> Corners:
        pixels = (np.array(points) - self._origin) * ENLARGED - PIXEL_CENTRE
        return _whole(pixels * PARTS)

    def _flatten(self, opacity: float) -> None:
        """Put the layer on the picture, and begin the next one."""
        height, width = self.pixels.shape[:2]
        small = cv2.resize(self._layer, (width, height), interpolation=cv2.INTER_AREA)
        through = cv2.cvtColor(cv2.LUT(small[..., 3], _through(opacity)), cv2.COLOR_GRAY2RGB)
        below = cv2.multiply(self.pixels, through, scale=1 / 255)
        above = cv2.cvtColor(small, cv2.COLOR_RGBA2RGB)
        self.pixels = cv2.addWeighted(above, opacity, below, 1, 0).astype(np.uint8, copy=False)
        self._layer[:] = 0


def _whole(values: NDArray[np.float64]) -> Corners:
    whole: Corners = np.rint(values).astype(np.int32)
    return whole


def _premultiplied(colour: Colour) -> Colour:
    red, green, blue, alpha = (round(value * colour[3] / 255) for value in (*colour[:3], 255))
    return red, green, blue, alpha


@lru_cache(maxsize=64)
def _outline(shape: Shape, radius: float, grown: float) -> Corners:
    """The corners of a shape around its centre; one that has no hole, or too small a hole to be seen."""
    if isinstance(shape, Ring):
        angles = np.arange(CIRCLE_CORNERS) * (2 * math.pi / CIRCLE_CORNERS)
        unit, reach = np.stack([np.cos(angles), np.sin(angles)], axis=1), shape.outer * radius + grown
        return _whole(unit * max(reach * ENLARGED - EDGE, 0) * PARTS)
    corners = np.array(shape.points) * radius * ENLARGED
    return _whole(np.sign(corners) * np.maximum(np.abs(corners) - EDGE, 0) * PARTS)


@lru_cache(maxsize=16)
def _through(opacity: float) -> Pixels:
    """How much of the picture is seen through each alpha of a layer, both 0 to 255."""
    return np.array([255 - round(opacity * alpha) for alpha in range(256)], np.uint8)
