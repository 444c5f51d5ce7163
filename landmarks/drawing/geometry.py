"""What is drawn where: sizes, lines, marks, numbers and frames of faces, computed once for every renderer.

Coordinates and lengths are on the plane of the photo, where the first pixel spans 0 to 1, so the points of faces move
by half a pixel. `scale` is the number of output pixels for each pixel of the photo.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from landmarks.core.dense import strokes
from landmarks.core.faces import Face
from landmarks.core.measures import inter_ocular_distance
from landmarks.core.pixels import PIXEL_CENTRE, Box, Point, Transform
from landmarks.core.schema import Mark, Path, Region
from landmarks.drawing.colour import line_colour, point_colour
from landmarks.drawing.frames import CROWD, Frame, Outline, frames_of
from landmarks.drawing.parts import Layout, Part, parts_of
from landmarks.drawing.sizes import CONTOUR_DOT, DOTS_FROM, SLOPE, SMALLEST_DOT, Detail, Sizes, sizes_of
from landmarks.drawing.style import DEFAULT_STYLE, Style

HALO_LINE_OPACITY = 0.36
GUESSED_HALO = 0.55
"""Opacity of the halo under lines to guessed points, in units of that under other lines."""
LINE_OPACITY = 0.82
HALO_OPACITY = 0.8
MESH_OPACITY = 0.6
FRAME_HALO_OPACITY = 0.55


TO_PLANE = Transform.shift(PIXEL_CENTRE, PIXEL_CENTRE)
"""From pixel coordinates to the plane on which the first pixel spans 0 to 1."""


@dataclass(frozen=True)
class Line:
    region: Region
    points: tuple[Point, ...]
    is_closed: bool
    colour: str
    is_guessed: bool = False
    """Drawn with dashes, since it leads to or from a guessed point."""

    @property
    def segments(self) -> Iterator[tuple[Point, Point]]:
        ends = (*self.points[1:], self.points[0]) if self.is_closed else self.points[1:]
        return zip(self.points, ends, strict=False)


@dataclass(frozen=True)
class Marker:
    """A point with its mark."""

    region: Region
    index: int
    centre: Point
    mark: Mark
    radius: float
    """By which the mark's outline is multiplied."""
    colour: str
    is_guessed: bool
    """Drawn hollow."""
    error: float
    """Expected error in pixels of the photo; 0 if the engine reports none."""


@dataclass(frozen=True)
class Number:
    """The index of a point, centred on `centre`."""

    region: Region
    text: str
    centre: Point


@dataclass(frozen=True)
class Drawing:
    """Everything that is drawn for one face, in this order."""

    number: int
    box: Box
    """Around the points."""
    sizes: Sizes
    mesh: tuple[tuple[Point, ...], ...]
    """Strokes along the edges between the dense points, below everything else."""
    lines: tuple[Line, ...]
    markers: tuple[Marker, ...]
    numbers: tuple[Number, ...]
    frame: Frame | None
    more_from: float
    """Side of the face, in output pixels, from which more of it is drawn; 0 if all of it is."""


def lay_out(
    faces: Sequence[Face], photo: Box, style: Style = DEFAULT_STYLE, *, scale: float = 1.0, whole: float | None = None
) -> tuple[Drawing, ...]:
    """One drawing for each face that the style selects; tags are kept inside `photo`.

    `whole` is the scale of the whole photo if this is an enlarged part of it, whose marks grow less than the faces do.
    """
    drawn = [
        _draw(number, _on_plane(face, scale), style, scale, whole)
        for number, face in enumerate(faces, start=1)
        if style.faces is None or number in style.faces
    ]
    if not style.frames or len(faces) == 1:
        return tuple(drawn)
    outlines = [Outline(each.number, each.box, each.sizes) for each in drawn]
    frames = frames_of(outlines, photo, style, scale, is_crowd=len(faces) >= CROWD)
    return tuple(replace(each, frame=frames.get(each.number)) for each in drawn)


def _draw(number: int, face: Face, style: Style, scale: float, whole: float | None) -> Drawing:
    sizes = sizes_of(face, style, scale=scale, whole=whole)
    shown = [part for part in parts_of(face, style.scheme) if part.region.name in style.regions]
    pixels = inter_ocular_distance(face)
    has_numbers = style.labels and sizes.side >= style.labels_from
    return Drawing(
        number,
        face.box,
        sizes,
        _mesh(face, sizes) if style.mesh else (),
        tuple(line for part in shown for line in _lines(part, number, style)) if style.lines else (),
        tuple(marker for part in shown for marker in _markers(part, number, sizes, style, scale, pixels)),
        tuple(item for part in shown for item in _numbers(part, sizes, style)) if has_numbers else (),
        None,
        _more_from(sizes, style),
    )


def _more_from(sizes: Sizes, style: Style) -> float:
    if sizes.detail is Detail.LINES and style.lines and style.points:
        return DOTS_FROM / (SLOPE * style.size)
    return style.labels_from if style.labels and sizes.side < style.labels_from else 0.0


def _on_plane(face: Face, scale: float) -> Face:
    """Of a photo drawn smaller than it is, a tenth of a pixel is precise enough, and much shorter to write."""
    face = face.transformed(TO_PLANE)
    return face.rounded(1) if scale < 1 else face


def _mesh(face: Face, sizes: Sizes) -> tuple[tuple[Point, ...], ...]:
    if face.dense is None or sizes.detail is Detail.LINES:
        return ()
    flat = [(x, y) for x, y, _ in face.dense]
    return tuple(tuple(flat[number] for number in stroke) for stroke in strokes())


def _lines(part: Part, number: int, style: Style) -> Iterator[Line]:
    points, region = part.points, part.region
    colour = line_colour(part.uncertainty, number, region, style.colour)
    for path in part.layout.paths:
        guessed = [index in part.guessed for index in path.indices]
        if not any(guessed) or all(guessed):
            own = tuple(points[index] for index in path.indices)
            if style.guessed or not any(guessed):
                yield Line(region, own, path.is_closed, colour, is_guessed=all(guessed))
            continue
        ends = [*path.indices, path.indices[0]] if path.is_closed else path.indices
        doubts = [one in part.guessed or other in part.guessed for one, other in pairwise(ends)]
        for is_guessed, run in groupby(range(len(doubts)), key=doubts.__getitem__):
            if is_guessed and not style.guessed:
                continue
            first, *rest = run
            own = tuple(points[index] for index in ends[first : first + len(rest) + 2])
            yield Line(region, own, False, colour, is_guessed)


def _markers(part: Part, number: int, sizes: Sizes, style: Style, scale: float, pixels: float) -> Iterator[Marker]:
    """`pixels` is the distance in which uncertainty is given."""
    region = part.region
    if not style.points or not has_marks(part.layout, sizes.detail, style):
        return
    mark = region.mark if sizes.detail is Detail.MARKS else Mark.DOT
    radius = sizes.radius * (CONTOUR_DOT if region.mark is Mark.DOT else 1)
    if sizes.detail is Detail.LINES:
        radius = SMALLEST_DOT / scale
    for index, point in enumerate(part.points):
        is_guessed = index in part.guessed
        if is_guessed and not style.guessed:
            continue
        colour = point_colour(part.uncertainty, number, region, index, style.colour)
        error = part.uncertainty[index] * pixels if part.uncertainty else 0.0
        yield Marker(region, index, point, mark, radius, colour, is_guessed, error)


def has_marks(layout: Layout, detail: Detail, style: Style) -> bool:
    """Whether a region is drawn with marks if points are requested; on tiny faces lines replace them."""
    return detail is not Detail.LINES or not style.lines or not layout.paths


def _numbers(part: Part, sizes: Sizes, style: Style) -> Iterator[Number]:
    if sizes.detail is Detail.LINES:
        return
    for index, (x, y) in enumerate(part.points):
        if index in part.guessed and not style.guessed:
            continue
        across, down = outwards(part.points, part.layout.paths, index)
        text = str(part.layout.labels[index])
        letters = sizes.number * (0.3 * len(text) * abs(across) + 0.36 * abs(down))
        distance = 1.4 * sizes.radius + sizes.halo + letters
        yield Number(part.region, text, (x + distance * across, y + distance * down))


def outwards(points: Sequence[Point], paths: Sequence[Path], index: int) -> Point:
    """The unit normal of the line through a point, out of the region; to the right for points that are on no line."""
    for path in paths:
        if index in path.indices:
            (ax, ay), (bx, by) = _neighbours(points, path.indices, path.indices.index(index), path.is_closed)
            turn = _winding([points[position] for position in path.indices])
            across, down = turn * (by - ay), turn * (ax - bx)
            length = math.hypot(across, down)
            return (across / length, down / length) if length else (0.0, 1.0)
    return 1.0, 0.0


def _winding(points: Sequence[Point]) -> int:
    """1 if the points run clockwise as seen, else -1."""
    ends = (*points[1:], points[0])
    area = sum(ax * by - bx * ay for (ax, ay), (bx, by) in zip(points, ends, strict=True))
    return 1 if area >= 0 else -1


def _neighbours(points: Sequence[Point], indices: Sequence[int], position: int, is_closed: bool) -> tuple[Point, Point]:
    last = len(indices) - 1
    before = position - 1 if is_closed else max(position - 1, 0)
    after = (position + 1) % (last + 1) if is_closed else min(position + 1, last)
    return points[indices[before]], points[indices[after]]
