"""The 478 vertices of a face in a square crop: Face Mesh V2."""

import cmath
import io
import math
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from landmarks.engines.local import model_files
from landmarks.engines.local.detector import Spot
from landmarks.engines.local.pyramid import Affine, Pixels, Pyramid

try:
    from ai_edge_litert.interpreter import Interpreter
except ImportError:  # no wheel for this platform: OpenCV reads the same file, 11 ms a face instead of 5.4
    Interpreter = None

Vertices = NDArray[np.float64]
"""478 × 3, photo pixels: x, y, and the depth in the same scale, smaller being nearer to the camera."""

THREADS = min(2, cv2.getNumberOfCPUs())
"""For one look: a second one saves 40 % of its time, and costs 4 % where two photos are looked at at once. A look costs
30 % more than with one where other programs use all processors."""
SIDE = 256
"""Side of the crop that the model takes, in pixels."""
MEMBER = "face_landmarks_detector.tflite"
LEFT_EYE_CORNER, RIGHT_EYE_CORNER = 33, 263
MIDDLE = (SIDE - 1) / 2
"""Of the crop, along each side."""
SPOT_MARGIN, SPOT_DROP = 1.26, 0.043
"""The first crop is this much larger than the detector's box and this much lower (of its side), towards the chin."""
MESH_MARGIN = 1.4
SHIFT, GROWTH, TILT = 0.08, 0.16, 0.2
"""A crop that would move by more than this (of its side; of its side; radians) is looked at a second time."""


@dataclass(frozen=True)
class Crop:
    """A square of the photo, turned so that the face in it stands upright: pixels, pixels, radians."""

    centre: NDArray[np.float64]
    side: float
    roll: float

    def to_crop(self) -> Affine:
        """From photo pixels to crop pixels."""
        scale = SIDE / self.side
        cos, sin = math.cos(self.roll) * scale, math.sin(self.roll) * scale
        x, y = self.centre.tolist()
        return np.array([[cos, sin, MIDDLE - cos * x - sin * y], [-sin, cos, MIDDLE + sin * x - cos * y]])

    def to_photo(self, inside: Vertices) -> Vertices:
        """From crop pixels to photo pixels."""
        scale = self.side / SIDE
        cos, sin = math.cos(self.roll) * scale, math.sin(self.roll) * scale
        turned = (inside - (MIDDLE, MIDDLE, 0)) @ np.array([[cos, sin, 0], [-sin, cos, 0], [0, 0, scale]])
        return np.asarray(turned + (*self.centre.tolist(), 0))

    def is_near(self, other: "Crop") -> bool:
        shift = math.dist(self.centre, other.centre) / self.side
        turn = abs((self.roll - other.roll + math.pi) % (2 * math.pi) - math.pi)
        return shift <= SHIFT and abs(other.side / self.side - 1) <= GROWTH and turn <= TILT


@dataclass(frozen=True)
class Sight:
    """What the mesh saw in a crop: the vertices, and the log odds that there is a face."""

    vertices: Vertices
    presence: float
    crop: Crop


class Mesh:
    """Face Mesh V2 (Apache-2.0, MediaPipe); keeps state, so one thread at a time."""

    def __init__(self, models_dir: Path) -> None:
        task = model_files.read_weights(model_files.MESH, models_dir)
        with zipfile.ZipFile(io.BytesIO(task)) as archive:
            self._run = load_network(archive.read(MEMBER))

    def look(self, photo: Pyramid, spot: Spot) -> Sight:
        """Look at a spot, and once more where the first look shows that the crop was off."""
        first = crop_of_spot(spot)
        sight = self._look_at(photo, first)
        second = crop_of_vertices(sight.vertices)
        return sight if first.is_near(second) else self._look_at(photo, second)

    def presence_at_edge(self, photo: Pyramid, spot: Spot) -> float:
        """The log odds of a face of which the edge of the photo shows half, the other half being its mirror image."""
        return self._vertices_in(photo.crop(crop_of_spot(spot).to_crop(), SIDE, cv2.BORDER_REFLECT))[1]

    def look_mirrored(self, photo: Pyramid, crop: Crop) -> Vertices:
        """The vertices of the mirrored face, seen in the mirrored crop; their x runs to the left."""
        inside, _ = self._vertices_in(np.ascontiguousarray(photo.crop(crop.to_crop(), SIDE)[:, ::-1]))
        inside[:, 0] = SIDE - 1 - inside[:, 0]
        vertices = crop.to_photo(inside)
        vertices[:, 0] *= -1
        return vertices

    def _look_at(self, photo: Pyramid, crop: Crop) -> Sight:
        inside, presence = self._vertices_in(photo.crop(crop.to_crop(), SIDE))
        return Sight(crop.to_photo(inside), presence, crop)

    def _vertices_in(self, pixels: Pixels) -> tuple[Vertices, float]:
        """In crop pixels, and the log odds."""
        vertices, logit = self._run(pixels)
        inside = vertices.reshape(-1, 3).astype(np.float64)
        # The model's coordinates are those of pixel corners; ours are those of pixel centres.
        inside[:, :2] -= 0.5
        return inside, float(logit.squeeze())


def crop_of_spot(spot: Spot) -> Crop:
    """The square around a detected face, its roll the mean of the eye line and the normal of the eyes-mouth axis."""
    left_eye, right_eye, _, left_corner, right_corner = (complex(x, y) for x, y in spot.marks.tolist())
    axis = left_corner + right_corner - left_eye - right_eye
    roll = cmath.phase(_unit(right_eye - left_eye) + _unit(axis * -1j))
    side = SPOT_MARGIN * spot.side
    down = np.array([-math.sin(roll), math.cos(roll)])
    return Crop(spot.centre + down * (side * SPOT_DROP), side, roll)


def crop_of_vertices(vertices: Vertices) -> Crop:
    flat = vertices[:, :2]
    across, down = (flat[RIGHT_EYE_CORNER] - flat[LEFT_EYE_CORNER]).tolist()
    roll = math.atan2(down, across)
    cos, sin = math.cos(roll), math.sin(roll)
    turn = np.array([[cos, sin], [-sin, cos]])
    upright = turn @ flat.T
    low, high = upright.min(axis=1), upright.max(axis=1)
    return Crop((low + high) / 2 @ turn, MESH_MARGIN * float((high - low).max()), roll)


Network = Callable[[Pixels], tuple[NDArray[np.float32], NDArray[np.float32]]]
"""256 × 256 × 3 to 478 × 3 in crop pixels and the logit of presence."""


def load_network(model: bytes) -> Network:
    return _load_litert(model) if Interpreter else load_opencv(model)


def _load_litert(model: bytes) -> Network:
    interpreter = Interpreter(model_content=model, num_threads=THREADS)
    interpreter.allocate_tensors()
    entry = interpreter.tensor(interpreter.get_input_details()[0]["index"])
    exits = {each["name"]: each["index"] for each in interpreter.get_output_details()}

    def run(pixels: Pixels) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        # Straight into the model's own memory; nothing may hold on to that while it runs.
        np.divide(pixels, np.float32(255), out=entry()[0], dtype=np.float32)
        interpreter.invoke()
        return interpreter.get_tensor(exits["Identity"]), interpreter.get_tensor(exits["Identity_1"])

    return run


def load_opencv(model: bytes) -> Network:
    net = cv2.dnn.readNetFromTFLite(np.frombuffer(model, np.uint8))

    def run(pixels: Pixels) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        net.setInput(cv2.dnn.blobFromImage(pixels, 1 / 255))
        vertices, logit = net.forward(("Identity", "Identity_1"))
        return np.asarray(vertices, np.float32), np.asarray(logit, np.float32)

    return run


def _unit(vector: complex) -> complex:
    return vector / max(abs(vector), 1e-9)
