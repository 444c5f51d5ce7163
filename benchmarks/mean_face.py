"""The face of the atlas: the mean of the faces in the bundled photos that look into the camera, made symmetrical.

    python -m benchmarks.mean_face data/models > landmarks/drawing/mean-face.json

Each face is moved so that its outer eye corners are level, 1 apart and around 0, 0; then all are averaged, and the mean
with its own mirror image. A test makes it again and compares.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks.accuracy import Points
from benchmarks.album import bundled_album
from landmarks.core.faces import Face
from landmarks.core.finding import Options
from landmarks.core.schema import REGIONS, SPANS
from landmarks.engines.local.engine import LocalEngine
from landmarks.engines.local.keypoints import flip_points
from landmarks.photos.decode import read_photo
from landmarks.photos.photo import PhotoLimits

MAX_ANGLE = 12.0
"""Degrees by which a head may be turned, or tilted up or down."""
MIN_WIDTH = 60.0
"""Pixels; the points of smaller faces are too coarse."""
LEFT_CORNER, RIGHT_CORNER = SPANS["left_eye"].start, SPANS["right_eye"].start
LIMITS = PhotoLimits(10**8, 10**8)


def main(arguments: Sequence[str]) -> None:
    """The argument is the folder of the model files."""
    mean = mean_face(LocalEngine(Path(arguments[0])))
    rows = (f'  "{region.name}": {json.dumps(mean[SPANS[region.name]].tolist())}' for region in REGIONS)
    sys.stdout.write("{\n" + ",\n".join(rows) + "\n}\n")


def mean_face(engine: LocalEngine) -> Points:
    mean = np.mean([normalised(face) for face in straight_faces(engine)], axis=0)
    return symmetrical(mean).round(4) + 0.0


def straight_faces(engine: LocalEngine) -> Iterator[Face]:
    for path in bundled_album().paths:
        photo = read_photo(path.read_bytes(), LIMITS)
        for face in engine.find(photo, Options(max_faces=100)).faces:
            pose = face.pose
            is_straight = pose is not None and abs(pose.yaw) < MAX_ANGLE and abs(pose.pitch) < MAX_ANGLE
            if is_straight and face.box.width >= MIN_WIDTH and not face.guessed:
                yield face


def normalised(face: Face) -> Points:
    """The points with the outer eye corners at (-0.5, 0) and (0.5, 0)."""
    flat = np.array(face.points) @ [1, 1j]
    left, right = flat[LEFT_CORNER], flat[RIGHT_CORNER]
    placed = (flat - (left + right) / 2) / (right - left)
    return np.column_stack([placed.real, placed.imag])


def symmetrical(points: Points) -> Points:
    return (points + flip_points(points)) / 2


if __name__ == "__main__":
    main(sys.argv[1:])
