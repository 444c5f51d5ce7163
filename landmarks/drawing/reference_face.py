"""The reference face of the atlas: positions of marks, lines and numbers on the mean face, and on each region enlarged.

The mean face (mean-face.json, made by `python -m benchmarks.mean_face`) has its outer eye corners at (-0.5, 0) and
(0.5, 0), x to the right, y down. The mouth is drawn open, so that its inner points are apart, and the brows are drawn
higher, so that there is room for numbers between them and the eyes.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from landmarks.core.pixels import Box, Point
from landmarks.core.schema import BY_NAME, REGIONS, Mark, Region
from landmarks.drawing.geometry import outwards

RegionPoints = Mapping[str, tuple[Point, ...]]

SINGLE: Mapping[str, Mapping[int, Point]] = {
    "nose": {0: (0.0, -1.0)},
    "left_pupil": {0: (1.0, 0.0)},
    "right_pupil": {0: (-1.0, 0.0)},
}
"""Direction of the number of each point that is on no line."""
INNER_LIPS = range(12, 22)
INWARDS = {12: 0.5, 21: 0.5, 16: -0.5, 17: -0.5}
"""Horizontal direction of the numbers at the ends of the inner lips."""
UPPER_LIP, LOWER_LIP = (*range(7, 12), *range(17, 22)), (*range(1, 6), *range(12, 17))
RAISED, LOWERED = 0.03, 0.17
"""How far the lips are moved apart in the middle of the mouth, in the unit of the mean face."""
BROWS_RAISED = 0.02
"""In the same unit."""

WIDTH, HEIGHT = 660, 746
EYE_LINE = 306
UNIT = 284
"""Distance of the outer eye corners in the drawing of the face."""
DETAIL_HEIGHT = 350
DETAIL_SIZE = (460, 250)
"""Largest size of an enlarged region, which leaves space for the numbers around it."""

# fmt: off
HEAD = (
    "M330 36C212 36 112 106 97 226C94 252 95 282 97 306",
    "M97 306C84 280 60 276 60 312C60 350 72 402 86 412C92 416 98 414 102 410",
    "M163 588C166 640 158 676 84 702",
)
# fmt: on
"""Skull, ear and neck of the left half; the right half is its mirror image."""


@dataclass(frozen=True)
class NumberedPoint:
    """A point, and the position of its number."""

    region: Region
    index: int
    centre: Point
    number: Point

    @property
    def name(self) -> str:
        return f"{self.region.name}-{self.index}"

    @property
    def meaning(self) -> str:
        return self.region.meanings[self.index]

    @property
    def has_dark_centre(self) -> bool:
        """Whether a dark centre makes its light ring visible on paper."""
        return self.region.mark in (Mark.RING, Mark.RING_DOT)


@dataclass(frozen=True)
class Plan:
    """Everything that is drawn into a box of `WIDTH` by `height`."""

    height: int
    radius: float
    letters: float
    lines: tuple[tuple[Region, str], ...]
    """Paths of each region, as SVG path data."""
    points: tuple[NumberedPoint, ...]
    context: tuple[str, ...] = ()
    """Paths that only show the surroundings."""

    @property
    def reach(self) -> float:
        """Radius of the ring around a selected point."""
        return 2.3 * self.radius


def read_mean_face() -> RegionPoints:
    regions = json.loads(Path(__file__).with_name("mean-face.json").read_text(encoding="utf-8"))
    return {region.name: tuple((x, y) for x, y in regions[region.name]) for region in REGIONS}


MEAN_FACE = read_mean_face()


def open_mouth(mouth: tuple[Point, ...]) -> tuple[Point, ...]:
    """The lips moved apart along an ellipse through the corners, which stay where they are."""
    corner = mouth[6][0]
    moves = dict.fromkeys(UPPER_LIP, -RAISED) | dict.fromkeys(LOWER_LIP, LOWERED)
    return tuple(
        (x, y + moves.get(index, 0) * sqrt(max(0.0, 1 - (x / corner) ** 2))) for index, (x, y) in enumerate(mouth)
    )


DRAWN_FACE = {
    **MEAN_FACE,
    "mouth": open_mouth(MEAN_FACE["mouth"]),
    **{name: tuple((x, y - BROWS_RAISED) for x, y in MEAN_FACE[name]) for name in ("left_eye_brow", "right_eye_brow")},
}


def plan_face() -> Plan:
    placed = {name: _placed(points, UNIT, (WIDTH / 2, EYE_LINE)) for name, points in DRAWN_FACE.items()}
    return _plan(REGIONS, placed, HEIGHT, radius=4.6, letters=12)


def plan_detail(name: str) -> Plan:
    """A region enlarged; a pupil is shown inside its eye, since alone it would be a dot."""
    shown = name.replace("pupil", "eye")
    box = Box.around(DRAWN_FACE[shown])
    unit = min(DETAIL_SIZE[0] / box.width, DETAIL_SIZE[1] / box.height)
    origin = WIDTH / 2 - box.centre[0] * unit, DETAIL_HEIGHT / 2 - box.centre[1] * unit
    placed = {each: _placed(points, unit, origin) for each, points in DRAWN_FACE.items()}
    context = tuple(_paths(BY_NAME[shown], placed[shown])) if shown != name else ()
    return _plan((BY_NAME[name],), placed, DETAIL_HEIGHT, radius=7.5, letters=17, context=context)


def _placed(points: Iterable[Point], unit: float, origin: Point) -> tuple[Point, ...]:
    return tuple((round(origin[0] + x * unit, 1), round(origin[1] + y * unit, 1)) for x, y in points)


def _plan(
    regions: Iterable[Region],
    placed: RegionPoints,
    height: int,
    *,
    radius: float,
    letters: float,
    context: tuple[str, ...] = (),
) -> Plan:
    regions = tuple(regions)
    return Plan(
        height,
        radius,
        letters,
        tuple((region, path) for region in regions for path in _paths(region, placed[region.name])),
        tuple(
            NumberedPoint(region, index, point, _beside(placed[region.name], region, index, radius, letters))
            for region in regions
            for index, point in enumerate(placed[region.name])
        ),
        context,
    )


def _paths(region: Region, points: tuple[Point, ...]) -> Iterable[str]:
    for path in region.paths:
        corners = " ".join("{:g} {:g}".format(*points[index]) for index in path.indices)
        yield f"M{corners}{'Z' if path.is_closed else ''}"


def _beside(points: tuple[Point, ...], region: Region, index: int, radius: float, letters: float) -> Point:
    """The centre of a point's number: outside of its region, or inside the ring of the inner lips."""
    across, down = _direction(points, region, index)
    width, height = 0.3 * letters * len(str(index)), 0.36 * letters
    distance = radius * (1.75 + 0.6 * abs(across)) + abs(across) * width + abs(down) * height
    x, y = points[index]
    return round(x + across * distance, 1), round(y + down * distance, 1)


def _direction(points: tuple[Point, ...], region: Region, index: int) -> Point:
    if region.name == "mouth" and index in INNER_LIPS:
        return INWARDS.get(index, 0.0), 0.9 if index in UPPER_LIP else -0.9
    return SINGLE.get(region.name, {}).get(index) or outwards(points, region.paths, index)
