"""The YuNet network on a picture of any size, in tiles, since its memory grows with the size of its input."""

from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from landmarks.engines.local import model_files
from landmarks.engines.local.arrays import Pixels
from landmarks.engines.local.threads import mesh_threads
from landmarks.engines.local.yunet_model import BOX, MARKS, OBJECT, SCALES, SCORE, to_litert
from landmarks.runtime.memory import release_freed

try:
    from ai_edge_litert.interpreter import Interpreter
except ImportError:  # no wheel for this platform: OpenCV computes the same in three times the time
    Interpreter = None

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


MAX_OVERLAP, MOST = 0.3, 5000
"""Of two rows that overlap by more (intersection over union) only the more certain one counts, of the MOST certain."""
KEPT_SIDES = (96, 224, 320)
"""Inputs up to each of these sides have an interpreter of their own, larger ones share another: preparing one for
another size takes as long as half a run. Together they take 6 MB."""


class Network(Protocol):
    """The model on a picture of at most TILE × TILE."""

    def rows(self, pixels: Pixels, threshold: float) -> Rows:
        """Rows of an RGB picture from this score on."""

    def release_memory(self) -> None:
        """Free what can be made anew; other threads may do this, too."""


class YuNet:
    """The detector (MIT licence, libfacedetection) with its own weights; one thread at a time, since it keeps state."""

    def __init__(self, models_dir: Path) -> None:
        model = np.frombuffer(model_files.read(model_files.DETECTOR, models_dir), np.uint8)
        self._network: Network = LiteRTNetwork(model) if Interpreter else OpenCVNetwork(model)
        self.release_memory = self._network.release_memory

    def rows(self, pixels: Pixels, threshold: float = THRESHOLD) -> Rows:
        """Faces in an RGB picture; one that lies in two tiles is reported twice."""
        height, width = pixels.shape[:2]
        tiles = [(down, across) for down in spans(height) for across in spans(width)]
        if len(tiles) > 1:
            # So that no more memory is needed than for one tile.
            self.release_memory()
            release_freed()
        return np.vstack([self._in_tile(pixels, *tile, threshold) for tile in tiles])

    def _in_tile(self, pixels: Pixels, down: slice, across: slice, threshold: float) -> Rows:
        rows = self._network.rows(pixels[down, across], threshold)
        rows[:, [0, *range(4, 14, 2)]] += across.start
        rows[:, [1, *range(5, 14, 2)]] += down.start
        height, width = pixels.shape[:2]
        return rows[is_whole(rows[:, 0], rows[:, 2], across, width) & is_whole(rows[:, 1], rows[:, 3], down, height)]


class LiteRTNetwork:
    """The network by LiteRT."""

    def __init__(self, onnx: NDArray[np.uint8]) -> None:
        self._model = to_litert(onnx)
        self._prepared: dict[int, Prepared] = {}
        """By the largest side of their inputs."""

    def rows(self, pixels: Pixels, threshold: float) -> Rows:
        height, width = pixels.shape[:2]
        interpreter = self._interpreter_for(padded(height), padded(width))
        fill(interpreter.tensor(interpreter.get_input_details()[0]["index"])()[0], pixels)
        interpreter.invoke()
        outputs = (interpreter.get_tensor(each["index"])[0] for each in interpreter.get_output_details())
        rows = [decode(output, scale, threshold) for output, scale in zip(outputs, SCALES, strict=True)]
        return suppressed(np.vstack(rows), threshold)

    def release_memory(self) -> None:
        self._prepared.clear()

    def _interpreter_for(self, height: int, width: int) -> Any:
        largest = next((side for side in KEPT_SIDES if max(height, width) <= side), TILE)
        prepared = self._prepared.get(largest)
        if not prepared:
            prepared = Prepared(Interpreter(model_content=self._model, num_threads=mesh_threads()))
            self._prepared[largest] = prepared
        prepared.resize(height, width)
        return prepared.interpreter


@dataclass
class Prepared:
    """An interpreter and the size of the input that it is prepared for."""

    interpreter: Any
    size: tuple[int, int] | None = None

    def resize(self, height: int, width: int) -> None:
        if self.size == (height, width):
            return
        interpreter = self.interpreter
        interpreter.resize_tensor_input(interpreter.get_input_details()[0]["index"], [1, height + 1, width + 1, 3])
        interpreter.allocate_tensors()
        self.size = height, width


class OpenCVNetwork:
    """The network by OpenCV, which has its own way of decoding the outputs."""

    def __init__(self, onnx: NDArray[np.uint8]) -> None:
        self._net = cv2.FaceDetectorYN.create(
            "onnx", onnx, np.empty(0, np.uint8), (320, 320), THRESHOLD, MAX_OVERLAP, MOST
        )

    def rows(self, pixels: Pixels, threshold: float) -> Rows:
        tile = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
        below, beside = (max(0, MIN_SIDE - side) for side in tile.shape[:2])
        if below or beside:
            tile = cv2.copyMakeBorder(tile, 0, below, 0, beside, cv2.BORDER_CONSTANT)
        self._net.setScoreThreshold(threshold)
        self._net.setInputSize((tile.shape[1], tile.shape[0]))
        _, found = self._net.detect(tile)
        return np.empty((0, 15), np.float32) if found is None else np.asarray(found, np.float32)

    def release_memory(self) -> None:
        """OpenCV frees it in the next small pass."""


def padded(side: int) -> int:
    """The side of the input that shows so many pixels."""
    return max(ceil(side / STRIDE) * STRIDE, MIN_SIDE)


def fill(image: NDArray[np.float32], pixels: Pixels) -> None:
    """Write the pixels after the model's first row and column, zeros around them."""
    height, width = pixels.shape[:2]
    image[0] = 0
    image[:, 0] = 0
    image[height + 1 :] = 0
    image[:, width + 1 :] = 0
    image[1 : height + 1, 1 : width + 1] = pixels


def decode(output: NDArray[np.float32], stride: int, threshold: float) -> Rows:
    """Rows of the places in an output of the model that have the least score."""
    least = np.float32(np.log(threshold**2 / (1 - threshold**2)))
    # The score is the geometric mean of two probabilities; neither can be below its square.
    down, across = np.nonzero((output[..., SCORE] > least)[..., 0] & (output[..., OBJECT] > least)[..., 0])
    chosen = output[down, across]
    probabilities = 1 / (1 + np.exp(-chosen[:, [SCORE.start, OBJECT.start]]))
    scores = np.sqrt(probabilities.prod(axis=1))
    at = np.column_stack([across, down]).astype(np.float32)
    box = chosen[:, BOX]
    size = np.exp(box[:, 2:]) * stride
    corner = (box[:, :2] + at) * stride - size / 2
    marks = (chosen[:, MARKS] + np.tile(at, 5)) * stride
    rows: Rows = np.column_stack([corner, size, marks, scores]).astype(np.float32)
    return np.asarray(rows[scores >= threshold])


def suppressed(rows: Rows, threshold: float) -> Rows:
    """Each face once, the most certain first, as OpenCV decides it: by boxes in whole pixels."""
    if len(rows) < 2:
        return rows
    boxes = rows[:, :4].astype(np.int32).tolist()
    kept = cv2.dnn.NMSBoxes(boxes, rows[:, 14].tolist(), threshold, MAX_OVERLAP, top_k=MOST)
    return np.asarray(rows[np.asarray(kept, int).ravel()])


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
