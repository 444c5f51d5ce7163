"""A photo, or its mirror image, at halved sizes, each computed when first needed."""

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
from PIL import Image

from landmarks.core.pixels import Box, Transform
from landmarks.engines.local.arrays import Pixels, matrix_of
from landmarks.photos.decode import reduction
from landmarks.photos.photo import Photo, Reduced

SMOOTH_SIDE, SMOOTH_CROP = 320, 0.5
"""Pictures up to this long side, and crops down to this scale, average four times as many pixels. Otherwise points move
by up to 0.4 % of the face's width with the position of the pixel grid, which differs between copies of a photo stored
in other orientations. Larger pictures are finer by themselves; less reduced crops show small faces."""
KEPT_SIDE = 640
"""Pictures of the whole photo up to this long side are kept, since each quarter turn needs the same ones."""
KEPT_PIXELS = 13_000_000
"""Of a copy of a large photo. Larger ones, of up to 45 MB, are used once; crops then take their part of the photo."""
TWICE = Transform.scale(2)
BRIGHTNESS_ROWS = 128
"""Rows, spread over the photo, whose brightness decides whether it is flipped. Every copy that was compressed anew and
mirrored got the opposite decision, down to a JPEG quality of 50."""
STRIP = 256
"""Rows that are copied from Pillow at a time."""
MAX_ENLARGEMENT = 1.5
"""A crop may enlarge a reduced photo by this much before the whole photo is decoded. Up to there points move by less
than 0.3 % of the distance between the eyes."""


@dataclass(frozen=True)
class Level:
    """A copy of the photo, or of a part of it, `factor` times smaller."""

    pixels: Pixels
    factor: int = 1
    left: int = 0
    top: int = 0
    """Its first pixel's left and upper edge, in photo pixels."""

    def to_photo(self) -> Transform:
        """From pixels of this copy to pixels of the photo."""
        return Transform.scale(self.factor).then(Transform.shift(self.left, self.top))

    def is_all_of(self, width: int, height: int) -> bool:
        """Whether it shows exactly the whole of a photo of this size."""
        covered = (self.pixels.shape[1] * self.factor, self.pixels.shape[0] * self.factor)
        return (self.left, self.top) == (0, 0) and covered == (width, height)

    def halved(self) -> "Level":
        # An odd last row or column is dropped, so that every pixel is the mean of exactly four and the grid is exact.
        height, width = self.pixels.shape[0] // 2, self.pixels.shape[1] // 2
        return Level(_mean_of_four(self.pixels[: height * 2, : width * 2]), self.factor * 2, self.left, self.top)

    def flipped(self, width: int) -> "Level":
        """The same part of the mirror image of the photo, which has this width."""
        right = self.left + self.factor * self.pixels.shape[1]
        return replace(self, pixels=np.asarray(cv2.flip(self.pixels, 1)), left=width - right)


def _mean_of_four(pixels: Pixels) -> Pixels:
    """Half the size; every pixel has the same weight, wherever the grid lies."""
    height, width = pixels.shape[0] // 2, pixels.shape[1] // 2
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA))


def _warp(level: Level, from_photo: Transform, size: tuple[int, int], border: int) -> Pixels:
    """The photo under a transform. The level has at most twice the resolution, so that no pixel is skipped."""
    matrix = matrix_of(level.to_photo().then(from_photo))
    return np.asarray(cv2.warpAffine(level.pixels, matrix, size, flags=cv2.INTER_LINEAR, borderMode=border))


class Pyramid:
    """Smaller copies of a photo, so that no crop skips pixels: sampling one in eight would alias the eyelids away."""

    def __init__(self, pixels: Pixels) -> None:
        self.height, self.width = pixels.shape[:2]
        self.is_flipped = False
        self._levels = {1: Level(pixels)}
        self._resized_before: dict[tuple[int, int], Pixels] = {}

    def is_brighter_left(self) -> bool:
        """Whether the left half is brighter; never true of both a photo and its mirror image."""
        (first,) = self._levels.values()
        rows = first.pixels[:: max(1, len(first.pixels) // BRIGHTNESS_ROWS)]
        columns = cv2.reduce(rows, 0, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[0, :, 1].astype(np.int64)
        # In whole numbers, so that the mirror image gives exactly the opposite.
        return int(columns @ (2 * np.arange(len(columns)) - (len(columns) - 1))) < 0

    def flip(self) -> None:
        """Become the mirror image of the photo."""
        self.is_flipped = True
        self._resized_before.clear()
        self._levels = {factor: level.flipped(self.width) for factor, level in self._levels.items()}

    def resized(self, width: int, height: int) -> Pixels:
        """The whole photo at this size, RGB, not to be written to."""
        if max(width, height) > KEPT_SIDE:
            return self._resize(width, height)
        if (width, height) not in self._resized_before:
            self._resized_before[width, height] = self._resize(width, height)
        return self._resized_before[width, height]

    def _resize(self, width: int, height: int) -> Pixels:
        level = self._level(self._factor_for(width / self.width))
        is_smooth = max(width, height) <= SMOOTH_SIDE and width < level.pixels.shape[1]
        if not is_smooth:
            return self._resized(level, width, height)
        return _mean_of_four(self._resized(level, 2 * width, 2 * height))

    def _resized(self, level: Level, width: int, height: int) -> Pixels:
        if level.is_all_of(self.width, self.height):
            return np.asarray(cv2.resize(level.pixels, (width, height), interpolation=cv2.INTER_LINEAR))
        resize = Transform.resize((self.width, self.height), (width, height))
        return _warp(level, resize, (width, height), cv2.BORDER_REPLICATE)

    def crop(self, to_crop: Transform, side: int, border: int = cv2.BORDER_CONSTANT) -> Pixels:
        """The square of side × side pixels, RGB, to which `to_crop` maps the photo; by default black outside it."""
        (across, skew, _), _ = to_crop.rows()
        scale = math.hypot(across, skew)
        level = self._level_for_crop(self._factor_for_crop(scale), to_crop, side)
        if scale > SMOOTH_CROP:
            return _warp(level, to_crop, (side, side), border)
        return _mean_of_four(_warp(level, to_crop.then(TWICE), (2 * side, 2 * side), border))

    def _factor_for(self, scale: float) -> int:
        """The factor of the smallest level that has at least the resolution of the photo at this scale."""
        factor = 1
        while scale * factor <= 0.5 and min(self.width, self.height) // factor >= 2:
            factor *= 2
        return factor

    def _factor_for_crop(self, scale: float) -> int:
        return self._factor_for(scale)

    def _level_for_crop(self, factor: int, to_crop: Transform, side: int) -> Level:
        return self._level(factor)

    def _level(self, factor: int) -> Level:
        if factor not in self._levels:
            self._levels[factor] = self._level(factor // 2).halved()
        return self._levels[factor]


class LargePyramid(Pyramid):
    """Copies of a large photo, of which only those that are needed are copied from Pillow."""

    def __init__(self, photo: Photo) -> None:
        self.height, self.width = photo.height, photo.width
        self._photo = photo
        self.is_flipped = False
        first = self._first_level()
        self._levels = {first.factor: first}
        self._resized_before = {}
        self._start = first.factor

    def _first_level(self) -> Level:
        if isinstance(self._photo.picture, Reduced):
            view = self._photo.picture
            return Level(np.asarray(view.image), view.factor, view.left, view.top)
        return self._copied(reduction((self.width, self.height)))

    def _copied(self, factor: int) -> Level:
        pixels = copy_reduced(self._photo.image, factor, self.is_flipped)
        return Level(pixels, factor, self.width - factor * pixels.shape[1] if self.is_flipped else 0)

    def _factor_for_crop(self, scale: float) -> int:
        factor = self._factor_for(scale)
        return self._start if factor < self._start and scale * self._start <= MAX_ENLARGEMENT else factor

    def _level_for_crop(self, factor: int, to_crop: Transform, side: int) -> Level:
        """Of a level that doesn't exist yet, only the part that the crop shows: all of it could be 180 MB, twice."""
        if factor >= min(self._levels):
            return self._level(factor)
        left, top, right, bottom = shown_part(to_crop, side, (self.width, self.height), factor)
        first, last = (self.width - right, self.width - left) if self.is_flipped else (left, right)
        first -= first % factor
        part = self._photo.image.crop((first, top, last, bottom))
        level = Level(np.asarray(part.reduce(factor)), factor, first, top)
        return level.flipped(self.width) if self.is_flipped else level

    def _level(self, factor: int) -> Level:
        if factor < min(self._levels):
            level = self._copied(factor)
            if level.pixels.shape[0] * level.pixels.shape[1] > KEPT_PIXELS:
                return level
            self._levels[factor] = level
        return super()._level(factor)


def shown_part(to_crop: Transform, side: int, size: tuple[int, int], factor: int) -> tuple[int, int, int, int]:
    """The part of a photo that a crop shows, from multiples of the factor on: left, top, right, bottom.

    The crop may show the mirror image of the photo beyond its edge, so the pixels that are mirrored belong to it.
    """
    shown = to_crop.inverse().box(Box(-1, -1, side, side))
    left, right = _span(shown.left, shown.right, size[0], factor)
    top, bottom = _span(shown.top, shown.bottom, size[1], factor)
    return left, top, right, bottom


def _span(low: float, high: float, length: int, factor: int) -> tuple[int, int]:
    begin, end = int(low) - 2 * factor, int(high) + 2 * factor + 2
    begin, end = min(begin, 2 * length - end), max(end, -begin)
    begin = min(max(0, begin), length - 1)
    return begin - begin % factor, max(begin + 1, min(end, length))


def copy_reduced(image: Image.Image, factor: int, is_flipped: bool) -> Pixels:
    """The pixels of a picture, or of its mirror image, at 1/factor of its size.

    Pillow reduces faster than its pixels are copied. This is done in strips, since the reduced picture, Pillow's copies
    of it and the mirror image would take the memory of the pixels four times.
    """
    width, height = -(-image.width // factor), -(-image.height // factor)
    pixels = np.empty((height, width, 3), np.uint8)
    for top in range(0, height, STRIP):
        bottom = min(top + STRIP, height)
        box = (0, top * factor, image.width, min(bottom * factor, image.height))
        strip = np.asarray(image.reduce(factor, box))
        pixels[top:bottom] = strip[:, ::-1] if is_flipped else strip
    return pixels


def pyramid_of(photo: Photo) -> Pyramid:
    is_large = reduction((photo.width, photo.height)) > 1
    return LargePyramid(photo) if is_large else Pyramid(np.asarray(photo.image))
