"""YuNet on a picture of any size, in pieces, since its memory grows with what it sees at once."""

from math import ceil
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from landmarks.engines.local import model_files
from landmarks.engines.local.pyramid import Pixels

Rows = NDArray[np.float32]
"""A row a face: left, top, width, height, five times x and y, score."""

THRESHOLD = 0.6
STRIDE = 32
"""Pixels of its coarsest grid; pieces begin on it, so that they show what the whole would show."""
PIECE = 704
"""Longest side of a piece. Two by two make a look of 1280 pixels, in the same time and a third of the memory."""
SHARED = 128
"""Pixels that neighbours share at least: nearly as large a face is whole in one of them, and larger ones show in the
smaller looks."""
NARROWEST = 2 * STRIDE
"""Pixels; on a piece of one stride or less OpenCV reads memory that nobody wrote, and tells whatever lies there."""
EDGE = 4
"""Pixels; a face that comes so near to where its piece was cut is taken to be cut, too."""


class YuNet:
    """The detector (MIT, libfacedetection) as it comes; keeps state, so one thread at a time."""

    def __init__(self, models_dir: Path) -> None:
        model = np.frombuffer(model_files.read_weights(model_files.DETECTOR, models_dir), np.uint8)
        self._net = cv2.FaceDetectorYN.create("onnx", model, np.empty(0, np.uint8), (320, 320), THRESHOLD, 0.3, 5000)

    def rows(self, pixels: Pixels, threshold: float = THRESHOLD) -> Rows:
        """Faces in an RGB picture; one that two pieces share is told twice."""
        self._net.setScoreThreshold(threshold)
        height, width = pixels.shape[:2]
        pieces = [(down, across) for down in stretches(height) for across in stretches(width)]
        return np.vstack([self._in_piece(pixels, *piece) for piece in pieces])

    def _in_piece(self, pixels: Pixels, down: slice, across: slice) -> Rows:
        piece = cv2.cvtColor(pixels[down, across], cv2.COLOR_RGB2BGR)
        below, beside = (max(0, NARROWEST - side) for side in piece.shape[:2])
        if below or beside:
            piece = cv2.copyMakeBorder(piece, 0, below, 0, beside, cv2.BORDER_CONSTANT)
        self._net.setInputSize((piece.shape[1], piece.shape[0]))
        _, found = self._net.detect(piece)
        if found is None:
            return np.empty((0, 15), np.float32)
        rows = np.asarray(found, np.float32)
        rows[:, [0, *range(4, 14, 2)]] += across.start
        rows[:, [1, *range(5, 14, 2)]] += down.start
        height, width = pixels.shape[:2]
        return rows[is_whole(rows[:, 0], rows[:, 2], across, width) & is_whole(rows[:, 1], rows[:, 3], down, height)]


def stretches(length: int) -> list[slice]:
    """One for a side that is short enough, else as few as possible, about equally long."""
    if length <= PIECE:
        return [slice(0, length)]
    count = ceil((length - SHARED) / (PIECE - SHARED))
    step = ceil((length - SHARED) / count / STRIDE) * STRIDE
    return [slice(start, min(start + step + SHARED, length)) for start in range(0, length - SHARED, step)]


def is_whole(start: NDArray[np.float32], extent: NDArray[np.float32], piece: slice, length: int) -> NDArray[np.bool_]:
    """Whether faces lie clear of the places where this piece was cut out of the length."""
    after_cut = start > piece.start + EDGE if piece.start else np.ones(len(start), bool)
    before_cut = start + extent < piece.stop - EDGE if piece.stop < length else np.ones(len(start), bool)
    return np.asarray(after_cut & before_cut)
