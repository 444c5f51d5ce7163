"""A photo at halved sizes, each made when it is first needed."""

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Affine = NDArray[np.float64]
"""2 × 3, from photo pixels to pixels of another picture; whole numbers are the centres of pixels."""


class Pyramid:
    """Smaller copies, so that no crop skips pixels: sampling one pixel in eight would alias the eyelids away."""

    def __init__(self, pixels: Pixels) -> None:
        self._levels = [pixels]

    @property
    def height(self) -> int:
        return int(self._levels[0].shape[0])

    @property
    def width(self) -> int:
        return int(self._levels[0].shape[1])

    def shrunk(self, width: int, height: int) -> Pixels:
        """The whole photo at this size, RGB."""
        level, _ = self._level_for(width / self.width)
        shrinking = width < level.shape[1]
        return np.asarray(
            cv2.resize(level, (width, height), interpolation=cv2.INTER_AREA if shrinking else cv2.INTER_LINEAR)
        )

    def crop(self, to_crop: Affine, side: int) -> Pixels:
        """The square that `to_crop` maps onto side × side pixels, RGB; what lies outside the photo is black."""
        level, factor = self._level_for(float(np.hypot(to_crop[0, 0], to_crop[0, 1])))
        to_photo = np.array([[factor, 0, (factor - 1) / 2], [0, factor, (factor - 1) / 2], [0, 0, 1]])
        return np.asarray(cv2.warpAffine(level, to_crop @ to_photo, (side, side), flags=cv2.INTER_LINEAR))

    def _level_for(self, scale: float) -> tuple[Pixels, int]:
        """The smallest level that still has at least the resolution asked for, and how much smaller it is."""
        number = 0
        while scale <= 0.5 ** (number + 1) and min(self._levels[number].shape[:2]) >= 2:
            number += 1
            if number == len(self._levels):
                self._levels.append(_halved(self._levels[-1]))
        return self._levels[number], 2**number


def _halved(pixels: Pixels) -> Pixels:
    # An odd last row or column is left out, so that every pixel is the mean of exactly four and the grid stays exact.
    even = pixels[: pixels.shape[0] // 2 * 2, : pixels.shape[1] // 2 * 2]
    return np.asarray(cv2.resize(even, (even.shape[1] // 2, even.shape[0] // 2), interpolation=cv2.INTER_AREA))
