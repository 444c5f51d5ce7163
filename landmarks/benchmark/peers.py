"""Other programs that find points in faces, where they happen to be installed: MediaPipe's FaceLandmarker and dlib."""

from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from landmarks.benchmark.accuracy import ANCHORS, Points, flat, unknown_face
from landmarks.correspondence import COUNTERPARTS
from landmarks.engines.local import weights
from landmarks.schema import POINT_COUNT

Pixels = NDArray[np.uint8]
"""Rows, columns, RGB."""

SHAPE_PREDICTOR = "shape_predictor_68_face_landmarks.dat"
MOST_FACES = 100
VERTEX_COUNT = 478


class Peer(Protocol):
    label: str

    def find(self, pixels: Pixels) -> list[Points]:
        """90 × 2 points of each face; NaN where the peer has no point of that meaning."""

    def close(self) -> None: ...


class FaceLandmarker:
    """MediaPipe's, from the very model file that the embedded engine reads."""

    def __init__(self, models_dir: Path, most_faces: int = MOST_FACES) -> None:
        self._mediapipe = import_module("mediapipe")
        self.label = f"MediaPipe FaceLandmarker {version('mediapipe')}"
        tasks = self._mediapipe.tasks
        model = weights.read_weights(weights.MESH, models_dir)
        options = tasks.vision.FaceLandmarkerOptions(
            base_options=tasks.BaseOptions(model_asset_buffer=model), num_faces=most_faces
        )
        self._landmarker = tasks.vision.FaceLandmarker.create_from_options(options)

    def find(self, pixels: Pixels) -> list[Points]:
        image = self._mediapipe.Image(image_format=self._mediapipe.ImageFormat.SRGB, data=np.ascontiguousarray(pixels))
        height, width = pixels.shape[:2]
        found = self._landmarker.detect(image).face_landmarks
        return [VERTICES_TO_POINTS @ _to_pixels(vertices, width, height) for vertices in found]

    def close(self) -> None:
        self._landmarker.close()


class Dlib:
    """HOG detector and 68 points, in a picture that was enlarged to twice its size so many times."""

    def __init__(self, predictor: Path, doublings: int) -> None:
        dlib: Any = import_module("dlib")
        self.label = f"dlib {version('dlib')} HOG + 68{', enlarged' if doublings else ''}"
        self._detect = dlib.get_frontal_face_detector()
        self._place = dlib.shape_predictor(str(predictor))
        self._doublings = doublings

    def find(self, pixels: Pixels) -> list[Points]:
        pixels = np.ascontiguousarray(pixels)
        return [_from_68(self._place(pixels, box)) for box in self._detect(pixels, self._doublings)]

    def close(self) -> None:
        """It holds nothing but memory."""


def _vertices_to_points() -> Points:
    """90 × 478; which vertices lie where each point does, by the meaning of both, without any fitting."""
    matrix = np.zeros((POINT_COUNT, VERTEX_COUNT))
    for point, counterparts in COUNTERPARTS.items():
        if counterpart := counterparts["mediapipe"]:
            for vertex, weight in counterpart.blend:
                matrix[flat(*point), vertex] = weight
    return matrix


VERTICES_TO_POINTS = _vertices_to_points()


def _to_pixels(vertices: Any, width: int, height: int) -> Points:
    # They are told in shares of the picture from its edge; whole numbers of ours are the middles of pixels.
    return np.array([[vertex.x * width, vertex.y * height] for vertex in vertices]) - 0.5


def _from_68(shape: Any) -> Points:
    """Only the points with an exact counterpart are taken over; between the others lie habits of annotators."""
    face = unknown_face()
    for here, number in zip(*ANCHORS["ibug68"], strict=True):
        face[here] = shape.part(int(number)).x, shape.part(int(number)).y
    return face


Make = Callable[[int], Peer]
"""A peer made ready for photos with at most so many faces."""


def installed_peers(models_dir: Path) -> dict[str, Make]:
    """Those that can be imported here. dlib's own example enlarges, which takes four times as long and finds more."""
    peers: dict[str, Make] = {}
    if find_spec("mediapipe"):
        peers["mediapipe"] = lambda most_faces: FaceLandmarker(models_dir, most_faces)
    predictor = find_predictor(models_dir)
    if find_spec("dlib") and predictor:
        peers["dlib"] = lambda most_faces: Dlib(predictor, 0)
        peers["dlib_enlarged"] = lambda most_faces: Dlib(predictor, 1)
    return peers


def find_predictor(models_dir: Path) -> Path | None:
    """dlib's 68 points lie beside our model files or in the package face_recognition_models, which is not imported."""
    folders = [models_dir]
    carrier = find_spec("face_recognition_models")
    if carrier and carrier.origin:
        folders.append(Path(carrier.origin).parent / "models")
    return next((folder / SHAPE_PREDICTOR for folder in folders if (folder / SHAPE_PREDICTOR).is_file()), None)
