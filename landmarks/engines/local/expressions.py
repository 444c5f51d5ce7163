"""Scores of facial expressions by their ARKit names, from the blendshapes model in the same file as the mesh."""

import io
import math
import zipfile
from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from landmarks.engines.local import model_files
from landmarks.engines.local.mesh import Vertices
from landmarks.engines.local.pose import Head
from landmarks.runtime.native_output import without_infos

try:
    from ai_edge_litert.interpreter import Interpreter
except ImportError:  # as for the mesh: OpenCV computes the same scores, in 1.7 ms a face instead of 0.5
    Interpreter = None

MEMBER = "face_blendshapes.tflite"
MIN_DISTANCE = 24
"""Inter-ocular distance in pixels below which scores of the same face scatter."""

# fmt: off
INPUT_VERTICES = np.array((
    0, 1, 4, 5, 6, 7, 8, 10, 13, 14, 17, 21, 33, 37, 39, 40, 46, 52, 53, 54, 55, 58, 61, 63, 65, 66, 67, 70, 78, 80, 81,
    82, 84, 87, 88, 91, 93, 95, 103, 105, 107, 109, 127, 132, 133, 136, 144, 145, 146, 148, 149, 150, 152, 153, 154,
    155, 157, 158, 159, 160, 161, 162, 163, 168, 172, 173, 176, 178, 181, 185, 191, 195, 197, 234, 246, 249, 251, 263,
    267, 269, 270, 276, 282, 283, 284, 285, 288, 291, 293, 295, 296, 297, 300, 308, 310, 311, 312, 314, 317, 318, 321,
    323, 324, 332, 334, 336, 338, 356, 361, 362, 365, 373, 374, 375, 377, 378, 379, 380, 381, 382, 384, 385, 386, 387,
    388, 389, 390, 397, 398, 400, 402, 405, 409, 415, 454, 466, 468, 469, 470, 471, 472, 473, 474, 475, 476, 477,
))
"""The 146 vertices that the model takes, in its order (MediaPipe, face_blendshapes_graph)."""
# fmt: on
SCORE_INDICES = {
    "browDownLeft": 1,
    "browDownRight": 2,
    "browInnerUp": 3,
    "browOuterUpLeft": 4,
    "browOuterUpRight": 5,
    "eyeBlinkLeft": 9,
    "eyeBlinkRight": 10,
    "eyeLookDownLeft": 11,
    "eyeLookDownRight": 12,
    "eyeLookInLeft": 13,
    "eyeLookInRight": 14,
    "eyeLookOutLeft": 15,
    "eyeLookOutRight": 16,
    "eyeLookUpLeft": 17,
    "eyeLookUpRight": 18,
    "eyeSquintLeft": 19,
    "eyeSquintRight": 20,
    "eyeWideLeft": 21,
    "eyeWideRight": 22,
    "jawOpen": 25,
    "mouthClose": 27,
    "mouthLowerDownLeft": 34,
    "mouthLowerDownRight": 35,
    "mouthPressLeft": 36,
    "mouthPressRight": 37,
    "mouthPucker": 38,
    "mouthRollLower": 40,
    "mouthRollUpper": 41,
    "mouthShrugLower": 42,
    "mouthSmileLeft": 44,
    "mouthSmileRight": 45,
    "mouthStretchLeft": 46,
    "mouthStretchRight": 47,
    "mouthUpperUpLeft": 48,
    "mouthUpperUpRight": 49,
}
"""The index, among the model's 52 scores, of those that are reliable; docs/engine.md says why the others are dropped.

Left and right are those of the person, as ARKit names them, and not sides of the image.
"""

Scores = dict[str, float | None]
"""By name; None for one whose part of the face is covered."""

Network = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""1 × 146 × 2, x and y in any unit, to 52 scores of 0 to 1."""


class Expressions:
    """The blendshapes model, loaded when first used; one thread at a time, since it keeps state."""

    def __init__(self, models_dir: Path) -> None:
        self._models_dir = models_dir

    def scores(self, vertices: Vertices, head: Head) -> dict[str, float] | None:
        """Scores of 0 to 1 by name; None for a face that is too small."""
        if head.scale < MIN_DISTANCE:
            return None
        # The model was trained on upright faces: a tilt of 30 degrees would change its scores by 0.07.
        roll = math.radians(head.pose.roll)
        cos, sin = math.cos(roll), math.sin(roll)
        upright = vertices[INPUT_VERTICES, :2] @ np.array([[cos, -sin], [sin, cos]])
        scores = self._run(upright[np.newaxis].astype(np.float32)).tolist()
        return {name: round(scores[index], 3) for name, index in SCORE_INDICES.items()}

    @cached_property
    def _run(self) -> Network:
        task = model_files.read(model_files.MESH, self._models_dir)
        with zipfile.ZipFile(io.BytesIO(task)) as archive:
            model = archive.read(MEMBER)
        return _load_litert(model) if Interpreter else load_opencv(model)


def without_covered(scores: Mapping[str, float], covered: Collection[str]) -> Scores:
    """The scores without those of covered regions."""
    return {name: None if regions_of(name).intersection(covered) else score for name, score in scores.items()}


def regions_of(name: str) -> set[str]:
    """The regions in which an expression shows. The person's left is on the right of the picture."""
    if not name.startswith(("brow", "eye")):
        return {"mouth"}
    part = "eye_brow" if name.startswith("brow") else "eye"
    if name.endswith("Left"):
        return {f"right_{part}"}
    return {f"left_{part}"} if name.endswith("Right") else {f"left_{part}", f"right_{part}"}


def _load_litert(model: bytes) -> Network:
    with without_infos():
        interpreter = Interpreter(model_content=model, num_threads=1)
        interpreter.allocate_tensors()
    model_input = interpreter.get_input_details()[0]["index"]
    output = interpreter.get_output_details()[0]["index"]

    def run(points: NDArray[np.float32]) -> NDArray[np.float32]:
        interpreter.set_tensor(model_input, points)
        interpreter.invoke()
        return np.asarray(interpreter.get_tensor(output), np.float32).ravel()

    return run


def load_opencv(model: bytes) -> Network:
    net = cv2.dnn.readNetFromTFLite(np.frombuffer(model, np.uint8))

    def run(points: NDArray[np.float32]) -> NDArray[np.float32]:
        net.setInput(points)
        return np.asarray(net.forward(), np.float32).ravel()

    return run
