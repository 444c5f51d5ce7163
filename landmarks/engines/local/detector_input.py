"""What the detector gets in one pass over the photo, and the way back to photo pixels."""

import math
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from landmarks.core.pixels import Point, Transform
from landmarks.engines.local.arrays import Pixels
from landmarks.engines.local.pyramid import Pyramid

TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 270: cv2.ROTATE_90_COUNTERCLOCKWISE, 180: cv2.ROTATE_180}
"""In the order in which they are tried: sides change places only twice, for which the detector has to be prepared."""
MARGIN = 1 / 12
MARGIN_SIZE = 320
"""In passes of this size the photo is surrounded by its mirror image, to a width of this share of the size. Of faces
that the edge cuts by more than half, every second is detected without it, and nearly all are with it."""
CLOSE_UP = 96
"""Side in pixels of a close look at one detection. At 160 it shows 2 % more of the turned faces, in twice the time."""
MAX_OUTSIDE = 0.1
"""A face whose centre lies further outside the photo than this share of its side is a mirror image."""


@dataclass(frozen=True)
class DetectorInput:
    """The photo resized for one pass, with its mirror image around it, all of it turned clockwise."""

    photo: Pyramid
    width: int
    height: int
    """Of the resized photo, before it is turned."""
    margin: int
    """Width of the mirror image on each side, in pixels of the input."""
    turned: int
    """Degrees: 0, 90, 180 or 270."""

    def pixels(self) -> Pixels:
        picture = self.photo.resized(self.width, self.height)
        if self.margin:
            width = self.margin
            picture = np.asarray(cv2.copyMakeBorder(picture, width, width, width, width, cv2.BORDER_REFLECT))
        return np.asarray(cv2.rotate(picture, TURNS[self.turned])) if self.turned else picture

    @cached_property
    def to_photo(self) -> Transform:
        """From pixels of the input to pixels of the photo."""
        size = (self.width + 2 * self.margin, self.height + 2 * self.margin)
        return (
            Transform.resize((self.photo.width, self.photo.height), (self.width, self.height))
            .then(Transform.shift(self.margin, self.margin))
            .then(Transform.turn(self.turned, size))
            .inverse()
        )


@dataclass(frozen=True)
class CloseUp:
    """A square of the photo, turned clockwise."""

    photo: Pyramid
    centre: Point
    side: float
    """In photo pixels."""
    turned: int
    """Degrees: 0, 90, 180 or 270."""

    def pixels(self) -> Pixels:
        return self.photo.crop(self._from_photo, CLOSE_UP)

    @property
    def to_photo(self) -> Transform:
        """From pixels of the input to pixels of the photo."""
        return self._from_photo.inverse()

    @cached_property
    def _from_photo(self) -> Transform:
        middle = (CLOSE_UP - 1) / 2
        roll = -math.radians(self.turned)
        return Transform.align(self.centre, (middle, middle), scale=CLOSE_UP / self.side, roll=roll)


def detector_input(photo: Pyramid, size: int, turned: int) -> DetectorInput:
    """The input whose long side has this size."""
    margin = round(size * MARGIN) if size == MARGIN_SIZE else 0
    scale = (size - 2 * margin) / max(photo.width, photo.height)
    return DetectorInput(photo, round(photo.width * scale), round(photo.height * scale), margin, turned)
