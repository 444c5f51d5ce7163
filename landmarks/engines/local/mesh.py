"""The 478 vertices of a face in a square crop: Face Mesh V2."""

import cmath
import io
import math
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from landmarks.core.pixels import PIXEL_CENTRE, Point, Transform
from landmarks.engines.local import model_files
from landmarks.engines.local.arrays import Pixels, map_points
from landmarks.engines.local.detector import Detection
from landmarks.engines.local.inner_output import with_output
from landmarks.engines.local.pyramid import Pyramid
from landmarks.engines.local.threads import mesh_threads
from landmarks.runtime.native_output import without_infos

try:
    from ai_edge_litert.interpreter import Interpreter
except ImportError:  # no wheel for this platform: OpenCV reads the same file, in 11 ms a face instead of 5.4
    Interpreter = None

Vertices = NDArray[np.float64]
"""478 × 3 in photo pixels: x, y, and the depth in the same scale, smaller being closer to the camera."""
Features = NDArray[np.float32]
"""8 × 8 × 128: what the model sees at each place of the crop, row by row."""

SIDE = 256
"""Side of the crop that the model takes, in pixels."""
MEMBER = "face_landmarks_detector.tflite"
LEFT_EYE_CORNER, RIGHT_EYE_CORNER = 33, 263
INNER = 408
"""The tensor with the last features of 8 × 8 places in the crop; it tells what is seen there, also whether that is a
face (covered.py)."""
INNER_LAYER = "model_5/model_4/model_3/p_re_lu_174/add"
"""How the name of its layer begins."""
CENTRE = (SIDE - 1) / 2
"""Of the crop, along each side."""
DETECTION_MARGIN, DETECTION_DROP = 1.26, 0.043
"""The first crop is this much larger than the detection and this much lower (of its side), towards the chin."""
MARKS_MARGIN = 2.5
"""Side of the first crop around a face that the edge cuts, whose box ends there: that of the detector's five marks, in
diagonals of the rectangle that is as wide as the eyes are apart and as high as they are above the mouth. On 159 whole
faces it differs from that of the mesh by 5 % (standard deviation), by the box it does by 4 %."""
NEAR_EDGE, AT_EDGE = -0.1, -0.05
"""Overhangs between which the crop gradually changes from box to marks, so that no point jumps."""
MESH_MARGIN = 1.4
MAX_SHIFT, MAX_GROWTH, MAX_TILT = 0.08, 0.16, 0.2
"""The model runs again if its result would move the crop by more (of its side; of its side; radians)."""

WRONG_WAY = math.pi / 4
"""Radians between the ways up by the detector's marks and by the mesh from which one of them is wrong."""


@dataclass(frozen=True)
class Crop:
    """A square of the photo, turned so that the face in it is upright."""

    centre: Point
    side: float
    """Pixels of the photo."""
    roll: float
    """Radians, clockwise."""

    def to_crop(self) -> Transform:
        """From photo pixels to crop pixels."""
        return Transform.align(self.centre, (CENTRE, CENTRE), scale=SIDE / self.side, roll=self.roll)

    def to_photo(self, vertices: Vertices) -> Vertices:
        """From crop pixels to photo pixels, depth included."""
        return _map_vertices(self.to_crop().inverse(), vertices, self.side / SIDE)

    def is_near(self, other: "Crop") -> bool:
        shift = math.dist(self.centre, other.centre) / self.side
        is_as_large = abs(other.side / self.side - 1) <= MAX_GROWTH
        return shift <= MAX_SHIFT and is_as_large and self.angle_to(other) <= MAX_TILT

    def angle_to(self, other: "Crop") -> float:
        """Radians between the ways up of both, 0 to π."""
        return abs((self.roll - other.roll + math.pi) % (2 * math.pi) - math.pi)


@dataclass(frozen=True)
class MeshResult:
    """The vertices of a face in a crop, and the log odds that there is one."""

    vertices: Vertices
    presence: float
    crop: Crop
    features: Features

    @cached_property
    def is_upright_in_crop(self) -> bool:
        """Whether the vertices agree with the crop which way is up."""
        return self.crop.angle_to(crop_of_vertices(self.vertices)) < WRONG_WAY


class Mesh:
    """Face Mesh V2 (Apache-2.0, MediaPipe); one thread at a time, since it keeps state."""

    def __init__(self, models_dir: Path) -> None:
        task = model_files.read(model_files.MESH, models_dir)
        with zipfile.ZipFile(io.BytesIO(task)) as archive:
            self._network = load_network(archive.read(MEMBER))

    def run(self, photo: Pyramid, detection: Detection) -> MeshResult:
        """Run on the crop around a detection, and again if the result shows that the crop was off."""
        first = crop_of_detection(detection)
        result = self._run_in(photo, first)
        second = crop_of_vertices(result.vertices)
        if first.is_near(second):
            return result
        # The detector knows better which way is up.
        return self._run_in(photo, second if first.angle_to(second) < WRONG_WAY else replace(second, roll=first.roll))

    def presence_at_edge(self, photo: Pyramid, detection: Detection) -> float:
        """The log odds of a face cut by the edge of the photo, its missing half being completed by its mirror image."""
        return self._run_on(photo.crop(crop_of_detection(detection).to_crop(), SIDE, cv2.BORDER_REFLECT))[1]

    def run_flipped(self, photo: Pyramid, crop: Crop) -> Vertices:
        """The vertices in the flipped crop, in pixels of the photo flipped about x = 0."""
        inside, _, _ = self._run_on(np.ascontiguousarray(photo.crop(crop.to_crop(), SIDE)[:, ::-1]))
        to_photo = Transform.flip(SIDE).then(crop.to_crop().inverse())
        return _map_vertices(to_photo.then(FLIP), inside, crop.side / SIDE)

    def _run_in(self, photo: Pyramid, crop: Crop) -> MeshResult:
        inside, presence, features = self._run_on(photo.crop(crop.to_crop(), SIDE))
        return MeshResult(crop.to_photo(inside), presence, crop, features)

    def _run_on(self, pixels: Pixels) -> tuple[Vertices, float, Features]:
        """Vertices in crop pixels, the log odds and the features."""
        vertices, logit, features = self._network(pixels)
        inside = vertices.reshape(-1, 3).astype(np.float64)
        # The model counts from the corner of the first pixel, we count from its centre.
        inside[:, :2] -= PIXEL_CENTRE
        return inside, float(logit.squeeze()), features


FLIP = Transform.flip(width=1)
"""About x = 0, so that x changes its sign and nothing else."""


def _map_vertices(transform: Transform, vertices: Vertices, scale: float) -> Vertices:
    return np.column_stack([map_points(transform, vertices[:, :2]), vertices[:, 2] * scale])


def crop_of_detection(detection: Detection) -> Crop:
    """The square around a detection; its roll is the mean of the eye line and the normal of the eyes-mouth axis."""
    left_eye, right_eye, _, left_corner, right_corner = (complex(x, y) for x, y in detection.keypoints)
    across, down = right_eye - left_eye, (left_corner + right_corner - left_eye - right_eye) / 2
    roll = cmath.phase(_unit(across) + _unit(down * -1j))
    side = DETECTION_MARGIN * detection.side
    centre = complex(*detection.box.centre) + 1j * cmath.rect(side * DETECTION_DROP, roll)
    by_marks = min(max((detection.overhang - NEAR_EDGE) / (AT_EDGE - NEAR_EDGE), 0.0), 1.0)
    if by_marks:
        side += by_marks * (MARKS_MARGIN * math.hypot(abs(across), abs(down)) - side)
        centre += by_marks * ((left_eye + right_eye + down) / 2 - centre)
    return Crop((centre.real, centre.imag), side, roll)


def crop_of_vertices(vertices: Vertices) -> Crop:
    """The square around the vertices, with a margin, upright by the line between the outer eye corners."""
    flat = vertices[:, :2]
    across, down = (flat[RIGHT_EYE_CORNER] - flat[LEFT_EYE_CORNER]).tolist()
    roll = math.atan2(down, across)
    cos, sin = math.cos(roll), math.sin(roll)
    turn = np.array([[cos, sin], [-sin, cos]])
    upright = turn @ flat.T
    low, high = upright.min(axis=1), upright.max(axis=1)
    x, y = ((low + high) / 2 @ turn).tolist()
    return Crop((x, y), MESH_MARGIN * float((high - low).max()), roll)


Network = Callable[[Pixels], tuple[NDArray[np.float32], NDArray[np.float32], Features]]
"""256 × 256 × 3, RGB, to 478 × 3 in crop pixels, the log odds of presence and the features."""


def load_network(model: bytes) -> Network:
    return _load_litert(model) if Interpreter else load_opencv(model)


def _load_litert(model: bytes) -> Network:
    with without_infos():
        interpreter = Interpreter(model_content=with_output(model, INNER), num_threads=mesh_threads())
        interpreter.allocate_tensors()
    model_input = interpreter.tensor(interpreter.get_input_details()[0]["index"])
    outputs = {each["name"]: each["index"] for each in interpreter.get_output_details()}

    def run(pixels: Pixels) -> tuple[NDArray[np.float32], NDArray[np.float32], Features]:
        # Straight into the model's own memory, to which nothing may keep a reference while it runs.
        np.divide(pixels, np.float32(255), out=model_input()[0], dtype=np.float32)
        interpreter.invoke()
        vertices, logit = (interpreter.get_tensor(outputs[name]) for name in ("Identity", "Identity_1"))
        return vertices, logit, np.asarray(interpreter.get_tensor(INNER)[0])

    return run


def load_opencv(model: bytes) -> Network:
    net = cv2.dnn.readNetFromTFLite(np.frombuffer(model, np.uint8))
    inner = next(name for name in net.getLayerNames() if name.startswith(INNER_LAYER))

    def run(pixels: Pixels) -> tuple[NDArray[np.float32], NDArray[np.float32], Features]:
        net.setInput(cv2.dnn.blobFromImage(pixels, 1 / 255))
        vertices, logit, features = net.forward(("Identity", "Identity_1", inner))
        return (
            np.asarray(vertices, np.float32),
            np.asarray(logit, np.float32),
            np.asarray(features[0].transpose(1, 2, 0), np.float32),
        )

    return run


def _unit(vector: complex) -> complex:
    return vector / max(abs(vector), 1e-9)
