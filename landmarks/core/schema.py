"""The single source of truth for the 90 points: regions, their order, names, meanings, colours and marks.

Order and meanings are those of the vendor's `/face/analyze` answers. `left_*` and `right_*` are sides of the IMAGE: on
an unmirrored photo, `left_eye` is the person's right eye. Colours and marks are distinguishable under protanopia,
deuteranopia and tritanopia; see docs/points.md.
"""

from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate


class Mark(StrEnum):
    """The shape that identifies a region, so that colour is never the only signal."""

    DOT = "dot"
    SQUARE = "square"
    DIAMOND = "diamond"
    TRIANGLE_LEFT = "triangle-left"
    TRIANGLE_RIGHT = "triangle-right"
    TRIANGLE_UP = "triangle-up"
    PLUS = "plus"
    RING = "ring"
    RING_DOT = "ring-dot"


@dataclass(frozen=True)
class Path:
    """A line through points of one region, by their indices within it."""

    indices: tuple[int, ...]
    is_closed: bool


@dataclass(frozen=True)
class Region:
    """A part of the face: its name in JSON, its points in order and how it is drawn."""

    name: str
    label: str
    colour: str
    mark: Mark
    meanings: tuple[str, ...]
    paths: tuple[Path, ...]

    @property
    def count(self) -> int:
        return len(self.meanings)


def closed(start: int, stop: int) -> Path:
    return Path(tuple(range(start, stop)), is_closed=True)


PROFILE_MEANINGS = (
    "left end of the contour, at eye height",
    *(f"left cheek and jaw, {step}/10 to the chin" for step in range(1, 10)),
    "bottom of the chin",
    *(f"right jaw and cheek, {step}/10 to the end" for step in range(1, 10)),
    "right end of the contour, at eye height",
)
EYE_MEANINGS = (
    "outer corner",
    "lower lid, outer",
    "lower lid, middle",
    "lower lid, inner",
    "inner corner",
    "upper lid, inner",
    "upper lid, middle",
    "upper lid, outer",
)
BROW_MEANINGS = (
    "outer tip",
    "lower edge, outer",
    "lower edge, middle",
    "lower edge, inner",
    "inner end",
    "upper edge, inner",
    "upper edge, middle",
    "upper edge, outer",
)
MOUTH_MEANINGS = (
    "left corner",
    "lower lip, outer edge, far left",
    "lower lip, outer edge, left",
    "lower lip, bottom middle",
    "lower lip, outer edge, right",
    "lower lip, outer edge, far right",
    "right corner",
    "upper lip, outer edge, right",
    "upper lip, right peak of the bow",
    "upper lip, dip of the bow",
    "upper lip, left peak of the bow",
    "upper lip, outer edge, left",
    "lower lip, inner edge, far left",
    "lower lip, inner edge, left",
    "lower lip, inner edge, middle",
    "lower lip, inner edge, right",
    "lower lip, inner edge, far right",
    "upper lip, inner edge, far right",
    "upper lip, inner edge, right",
    "upper lip, inner edge, middle",
    "upper lip, inner edge, left",
    "upper lip, inner edge, far left",
)
NOSE_MEANINGS = (
    "tip",
    "root, between the eyes",
    "left side, upper",
    "left side, middle",
    "left side, lower",
    "left wing, outermost",
    "base under the left nostril",
    "base, middle",
    "base under the right nostril",
    "right wing, outermost",
    "right side, lower",
    "right side, middle",
    "right side, upper",
)
PUPIL_MEANINGS = ("centre of the pupil",)

REGIONS = (
    Region(
        "face_profile",
        "Face contour",
        "#948DFA",
        Mark.DOT,
        PROFILE_MEANINGS,
        (Path(tuple(range(21)), False),),
    ),
    Region("left_eye", "Left eye", "#55DFFA", Mark.SQUARE, EYE_MEANINGS, (closed(0, 8),)),
    Region("right_eye", "Right eye", "#4698A2", Mark.DIAMOND, EYE_MEANINGS, (closed(0, 8),)),
    Region("left_eye_brow", "Left brow", "#FFE463", Mark.TRIANGLE_LEFT, BROW_MEANINGS, (closed(0, 8),)),
    Region("right_eye_brow", "Right brow", "#F09A0C", Mark.TRIANGLE_RIGHT, BROW_MEANINGS, (closed(0, 8),)),
    Region("mouth", "Mouth", "#F03E78", Mark.PLUS, MOUTH_MEANINGS, (closed(0, 12), closed(12, 22))),
    Region("nose", "Nose", "#9DCC8C", Mark.TRIANGLE_UP, NOSE_MEANINGS, (closed(1, 13),)),
    Region("left_pupil", "Left pupil", "#FFFFFF", Mark.RING, PUPIL_MEANINGS, ()),
    Region("right_pupil", "Right pupil", "#C4C2BE", Mark.RING_DOT, PUPIL_MEANINGS, ()),
)
HALO = "#14110F"

POINT_COUNT = sum(region.count for region in REGIONS)
BY_NAME = {region.name: region for region in REGIONS}
SPANS = {
    region.name: slice(stop - region.count, stop)
    for region, stop in zip(REGIONS, accumulate(region.count for region in REGIONS), strict=True)
}
"""Each region's slice of the flat list of 90 points."""
POINT_NAMES = tuple(f"{region.name}_{index}" for region in REGIONS for index in range(region.count))
"""Of the 90 points, as files name them."""


def flipped_region(name: str) -> str:
    """The region on the other side of the face; one without sides is itself."""
    side, _, part = name.partition("_")
    return {"left": f"right_{part}", "right": f"left_{part}"}.get(side, name)


def _flipped(region: str, index: int) -> tuple[str, int]:
    """The region and index of the point that has this one's meaning in the mirror image of the photo."""
    if region == "face_profile":
        return region, 20 - index
    if region == "mouth":
        return region, (6 - index) % 12 if index < 12 else (28 if index < 17 else 38) - index
    if region == "nose":
        return region, index if index < 2 else 14 - index
    return flipped_region(region), index


FLIPPED = tuple(
    SPANS[name].start + index
    for name, index in (_flipped(region.name, index) for region in REGIONS for index in range(region.count))
)
"""For each of the 90 points, the index of the point that has its meaning in the mirror image of the photo."""

LEGEND = (
    "left_eye_brow",
    "face_profile",
    "right_eye_brow",
    "left_eye",
    "nose",
    "right_eye",
    "left_pupil",
    "mouth",
    "right_pupil",
)
"""The regions in the order of a legend of three by three that is arranged like the face."""
