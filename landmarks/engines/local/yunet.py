"""The YuNet network on a picture of any size, in tiles, since its memory grows with the size of its input."""

from math import ceil
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from landmarks.engines.local import model_files
from landmarks.engines.local.arrays import Pixels

Rows = NDArray[np.float32]
"""n × 15, a row for each face: left, top, width, height, five times x and y, score; in pixels of the picture."""

THRESHOLD = 0.6
STRIDE = 32
"""Pixels of the network's coarsest grid. Tiles begin on it, so that they give what the whole picture would give."""
TILE = 704
"""Longest side of a tile. Two by two make a pass of 1280 pixels, in the same time and a third of the memory."""
OVERLAP = 128
"""Pixels that neighbours share at least. Nearly as large a face is whole in one of them; larger ones are detected in
the smaller passes."""
MIN_SIDE = 2 * STRIDE
"""On a tile of one stride or less OpenCV reads uninitialised memory and reports whatever is there."""
EDGE = 4
"""Pixels. A face that comes this close to where its tile was cut counts as cut, too."""


class YuNet:
    """The detector (MIT licence, libfacedetection) with its own weights; one thread at a time, since it keeps state."""

    def __init__(self, models_dir: Path) -> None:
        model = np.frombuffer(model_files.read(model_files.DETECTOR, models_dir), np.uint8)
        self._net = cv2.FaceDetectorYN.create("onnx", model, np.empty(0, np.uint8), (320, 320), THRESHOLD, 0.3, 5000)

    def rows(self, pixels: Pixels, threshold: float = THRESHOLD) -> Rows:
        """Faces in an RGB picture; one that lies in two tiles is reported twice."""
        self._net.setScoreThreshold(threshold)
        height, width = pixels.shape[:2]
        tiles = [(down, across) for down in spans(height) for across in spans(width)]
        return np.vstack([self._in_tile(pixels, *tile) for tile in tiles])

    def _in_tile(self, pixels: Pixels, down: slice, across: slice) -> Rows:
        tile = cv2.cvtColor(pixels[down, across], cv2.COLOR_RGB2BGR)
        below, beside = (max(0, MIN_SIDE - side) for side in tile.shape[:2])
        if below or beside:
            tile = cv2.copyMakeBorder(tile, 0, below, 0, beside, cv2.BORDER_CONSTANT)
        self._net.setInputSize((tile.shape[1], tile.shape[0]))
        _, found = self._net.detect(tile)
        if found is None:
            return np.empty((0, 15), np.float32)
        rows = np.asarray(found, np.float32)
        rows[:, [0, *range(4, 14, 2)]] += across.start
        rows[:, [1, *range(5, 14, 2)]] += down.start
        height, width = pixels.shape[:2]
        return rows[is_whole(rows[:, 0], rows[:, 2], across, width) & is_whole(rows[:, 1], rows[:, 3], down, height)]


def spans(length: int) -> list[slice]:
    """The tiles along a side: one if it is short enough, else as few as possible, about equally long."""
    if length <= TILE:
        return [slice(0, length)]
    count = ceil((length - OVERLAP) / (TILE - OVERLAP))
    step = ceil((length - OVERLAP) / count / STRIDE) * STRIDE
    return [slice(start, min(start + step + OVERLAP, length)) for start in range(0, length - OVERLAP, step)]


def is_whole(start: NDArray[np.float32], extent: NDArray[np.float32], tile: slice, length: int) -> NDArray[np.bool_]:
    """Whether faces keep clear of where the tile was cut out of a side of this length."""
    after_cut = start > tile.start + EDGE if tile.start else np.ones(len(start), bool)
    before_cut = start + extent < tile.stop - EDGE if tile.stop < length else np.ones(len(start), bool)
    return np.asarray(after_cut & before_cut)
