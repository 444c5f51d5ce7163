"""Other programs that find points in faces: MediaPipe's FaceLandmarker and dlib."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy import ANCHORS, Points, flat, unknown_face
from benchmarks.machine import package_version
from landmarks.core.schema import POINT_COUNT
from landmarks.core.schemes import COUNTERPARTS
from landmarks.engines.local import model_files

Pixels = NDArray[np.uint8]
"""Rows, columns, RGB."""

MEDIAPIPE_INSTALL = (
    "In an environment of its own, since its OpenCV would overwrite ours: `pip install --no-deps mediapipe`, then "
    "`pip install absl-py sounddevice matplotlib`."
)
DLIB_INSTALL = "`pip install dlib-bin face_recognition_models`; the package dlib instead is built from source."
DISTRIBUTIONS = {"mediapipe": ("mediapipe",), "dlib": ("dlib-bin", "dlib")}
"""By module, the packages that have it."""
SHAPE_PREDICTOR = "shape_predictor_68_face_landmarks.dat"
VERTEX_COUNT = 478


class Peer(Protocol):
    def find(self, pixels: Pixels) -> list[Points]:
        """90 × 2 points of each face; NaN where the peer has no point of that meaning."""

    def close(self) -> None: ...


class FaceLandmarker:
    """MediaPipe's, with the model file of the embedded engine."""

    def __init__(self, models_dir: Path, max_faces: int) -> None:
        self._mediapipe = import_module("mediapipe")
        tasks = self._mediapipe.tasks
        model = model_files.read(model_files.MESH, models_dir)
        options = tasks.vision.FaceLandmarkerOptions(
            base_options=tasks.BaseOptions(model_asset_buffer=model), num_faces=max_faces
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
    """HOG detector and 68 points, on a picture whose size is doubled so many times."""

    def __init__(self, predictor: Path, doublings: int) -> None:
        dlib: Any = import_module("dlib")
        self._detect = dlib.get_frontal_face_detector()
        self._predict = dlib.shape_predictor(str(predictor))
        self._doublings = doublings

    def find(self, pixels: Pixels) -> list[Points]:
        pixels = np.ascontiguousarray(pixels)
        return [_from_68(self._predict(pixels, box)) for box in self._detect(pixels, self._doublings)]

    def close(self) -> None:
        """Nothing but memory is held."""


def _vertices_to_points() -> Points:
    """90 × 478 weights: the vertices that mean the same as each point, without any fitting."""
    matrix = np.zeros((POINT_COUNT, VERTEX_COUNT))
    for point, counterparts in COUNTERPARTS.items():
        if counterpart := counterparts["mediapipe"]:
            for vertex, weight in counterpart.blend:
                matrix[flat(*point), vertex] = weight
    return matrix


VERTICES_TO_POINTS = _vertices_to_points()


def _to_pixels(vertices: Any, width: int, height: int) -> Points:
    # Vertices are fractions of the picture from its edge; whole numbers of ours are the centres of pixels.
    return np.array([[vertex.x * width, vertex.y * height] for vertex in vertices]) - 0.5


def _from_68(shape: Any) -> Points:
    """Only the points with an exact counterpart; the others are defined differently."""
    face = unknown_face()
    for here, number in zip(*ANCHORS["ibug68"], strict=True):
        face[here] = shape.part(int(number)).x, shape.part(int(number)).y
    return face


MakePeer = Callable[[int], Peer]
"""Makes a peer ready for photos with at most so many faces."""


def installed_peers(models_dir: Path) -> dict[str, MakePeer]:
    """Those that can be imported here. dlib's own example enlarges the photo, which is slower and finds more."""
    peers: dict[str, MakePeer] = {}
    if find_spec("mediapipe"):
        peers["mediapipe"] = lambda max_faces: FaceLandmarker(models_dir, max_faces)
    predictor = find_predictor(models_dir)
    if find_spec("dlib") and predictor:
        peers["dlib"] = lambda max_faces: Dlib(predictor, 0)
        peers["dlib_enlarged"] = lambda max_faces: Dlib(predictor, 1)
    return peers


def peer_version(module: str) -> str | None:
    return next(filter(None, map(package_version, DISTRIBUTIONS[module])), None)


def missing_peers(models_dir: Path) -> list[str]:
    """For each peer that cannot run here, a sentence on how to install it."""
    missing = []
    if not find_spec("mediapipe"):
        missing.append(f"mediapipe is not installed. {MEDIAPIPE_INSTALL}")
    if not find_spec("dlib"):
        missing.append(f"dlib is not installed. {DLIB_INSTALL}")
    elif not find_predictor(models_dir):
        missing.append(
            f"dlib's 68 points are missing. Run `pip install face_recognition_models`, or put {SHAPE_PREDICTOR} "
            f"into {models_dir}."
        )
    return missing


def find_predictor(models_dir: Path) -> Path | None:
    """dlib's 68 points: beside our model files or in the package face_recognition_models, which is not imported."""
    folders = [models_dir]
    package = find_spec("face_recognition_models")
    if package and package.origin:
        folders.append(Path(package.origin).parent / "models")
    return next((folder / SHAPE_PREDICTOR for folder in folders if (folder / SHAPE_PREDICTOR).is_file()), None)
