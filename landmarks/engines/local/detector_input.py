"""What the detector is shown in one look, and the way back from there to the photo."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from landmarks.engines.local.pyramid import Pixels, Pyramid

TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
MARGIN = 1 / 12
MARGIN_AT = 320
"""In looks of this size the photo has its mirror image around it, as wide as this share of the look: of faces
that the edge cuts by more than half every second is seen, with their mirror image nearly all."""
OUTSIDE = 0.1
"""A face whose middle lies farther outside the photo (of its side) is the mirror image of another one."""


@dataclass(frozen=True)
class Frame:
    """The photo at a size, with a margin around it, all of it turned clockwise; lengths in pixels of the look."""

    photo: Pyramid
    width: int
    height: int
    margin: int
    turned: int

    def pixels(self) -> Pixels:
        shown = self.photo.shrunk(self.width, self.height)
        if self.margin:
            wide = self.margin
            shown = np.asarray(cv2.copyMakeBorder(shown, wide, wide, wide, wide, cv2.BORDER_REFLECT))
        return np.asarray(cv2.rotate(shown, TURNS[self.turned])) if self.turned else shown

    def to_photo(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Undo the turn, the margin, then the shrinking; whole numbers are the centres of pixels."""
        x, y = points[:, 0], points[:, 1]
        right, bottom = self.width + 2 * self.margin - 1, self.height + 2 * self.margin - 1
        ways = {0: (x, y), 90: (y, bottom - x), 180: (right - x, bottom - y), 270: (right - y, x)}
        upright = np.array(ways[self.turned]).T
        return np.asarray((upright + (0.5 - self.margin)) * self._enlargement() - 0.5)

    def to_photo_lengths(self, across: float, down: float) -> tuple[float, float]:
        if self.turned in (90, 270):
            across, down = down, across
        wider, higher = self._enlargement()
        return across * wider, down * higher

    def _enlargement(self) -> tuple[float, float]:
        return self.photo.width / self.width, self.photo.height / self.height


def frame_of(photo: Pyramid, size: int, turned: int) -> Frame:
    """The frame whose long side is of this size."""
    margin = round(size * MARGIN) if size == MARGIN_AT else 0
    scale = (size - 2 * margin) / max(photo.width, photo.height)
    return Frame(photo, round(photo.width * scale), round(photo.height * scale), margin, turned)
