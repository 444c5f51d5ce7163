"""A photo, or its mirror image, at halved sizes, each made when it is first needed."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from landmarks.photos.decode import reduction
from landmarks.photos.photo import Photo, Reduced

Pixels = NDArray[np.uint8]
Affine = NDArray[np.float64]
"""2 × 3, from photo pixels to pixels of another picture; whole numbers are the centres of pixels."""

SMOOTH, SMOOTH_CROP = 320, 0.5
"""Looks up to this long side and crops down to this scale are the mean of four times as many pixels. Else it would move
points by up to 0.4 % of the face's width where the pixels of a copy happen to begin, which is another place when the
photo was stored in another orientation. Larger looks are finer by themselves, other faces small."""
TWICE = np.array([[2.0, 0, 0.5], [0, 2, 0.5]])
"""From the pixels of a crop to those of one that is twice as large."""
ROWS = 128
"""So many rows, spread over the photo, tell on which side it is brighter: of copies that were compressed anew and
mirrored all told the opposite, down to a quality of 50."""
STRIP = 256
"""Rows that are taken over from Pillow at a time."""
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

    def is_all_of(self, width: int, height: int) -> bool:
        """Whether it begins and ends where a photo of this size does."""
        covered = (self.pixels.shape[1] * self.factor, self.pixels.shape[0] * self.factor)
        return (self.left, self.top) == (0, 0) and covered == (width, height)

    def halved(self) -> "Level":
        # An odd last row or column is left out, so that every pixel is the mean of exactly four and the grid is exact.
        height, width = self.pixels.shape[0] // 2, self.pixels.shape[1] // 2
        return Level(_mean_of_four(self.pixels[: height * 2, : width * 2]), self.factor * 2, self.left, self.top)

    def mirrored(self, width: int) -> "Level":
        """That of the mirrored photo, which is so wide."""
        end = self.left + self.factor * self.pixels.shape[1]
        return replace(self, pixels=np.asarray(cv2.flip(self.pixels, 1)), left=width - end)


def _mean_of_four(pixels: Pixels) -> Pixels:
    """Half the size. Each pixel of the copy counts alike, wherever its grid happens to lie."""
    height, width = pixels.shape[0] // 2, pixels.shape[1] // 2
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA))


def _warp(level: Level, way: Affine, size: tuple[int, int], border: int) -> Pixels:
    """What the way from photo pixels leads to; the copy has at most twice the resolution, so none of it is skipped."""
    across = way @ level.to_photo()
    return np.asarray(cv2.warpAffine(level.pixels, across, size, flags=cv2.INTER_LINEAR, borderMode=border))


class Pyramid:
    """Smaller copies, so that no crop skips pixels: sampling one pixel in eight would alias the eyelids away."""

    def __init__(self, pixels: Pixels) -> None:
        self.height, self.width = pixels.shape[:2]
        self.is_mirrored = False
        self._levels = {1: Level(pixels)}

    def is_brighter_left(self) -> bool:
        """Whether more of the brightness lies left of the middle: a photo and its mirror image never both say so."""
        (first,) = self._levels.values()
        rows = first.pixels[:: max(1, len(first.pixels) // ROWS)]
        columns = cv2.reduce(rows, 0, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[0, :, 1].astype(np.int64)
        # In whole numbers, so that the mirror image tells the very opposite.
        return int(columns @ (2 * np.arange(len(columns)) - (len(columns) - 1))) < 0

    def mirror(self) -> None:
        """Be the mirror image of the photo from here on."""
        self.is_mirrored = True
        self._levels = {factor: level.mirrored(self.width) for factor, level in self._levels.items()}

    def shrunk(self, width: int, height: int) -> Pixels:
        """The whole photo at this size, RGB."""
        level = self._level(self._factor_for(width / self.width))
        is_smooth = max(width, height) <= SMOOTH and width < level.pixels.shape[1]
        if not is_smooth:
            return self._resized(level, width, height)
        return _mean_of_four(self._resized(level, 2 * width, 2 * height))

    def _resized(self, level: Level, width: int, height: int) -> Pixels:
        if level.is_all_of(self.width, self.height):
            return np.asarray(cv2.resize(level.pixels, (width, height), interpolation=cv2.INTER_LINEAR))
        across, down = width / self.width, height / self.height
        to_look = np.array([[across, 0, (across - 1) / 2], [0, down, (down - 1) / 2]])
        return _warp(level, to_look, (width, height), cv2.BORDER_REPLICATE)

    def crop(self, to_crop: Affine, side: int, border: int = cv2.BORDER_CONSTANT) -> Pixels:
        """The square that `to_crop` maps onto side × side pixels, RGB; outside the photo it is black if not told."""
        scale = float(np.hypot(to_crop[0, 0], to_crop[0, 1]))
        level = self._level_of_crop(self._factor_for_crop(scale), to_crop, side)
        if scale > SMOOTH_CROP:
            return _warp(level, to_crop, (side, side), border)
        return _mean_of_four(_warp(level, TWICE @ np.vstack([to_crop, [0, 0, 1]]), (2 * side, 2 * side), border))

    def _factor_for(self, scale: float) -> int:
        """That of the smallest copy which still has at least the resolution asked for."""
        factor = 1
        while scale * factor <= 0.5 and min(self.width, self.height) // factor >= 2:
            factor *= 2
        return factor

    def _factor_for_crop(self, scale: float) -> int:
        return self._factor_for(scale)

    def _level_of_crop(self, factor: int, to_crop: Affine, side: int) -> Level:
        return self._level(factor)

    def _level(self, factor: int) -> Level:
        if factor not in self._levels:
            self._levels[factor] = self._level(factor // 2).halved()
        return self._levels[factor]


class LargePyramid(Pyramid):
    """The copies of a large photo, of which only those are taken over from Pillow that are asked for."""

    def __init__(self, photo: Photo) -> None:
        self.height, self.width = photo.height, photo.width
        self._photo = photo
        self.is_mirrored = False
        first = self._first_level()
        self._levels = {first.factor: first}
        self._start = first.factor

    def _first_level(self) -> Level:
        if isinstance(self._photo.picture, Reduced):
            view = self._photo.picture
            return Level(np.asarray(view.image), view.factor, view.left, view.top)
        return self._taken_over(reduction((self.width, self.height)))

    def _taken_over(self, factor: int) -> Level:
        return Level(take_over(self._photo.image, factor), factor)

    def _factor_for_crop(self, scale: float) -> int:
        factor = self._factor_for(scale)
        return self._start if factor < self._start and scale * self._start <= BLUR else factor

    def _level_of_crop(self, factor: int, to_crop: Affine, side: int) -> Level:
        """Of a copy that is not there yet only as much as the crop shows: all of it could be 180 MB, twice."""
        if factor >= min(self._levels):
            return self._level(factor)
        left, top, right, bottom = seen_by(to_crop, side, (self.width, self.height), factor)
        first, last = (self.width - right, self.width - left) if self.is_mirrored else (left, right)
        first -= first % factor
        part = self._photo.image.crop((first, top, last, bottom))
        level = Level(np.asarray(part.reduce(factor)), factor, first, top)
        return level.mirrored(self.width) if self.is_mirrored else level

    def _level(self, factor: int) -> Level:
        if factor < min(self._levels):
            taken = self._taken_over(factor)
            self._levels[factor] = taken.mirrored(self.width) if self.is_mirrored else taken
        return super()._level(factor)


def seen_by(to_crop: Affine, side: int, size: tuple[int, int], factor: int) -> tuple[int, int, int, int]:
    """The part of a photo of this size that a crop shows, from a multiple of the factor on: left, top, right, bottom.

    What lies outside may be shown as the mirror image of what lies inside, so that belongs to it.
    """
    back = np.linalg.inv(np.vstack([to_crop, [0, 0, 1]]))[:2]
    corners = back @ [[-1, side, -1, side], [-1, -1, side, side], [1, 1, 1, 1]]
    ends = []
    for low, high, length in zip(corners.min(axis=1), corners.max(axis=1), size, strict=True):
        begin, end = int(low) - 2 * factor, int(high) + 2 * factor + 2
        begin, end = min(begin, 2 * length - end), max(end, -begin)
        begin = min(max(0, begin), length - 1)
        ends.append((begin - begin % factor, max(begin + 1, min(end, length))))
    (left, right), (top, bottom) = ends
    return left, top, right, bottom


def take_over(image: Image.Image, factor: int) -> Pixels:
    """The pixels of a picture, so many times smaller: Pillow halves faster than its pixels become ours.

    It is done in strips, since the smaller picture and what Pillow makes of it on the way would take as much memory as
    the pixels, three times.
    """
    width, height = -(-image.width // factor), -(-image.height // factor)
    pixels = np.empty((height, width, 3), np.uint8)
    for top in range(0, height, STRIP):
        bottom = min(top + STRIP, height)
        box = (0, top * factor, image.width, min(bottom * factor, image.height))
        pixels[top:bottom] = np.asarray(image.reduce(factor, box))
    return pixels


def pyramid_of(photo: Photo) -> Pyramid:
    is_large = reduction((photo.width, photo.height)) > 1
    return LargePyramid(photo) if is_large else Pyramid(np.asarray(photo.image))
