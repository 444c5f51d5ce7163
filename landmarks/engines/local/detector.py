"""Where faces may be: the YuNet detector at growing sizes, and after quarter turns."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from landmarks.engines.local.detector_input import OUTSIDE, Frame, frame_of
from landmarks.engines.local.pyramid import Pyramid
from landmarks.engines.local.yunet import THRESHOLD, YuNet

GLANCE = 224
"""Long side in pixels of the first look, which costs half of the next and is enough for a plain selfie."""
FAINT = 0.15
"""Score down to which a glance tells spots: as many small faces score this at 224 pixels as score THRESHOLD at 320."""
SELFIE_SHARE, SELFIE_SCORE = 0.15, 0.9
"""A glance at one face this wide (of the long side) and this certain, and at nothing else, ends the search."""
SIZES = (320, 640, 1280)
"""Long side in pixels at which the detector looks, one after the other."""
LARGEST, SMALL = 2560, 32
"""So large a photo gets one more look, at this size, unless it shows faces and all of them are larger than this (their
side, in pixels of the look before)."""
UNASKED = 640
"""Largest look at a photo turned without being asked to, unless something shows in it."""
ENOUGH_FACES, ENOUGH_SIDE, ENOUGH_SCORE = 2, 48, 0.8
DOUBTFUL = 0.3
"""A look that shows one or two faces with this side (in pixels of that look), the best this certain, and nothing else
down to the last of these scores, ends the search."""
GROUP_SIZE, BEHIND, FAINTEST = 640, 28, 0.07
"""A look of this size ends it also with more such faces, if nothing below this side shows down to this score. Of faces
of 12 to 18 pixels that only the next look would tell six in ten do, of a crowd nearly always one or another."""
CUT = 0.15
"""A face that reaches so far beyond the photo (of its side) is cut by its edge."""
MAX_ENLARGEMENT = 4
SMALLEST = 4
"""Pixels of the photo; no face can be told in less."""
NARROWEST = 16
"""Short side in pixels of a look; on narrower strips the detector sees faces in plain grey."""
OVERLAP = 0.4
LEAST_DOUBT = 0.01
"""No look is surer than this."""


@dataclass(frozen=True)
class Spot:
    """A place where a face may be, in photo pixels.

    `marks` is 5 × 2: image-left eye, image-right eye, nose tip, left and right corner of the mouth, as the face
    stands upright.
    """

    centre: NDArray[np.float64]
    width: float
    height: float
    marks: NDArray[np.float64]
    score: float
    seen: float = 0.0
    """Its side in pixels of the smallest look that shows it."""
    is_cut: bool = False
    """Whether the edge of the photo cuts it."""

    @property
    def side(self) -> float:
        return max(self.width, self.height)


@dataclass(frozen=True)
class Search:
    """What showed in a photo: spots, most certain first, and the sizes of the looks that were taken."""

    spots: list[Spot]
    sizes: tuple[int, ...]


class Detector:
    """The search for spots; keeps state, so one thread at a time."""

    def __init__(self, models_dir: Path) -> None:
        self._net = YuNet(models_dir)

    def search(self, photo: Pyramid, turned: int = 0, *, is_asked: bool = True) -> Search:
        """Look at a photo turned clockwise by 0, 90, 180 or 270 degrees until enough shows.

        `is_asked` is false where nobody said that the photo may be turned; then less is tried.
        """
        glance = [] if turned else self._look(photo, GLANCE, turned, FAINT)
        if is_selfie(glance, max(photo.width, photo.height)):
            return Search(glance, (GLANCE,))
        shown = likely(glance)
        found = distinct(shown)
        taken: tuple[int, ...] = ()
        for size in (*SIZES, LARGEST):
            if not is_worth(size, photo, found, is_asked=is_asked, is_turned=turned > 0):
                break
            look = self._look(photo, size, turned, FAINTEST if size == GROUP_SIZE else DOUBTFUL)
            shown += likely(look)
            found = distinct(shown)
            taken += (size,)
            if is_enough(look, size):
                break
        return Search(found, taken)

    def _look(self, photo: Pyramid, size: int, turned: int, threshold: float) -> list[Spot]:
        frame = frame_of(photo, size, turned)
        if min(frame.width, frame.height) < NARROWEST:
            return []
        found = [_to_spot(row, frame) for row in self._net.rows(frame.pixels(), threshold)]
        return [
            spot
            for spot in found
            if min(spot.width, spot.height) >= SMALLEST and beyond(spot, spot.centre, photo) <= OUTSIDE
        ]


def likely(look: list[Spot]) -> list[Spot]:
    return [spot for spot in look if spot.score >= THRESHOLD]


def is_selfie(glance: list[Spot], long_side: int) -> bool:
    return len(glance) == 1 and glance[0].width >= SELFIE_SHARE * long_side and glance[0].score > SELFIE_SCORE


def is_worth(size: int, photo: Pyramid, found: list[Spot], *, is_asked: bool, is_turned: bool) -> bool:
    """Whether to look at this size, too, after what the smaller looks found."""
    long_side = max(photo.width, photo.height)
    if size == LARGEST:
        is_wanting = not found or min(spot.side for spot in found) * SIZES[-1] / long_side < SMALL
        return long_side >= LARGEST and not is_turned and is_wanting
    if size > UNASKED and not is_asked and not found:
        return False
    return size == SIZES[0] or size <= MAX_ENLARGEMENT * long_side


def is_enough(look: list[Spot], size: int) -> bool:
    shown = [spot for spot in look if spot.score >= DOUBTFUL]
    is_clear = (
        bool(shown)
        and min(spot.score for spot in shown) >= THRESHOLD
        and min(spot.seen for spot in shown) >= ENOUGH_SIDE
        and max(spot.score for spot in shown) > ENOUGH_SCORE
    )
    return is_clear and (len(shown) <= ENOUGH_FACES or is_group(look, size))


def is_group(look: list[Spot], size: int) -> bool:
    """Whether a look at many clear faces shows nobody behind them, however faint."""
    return size == GROUP_SIZE and min(spot.seen for spot in look) >= BEHIND


def distinct(spots: list[Spot]) -> list[Spot]:
    """Each spot once, as the looks that show it tell it together, most certain first."""
    groups: list[list[Spot]] = []
    for spot in sorted(spots, key=lambda spot: spot.score, reverse=True):
        same = next((group for group in groups if overlap(spot, group[0]) >= OVERLAP), None)
        if same is None:
            groups.append([spot])
        else:
            same.append(spot)
    return [group[0] if len(group) == 1 else together(group) for group in groups]


def together(spots: list[Spot]) -> Spot:
    """The spot that several looks show: the place is their mean by the odds, so that no look replaces another at once
    when a little noise makes it the surer one; the rest is what the surest look tells, and how small it was first seen.
    """
    odds = np.array([spot.score / max(1 - spot.score, LEAST_DOUBT) for spot in spots])
    shares = odds / odds.sum()
    width, height = shares @ [(spot.width, spot.height) for spot in spots]
    return replace(
        spots[0],
        centre=shares @ [spot.centre for spot in spots],
        width=float(width),
        height=float(height),
        marks=np.tensordot(shares, [spot.marks for spot in spots], axes=1),
        seen=min(spot.seen for spot in spots),
    )


def overlap(one: Spot, other: Spot) -> float:
    """Intersection over union of the two upright rectangles."""
    # In plain numbers: arrays of two take ten times as long, and crowds are compared each with each.
    x, y, other_x, other_y = *map(float, one.centre), *map(float, other.centre)
    across = min((one.width + other.width) / 2 - abs(x - other_x), one.width, other.width)
    down = min((one.height + other.height) / 2 - abs(y - other_y), one.height, other.height)
    both = max(across, 0.0) * max(down, 0.0)
    return both / (one.width * one.height + other.width * other.height - both)


def beyond(spot: Spot, point: Iterable[float], photo: Pyramid) -> float:
    """How far a point lies outside the photo, in sides of the spot; below 0 inside."""
    x, y = map(float, point)
    outside: float = max(-x, -y, x - photo.width + 1, y - photo.height + 1)
    return outside / spot.side


def _to_spot(row: NDArray[np.float32], frame: Frame) -> Spot:
    left, top, across, down, *marks, score = row.tolist()
    points = frame.to_photo(np.array([left + across / 2, top + down / 2, *marks]).reshape(-1, 2))
    width, height = frame.to_photo_lengths(across, down)
    spot = Spot(points[0], width, height, points[1:], score, seen=max(across, down))
    x, y = points[0].tolist()
    corners = (x - width / 2, y - height / 2), (x + width / 2, y + height / 2)
    return replace(spot, is_cut=any(beyond(spot, corner, frame.photo) > CUT for corner in corners))
