"""Strokes, outlines and letters on one enlarged, transparent tile of a picture.

Pillow draws without anti-aliasing and puts corners on whole pixels, both ends included. So a tile is drawn enlarged and
reduced afterwards, and shapes are made half an enlarged pixel smaller on every side.
"""

import math
from collections.abc import Sequence
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from landmarks.core.pixels import PIXEL_CENTRE, Box, Point, Transform
from landmarks.drawing.marks import Polygon, Ring, Shape

Colour = tuple[int, int, int, int]


class Brush:
    """Draws on a tile of a picture, in coordinates of the picture's plane, where the first pixel spans 0 to 1."""

    def __init__(self, left: int, top: int, width: int, height: int, enlarged: int) -> None:
        self.enlarged = enlarged
        self.size = width, height
        to_pixels = Transform.shift(-PIXEL_CENTRE - left, -PIXEL_CENTRE - top)
        self._to_tile = to_pixels.then(Transform.scale(enlarged))
        self.tile = Image.new("RGBA", (width * enlarged, height * enlarged))
        self.draw = ImageDraw.Draw(self.tile)

    def finish(self, opacity: float) -> Image.Image:
        """The tile in its real size, with `opacity` of 0 to 1."""
        small = self.tile.resize(self.size, Image.Resampling.LANCZOS)
        if opacity < 1:
            small.putalpha(small.getchannel("A").point([round(level * opacity) for level in range(256)]))
        return small

    def stroke(self, points: Sequence[Point], width: float, colour: Colour) -> None:
        """A line through the points with round ends and joins."""
        corners = self._to_tile.points(points)
        reach = width / 2 * self.enlarged
        for start, end in zip(corners, corners[1:], strict=False):
            self._bar(start, end, max(reach - 0.5, 0), colour)
        for x, y in corners:
            self.draw.ellipse(_circle(x, y, reach), fill=colour)

    def shape(self, centre: Point, shape: Shape, radius: float, grown: float, colour: Colour) -> None:
        """A mark's outline, filled, `grown` larger on every side, with round corners."""
        if isinstance(shape, Ring):
            self.ring(centre, shape, radius, grown, colour)
            return
        corners = [(centre[0] + x * radius, centre[1] + y * radius) for x, y in shape.points]
        self._fill(self._shrunk(centre, shape, radius), colour)
        if grown:
            self.stroke([*corners, corners[0]], 2 * grown, colour)

    def ring(self, centre: Point, ring: Ring, radius: float, grown: float, colour: Colour) -> None:
        x, y = self._to_tile.point(centre)
        reach = (ring.outer * radius + grown) * self.enlarged
        box = _circle(x, y, reach)
        hole = (ring.hole * radius - grown) * self.enlarged if ring.hole else 0.0
        if hole > 0:
            self.draw.ellipse(box, outline=colour, width=max(1, round(reach - hole)))
        else:
            self.draw.ellipse(box, fill=colour)

    def rounded_rectangle(self, box: Box, radius: float, colour: Colour) -> None:
        """Filled, with corners of that radius."""
        left, top = self._to_tile.point((box.left, box.top))
        right, bottom = self._to_tile.point((box.right, box.bottom))
        corners = (_whole(left + 0.5), _whole(top + 0.5), _whole(right - 0.5), _whole(bottom - 0.5))
        self.draw.rounded_rectangle(corners, radius * self.enlarged, fill=colour)

    def text(
        self, centre: Point, text: str, size: float, colour: Colour, rim: tuple[float, Colour] | None = None
    ) -> None:
        """Letters centred on that point, with a rim of that width and colour."""
        font = _font(round(size * self.enlarged))
        left, top, right, bottom = font.getbbox(text)
        x, y = self._to_tile.point(centre)
        origin = (x - (left + right) / 2, y - (top + bottom) / 2)
        if rim:
            width, halo = rim
            self.draw.text(origin, text, halo, font, stroke_width=width * self.enlarged, stroke_fill=halo)
        self.draw.text(origin, text, colour, font)

    def _fill(self, points: Sequence[Point], colour: Colour) -> None:
        self.draw.polygon([(_whole(x), _whole(y)) for x, y in self._to_tile.points(points)], fill=colour)

    def _shrunk(self, centre: Point, shape: Polygon, radius: float) -> list[Point]:
        less = 0.5 / self.enlarged
        corners = ((_towards(x * radius, less), _towards(y * radius, less)) for x, y in shape.points)
        return [(centre[0] + x, centre[1] + y) for x, y in corners]

    def _bar(self, start: Point, end: Point, half: float, colour: Colour) -> None:
        """A line without ends, in pixels of the tile, with half its width."""
        (ax, ay), (bx, by) = start, end
        if length := math.hypot(bx - ax, by - ay):
            x, y = (ay - by) * half / length, (bx - ax) * half / length
            corners = (ax + x, ay + y), (bx + x, by + y), (bx - x, by - y), (ax - x, ay - y)
            self.draw.polygon([(_whole(x), _whole(y)) for x, y in corners], fill=colour)


def _whole(value: float) -> int:
    """Round half up: rounding half to even would depend on where the tile begins."""
    return math.floor(value + 0.5)


def _circle(x: float, y: float, radius: float) -> tuple[int, int, int, int]:
    """Its box, both ends included: at least one pixel."""
    less = radius - 0.5
    if less < 0:
        return _whole(x), _whole(y), _whole(x), _whole(y)
    return _whole(x - less), _whole(y - less), _whole(x + less), _whole(y + less)


def _towards(value: float, less: float) -> float:
    """The value moved towards 0 by that much."""
    return max(abs(value) - less, 0) * (1 if value >= 0 else -1)


@lru_cache(maxsize=32)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
