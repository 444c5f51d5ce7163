"""A photo at halved sizes, each made when it is first needed."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from landmarks.intake.photo import Photo, Reduced, reduction

Pixels = NDArray[np.uint8]
Affine = NDArray[np.float64]
"""2 × 3, from photo pixels to pixels of another picture; whole numbers are the centres of pixels."""

QUICK = 256
"""Long side up to which the photo is shrunk by neighbours instead of areas: only large faces are looked for at such
sizes, and the mean of areas takes six times as long."""
BLUR = 1.5
"""A crop may enlarge a reduced photo by this much rather than have the whole decoded; it moves points by less than
0.3 % of the distance between the eyes."""


@dataclass(frozen=True)
class Level:
    """A copy of the photo, `factor` times smaller, that begins at a place in photo pixels."""

    pixels: Pixels
    factor: int = 1
    left: int = 0
    top: int = 0

    def to_photo(self) -> Affine:
        """3 × 3: from the pixels of this copy to those of the photo, by the centres of pixels."""
        shift = (self.factor - 1) / 2
        return np.array([[self.factor, 0, shift + self.left], [0, self.factor, shift + self.top], [0, 0, 1]])

    def halved(self) -> "Level":
        # An odd last row or column is left out, so that every pixel is the mean of exactly four and the grid is exact.
        height, width = self.pixels.shape[0] // 2, self.pixels.shape[1] // 2
        half = cv2.resize(self.pixels[: height * 2, : width * 2], (width, height), interpolation=cv2.INTER_AREA)
        return Level(np.asarray(half), self.factor * 2, self.left, self.top)


class Pyramid:
    """Smaller copies, so that no crop skips pixels: sampling one pixel in eight would alias the eyelids away."""

    def __init__(self, pixels: Pixels) -> None:
        self.height, self.width = pixels.shape[:2]
        self._levels = {1: Level(pixels)}

    def shrunk(self, width: int, height: int) -> Pixels:
        """The whole photo at this size, RGB."""
        level = self._level(self._factor_for(width / self.width)).pixels
        is_plain = width >= level.shape[1] or max(width, height) <= QUICK
        way = cv2.INTER_LINEAR if is_plain else cv2.INTER_AREA
        return np.asarray(cv2.resize(level, (width, height), interpolation=way))

    def crop(self, to_crop: Affine, side: int, border: int = cv2.BORDER_CONSTANT) -> Pixels:
        """The square that `to_crop` maps onto side × side pixels, RGB; outside the photo it is black if not told."""
        level = self._level(self._factor_for_crop(float(np.hypot(to_crop[0, 0], to_crop[0, 1]))))
        across = to_crop @ level.to_photo()
        return np.asarray(cv2.warpAffine(level.pixels, across, (side, side), flags=cv2.INTER_LINEAR, borderMode=border))

    def _factor_for(self, scale: float) -> int:
        """That of the smallest copy which still has at least the resolution asked for."""
        factor = 1
        while scale * factor <= 0.5 and min(self.width, self.height) // factor >= 2:
            factor *= 2
        return factor

    def _factor_for_crop(self, scale: float) -> int:
        return self._factor_for(scale)

    def _level(self, factor: int) -> Level:
        if factor not in self._levels:
            self._levels[factor] = self._level(factor // 2).halved()
        return self._levels[factor]


class LargePyramid(Pyramid):
    """The copies of a large photo, of which only those are taken over from Pillow that are asked for."""

    def __init__(self, photo: Photo) -> None:
        self.height, self.width = photo.height, photo.width
        self._photo = photo
        first = self._first_level()
        self._levels = {first.factor: first}
        self._start = first.factor

    def _first_level(self) -> Level:
        if isinstance(self._photo.picture, Reduced):
            view = self._photo.picture
            return Level(np.asarray(view.image), view.factor, view.left, view.top)
        return self._taken_over(reduction((self.width, self.height)))

    def _taken_over(self, factor: int) -> Level:
        # Pillow halves faster than its pixels become ours.
        return Level(np.asarray(self._photo.image.reduce(factor)), factor)

    def _factor_for_crop(self, scale: float) -> int:
        factor = self._factor_for(scale)
        return self._start if factor < self._start and scale * self._start <= BLUR else factor

    def _level(self, factor: int) -> Level:
        if factor < min(self._levels):
            self._levels[factor] = self._taken_over(factor)
        return super()._level(factor)


def pyramid_of(photo: Photo) -> Pyramid:
    is_large = reduction((photo.width, photo.height)) > 1
    return LargePyramid(photo) if is_large else Pyramid(np.asarray(photo.image))
