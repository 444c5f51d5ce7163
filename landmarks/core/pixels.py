"""Points, boxes and transforms in pixels: whole numbers are pixel centres, so the first pixel spans -0.5 to 0.5."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

Point = tuple[float, float]
"""x and y in pixels, y down; (0, 0) is the centre of the top left pixel."""

PIXEL_CENTRE = 0.5
"""What a point is shifted by on a plane where the first pixel spans 0 to 1, as in SVG."""


@dataclass(frozen=True)
class Box:
    """An upright rectangle, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, points: Iterable[Point]) -> "Box":
        xs, ys = zip(*points, strict=True)
        return cls(min(xs), min(ys), max(xs), max(ys))

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def area(self) -> float:
        return self.width * self.height

    @property
    def centre(self) -> Point:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def grown(self, by: float) -> "Box":
        """The box with every side moved outwards by that much."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def iou(self, other: "Box") -> float:
        """Intersection over union, 0 to 1; 0 for two boxes without any area."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        shared = max(width, 0.0) * max(height, 0.0)
        union = self.area + other.area - shared
        return shared / union if union > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Transform:
    """An affine map from the pixels of one picture to those of another.

    x' = (xx·x + xy·y + dx) / divisor and y' = (yx·x + yy·y + dy) / divisor. Transforms are built by name (`shift`,
    `scale`, `resize`, `flip`, `turn`, `align`), chained with `then` and undone with `inverse`.
    """

    xx: float = 1.0
    xy: float = 0.0
    dx: float = 0.0
    yx: float = 0.0
    yy: float = 1.0
    dy: float = 0.0
    divisor: float = 1.0
    """Keeps resizing by whole sizes exact: a point halfway between two pixels rounds the same way at every size."""

    @classmethod
    def shift(cls, across: float, down: float) -> "Transform":
        return cls(dx=across, dy=down)

    @classmethod
    def scale(cls, factor: float) -> "Transform":
        """Enlarge the picture by this factor, edges to edges: the first pixel's centre moves, its corner does not."""
        shift = (factor - 1) / 2
        return cls(factor, 0.0, shift, 0.0, factor, shift)

    @classmethod
    def resize(cls, size: tuple[int, int], new_size: tuple[int, int]) -> "Transform":
        """Resize a picture of that width and height, edges to edges."""
        if size == new_size:
            return cls()
        (width, height), (new_width, new_height) = size, new_size
        return cls(
            xx=new_width * height,
            dx=(new_width - width) / 2 * height,
            yy=new_height * width,
            dy=(new_height - height) / 2 * width,
            divisor=width * height,
        )

    @classmethod
    def flip(cls, width: int) -> "Transform":
        """Swap left and right of a picture of that width."""
        return cls(xx=-1.0, dx=width - 1)

    @classmethod
    def turn(cls, degrees: int, size: tuple[int, int]) -> "Transform":
        """Turn a picture of that width and height clockwise by 0, 90, 180 or 270 degrees."""
        last_x, last_y = size[0] - 1, size[1] - 1
        return {
            0: cls(),
            90: cls(0.0, -1.0, last_y, 1.0, 0.0, 0.0),
            180: cls(-1.0, 0.0, last_x, 0.0, -1.0, last_y),
            270: cls(0.0, 1.0, 0.0, -1.0, 0.0, last_x),
        }[degrees]

    @classmethod
    def align(cls, centre: Point, onto: Point, *, scale: float, roll: float) -> "Transform":
        """Enlarge by `scale` and turn anticlockwise by `roll` radians, so that `centre` comes to lie on `onto`."""
        (x, y), (new_x, new_y) = centre, onto
        cos, sin = math.cos(roll) * scale, math.sin(roll) * scale
        return cls(cos, sin, new_x - cos * x - sin * y, -sin, cos, new_y + sin * x - cos * y)

    def then(self, after: "Transform") -> "Transform":
        """This transform followed by another."""
        return Transform(
            after.xx * self.xx + after.xy * self.yx,
            after.xx * self.xy + after.xy * self.yy,
            after.xx * self.dx + after.xy * self.dy + after.dx * self.divisor,
            after.yx * self.xx + after.yy * self.yx,
            after.yx * self.xy + after.yy * self.yy,
            after.yx * self.dx + after.yy * self.dy + after.dy * self.divisor,
            after.divisor * self.divisor,
        )

    def inverse(self) -> "Transform":
        """The way back."""
        return Transform(
            self.yy * self.divisor,
            -self.xy * self.divisor,
            self.xy * self.dy - self.yy * self.dx,
            -self.yx * self.divisor,
            self.xx * self.divisor,
            self.yx * self.dx - self.xx * self.dy,
            self.xx * self.yy - self.xy * self.yx,
        )

    @property
    def factor(self) -> float:
        """By which it enlarges lengths, the root of what it does to areas."""
        return math.sqrt(abs(self.xx * self.yy - self.xy * self.yx)) / abs(self.divisor)

    def rows(self) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
        """The 2 × 3 matrix, as OpenCV takes it."""
        divisor = self.divisor
        return (
            (self.xx / divisor, self.xy / divisor, self.dx / divisor),
            (self.yx / divisor, self.yy / divisor, self.dy / divisor),
        )

    def point(self, point: Point) -> Point:
        x, y = point
        return (
            (self.xx * x + self.xy * y + self.dx) / self.divisor,
            (self.yx * x + self.yy * y + self.dy) / self.divisor,
        )

    def points(self, points: Iterable[Point]) -> tuple[Point, ...]:
        (xx, xy, dx), (yx, yy, dy), divisor = (self.xx, self.xy, self.dx), (self.yx, self.yy, self.dy), self.divisor
        return tuple([((xx * x + xy * y + dx) / divisor, (yx * x + yy * y + dy) / divisor) for x, y in points])

    def box(self, box: Box) -> Box:
        """The upright rectangle around the transformed corners."""
        return Box.around(self.points((x, y) for x in (box.left, box.right) for y in (box.top, box.bottom)))
