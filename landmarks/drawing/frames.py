"""Corners around faces and tags with their numbers, where there are several."""

from collections.abc import Sequence
from dataclasses import dataclass

from landmarks.core.pixels import Box, Point
from landmarks.drawing.colour import corner_colour
from landmarks.drawing.sizes import Sizes, clamp
from landmarks.drawing.style import Style

CROWD = 7
"""Number of faces from which only the selected one has corners, since the corners of neighbours would overlap."""
CORNERS_FROM = 76.0
"""Side of a face, in output pixels, from which it gets corners, so that groups of tiny faces stay readable."""
TAGS_FROM = 20.0
"""Side of a face, in output pixels, from which it gets a number without corners."""
TAG_GAP = 4.0
"""Between a face and the tag of one without corners, in output pixels."""
FOREHEAD = 0.45
"""How far hair reaches above the points, in units of the face's side."""


@dataclass(frozen=True)
class Outline:
    """What of a face matters here."""

    number: int
    box: Box
    """Around the points."""
    sizes: Sizes


@dataclass(frozen=True)
class Frame:
    """The corners around a face, each three points, and the tag with the face's number."""

    corners: tuple[tuple[Point, Point, Point], ...]
    """None on a face that has a tag only."""
    tag: Box
    text: str
    colour: str
    is_selected: bool
    anchor: Point | None = None
    """What stays in place when a tag without corners is drawn larger or smaller."""


def frames_of(faces: Sequence[Outline], photo: Box, style: Style, scale: float, *, is_crowd: bool) -> dict[int, Frame]:
    """By number of the face; tags are kept inside `photo`, and left out where they would touch a face."""
    framed = [
        face for face in faces if face.number == style.selected or (not is_crowd and face.sizes.side >= CORNERS_FROM)
    ]
    frames = {face.number: _with_corners(face, photo, style, scale) for face in framed}
    taken = [frame.tag for frame in frames.values()]
    for face in faces:
        if face.number not in frames and face.sizes.side >= TAGS_FROM:
            others = [other.box for other in faces if other is not face]
            if frame := _tag_only(face, photo, style, scale, [*others, *taken]):
                frames[face.number] = frame
                taken.append(frame.tag)
    return frames


def _with_corners(face: Outline, photo: Box, style: Style, scale: float) -> Frame:
    """Corners keep a tenth of the face's side from the points, and more at the top, for forehead and hair."""
    side, box, text = face.sizes.side / scale, face.box, str(face.number)
    outer = Box(box.left - 0.1 * side, box.top - 0.16 * side, box.right + 0.1 * side, box.bottom + 0.1 * side)
    colour, is_selected = corner_colour(face.number, style.colour), face.number == style.selected
    return Frame(_corners(outer, 0.16 * side), _tag_above(text, outer, face.sizes, photo), text, colour, is_selected)


def _corners(box: Box, arm: float) -> tuple[tuple[Point, Point, Point], ...]:
    return tuple(
        ((x + along, y), (x, y), (x, y + down))
        for x, along in ((box.left, arm), (box.right, -arm))
        for y, down in ((box.top, arm), (box.bottom, -arm))
    )


def _tag_above(text: str, box: Box, sizes: Sizes, photo: Box) -> Box:
    """Above the upper left corner, moved inside the photo if it would extend beyond it."""
    width, height = _tag_size(text, sizes)
    left = clamp(box.left - sizes.frame / 2, photo.left, photo.right - width)
    top = clamp(box.top - height - 0.3 * sizes.tag, photo.top, photo.bottom - height)
    return Box(left, top, left + width, top + height)


def _tag_only(face: Outline, photo: Box, style: Style, scale: float, taken: Sequence[Box]) -> Frame | None:
    """Below the chin, so that no forehead is covered, else above the hair; None if both are taken."""
    text, gap, box = str(face.number), TAG_GAP / scale, face.box
    width, height = _tag_size(text, face.sizes)
    middle = box.centre[0]
    left = clamp(middle - width / 2, photo.left, photo.right - width)
    above = box.top - FOREHEAD * face.sizes.side / scale
    for top, anchor in ((box.bottom + gap, (middle, box.bottom)), (above - height, (middle, above))):
        tag = Box(left, top, left + width, top + height)
        is_inside = photo.top <= tag.top and tag.bottom <= photo.bottom
        if is_inside and not any(_touch(tag, other) for other in taken):
            return Frame((), tag, text, corner_colour(face.number, style.colour), is_selected=False, anchor=anchor)
    return None


def _tag_size(text: str, sizes: Sizes) -> tuple[float, float]:
    height = 1.55 * sizes.tag
    return height + 0.58 * sizes.tag * (len(text) - 1) + 0.2 * sizes.tag, height


def _touch(one: Box, other: Box) -> bool:
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom
