"""Where faces may be: the YuNet detector at growing sizes, and after quarter turns."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from landmarks.engines.local import weights
from landmarks.engines.local.pyramid import Pixels, Pyramid

SIZES = (320, 640, 1280)
"""Long side in pixels at which the detector looks, one after the other."""
THRESHOLD = 0.6
ENOUGH_FACES = 2
ENOUGH_WIDTH = 40
ENOUGH_SCORE = 0.8
"""A look that shows one or two faces this wide (in pixels of that look), the best this certain, ends the search."""
MAX_ENLARGEMENT = 4
SMALLEST = 4
"""Pixels of the photo; no face can be told in less."""
NARROWEST = 16
"""Short side in pixels of a look; on narrower strips the detector sees faces in plain grey."""
OVERLAP = 0.4
TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


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

    @property
    def side(self) -> float:
        return max(self.width, self.height)


class Detector:
    """YuNet (MIT, libfacedetection); keeps state, so one thread at a time."""

    def __init__(self, models_dir: Path) -> None:
        model = np.frombuffer(weights.read_weights(weights.DETECTOR, models_dir), np.uint8)
        self._net = cv2.FaceDetectorYN.create("onnx", model, np.empty(0, np.uint8), (320, 320), THRESHOLD, 0.3, 5000)

    def spots(self, photo: Pyramid, turned: int = 0) -> list[Spot]:
        """Likely faces, most certain first, in a photo turned clockwise by 0, 90, 180 or 270 degrees."""
        found: list[Spot] = []
        for size in SIZES:
            scale = size / max(photo.width, photo.height)
            if scale > MAX_ENLARGEMENT and size > SIZES[0]:
                break
            look = self._look(photo, scale, turned)
            found = distinct(found + look)
            if _is_enough(look, scale):
                break
        return found

    def _look(self, photo: Pyramid, scale: float, turned: int) -> list[Spot]:
        width, height = round(photo.width * scale), round(photo.height * scale)
        if min(width, height) < NARROWEST:
            return []
        pixels = photo.shrunk(width, height)
        if turned:
            pixels = np.asarray(cv2.rotate(pixels, TURNS[turned]))
        spots = [_to_spot(row) for row in self._rows(pixels)]
        back = np.array([photo.width / width, photo.height / height])
        found = [_in_photo(spot, turned, (width, height), back) for spot in spots]
        return [spot for spot in found if min(spot.width, spot.height) >= SMALLEST]

    def _rows(self, pixels: Pixels) -> NDArray[np.float32]:
        self._net.setInputSize((pixels.shape[1], pixels.shape[0]))
        _, rows = self._net.detect(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))
        return np.empty((0, 15), np.float32) if rows is None else np.asarray(rows, np.float32)


def distinct(spots: list[Spot]) -> list[Spot]:
    """Most certain first, without those that cover the same face as a more certain one."""
    kept: list[Spot] = []
    for spot in sorted(spots, key=lambda spot: spot.score, reverse=True):
        if all(overlap(spot, other) < OVERLAP for other in kept):
            kept.append(spot)
    return kept


def overlap(one: Spot, other: Spot) -> float:
    """Intersection over union of the two upright rectangles."""
    reach = np.array([one.width + other.width, one.height + other.height]) / 2
    shared = reach - np.abs(one.centre - other.centre)
    shared = np.clip(shared, 0, [min(one.width, other.width), min(one.height, other.height)])
    both = float(shared[0] * shared[1])
    return both / (one.width * one.height + other.width * other.height - both)


def _is_enough(look: list[Spot], scale: float) -> bool:
    return (
        1 <= len(look) <= ENOUGH_FACES
        and min(spot.width for spot in look) * scale >= ENOUGH_WIDTH
        and max(spot.score for spot in look) > ENOUGH_SCORE
    )


def _to_spot(row: NDArray[np.float32]) -> Spot:
    x, y, width, height = (float(value) for value in row[:4])
    marks = row[4:14].reshape(5, 2).astype(np.float64)
    return Spot(np.array([x + width / 2, y + height / 2]), width, height, marks, float(row[14]))


def _in_photo(spot: Spot, turned: int, size: tuple[int, int], back: NDArray[np.float64]) -> Spot:
    """Undo the turn (size is that before it), then the shrinking; whole numbers are the centres of pixels."""
    points = np.vstack([spot.centre, spot.marks])
    x, y = points[:, 0], points[:, 1]
    width, height = size
    if turned == 90:
        points = np.column_stack([y, height - 1 - x])
    elif turned == 180:
        points = np.column_stack([width - 1 - x, height - 1 - y])
    elif turned == 270:
        points = np.column_stack([width - 1 - y, x])
    points = (points + 0.5) * back - 0.5
    across, down = (spot.width, spot.height) if turned in (0, 180) else (spot.height, spot.width)
    return Spot(points[0], across * back[0], down * back[1], points[1:], spot.score)
