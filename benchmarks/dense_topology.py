"""The triangles between the dense points of a face, and which points mirror each other.

    python -m benchmarks.dense_topology data/models > landmarks/core/dense.json

The faces in the bundled photos that look into the camera are turned upright and averaged. In the mean face each point
lies next to the mirror image of one other, or of itself if it is in the middle. The left half is unrolled from a
cylinder around the head and triangulated (Delaunay); its points in the middle are its edge, so that the right half is
its mirror image. A test makes the data again and compares.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.album import bundled_album
from landmarks.core.dense import IRISES
from landmarks.engines.local.detector import Detector
from landmarks.engines.local.mesh import Mesh, Vertices
from landmarks.engines.local.pose import NUMBERS, REFERENCE, fit_head
from landmarks.engines.local.pyramid import pyramid_of
from landmarks.photos.decode import read_photo
from landmarks.photos.photo import PhotoLimits

MAX_YAW, MAX_PITCH = 20.0, 25.0
"""Degrees by which a head may be turned."""
MIN_SIDE, MIN_PRESENCE = 60.0, 14.0
"""Pixels, and log odds of a clear face."""
AXIS = 0.9
"""Where the cylinder's axis is: behind the origin of the reference head, in inter-ocular distances."""
FIRST_IRIS = IRISES[0][0] - 1
SCALE, MARGIN = 1000, 2000
"""To the plane on which OpenCV triangulates, whose coordinates have single precision."""
LIMITS = PhotoLimits(10**8, 10**8)

Numbers = NDArray[np.int_]


def main(arguments: Sequence[str]) -> None:
    """The argument is the folder of the model files."""
    mean = mean_head(Path(arguments[0]))
    mirrored = mirrored_points(mean)
    pairs = [[left, right] for left, right in enumerate(mirrored.tolist()) if left < right]
    data = {"pairs": pairs, "triangles": half_triangles(mean, mirrored)}
    rows = (f'  "{name}": {json.dumps(value, separators=(",", ":"))}' for name, value in data.items())
    sys.stdout.write("{\n" + ",\n".join(rows) + "\n}\n")


def mean_head(models_dir: Path) -> Vertices:
    """478 × 3: the mean in the frame of the reference head of the engine's pose."""
    return np.asarray(np.mean(list(straight_heads(models_dir)), axis=0))


def straight_heads(models_dir: Path) -> Iterator[Vertices]:
    detector, mesh = Detector(models_dir), Mesh(models_dir)
    for path in bundled_album().paths:
        photo = pyramid_of(read_photo(path.read_bytes(), LIMITS))
        for detection in detector.search(photo).found:
            result = mesh.run(photo, detection)
            head = fit_head(result.vertices)
            is_straight = abs(head.pose.yaw) < MAX_YAW and abs(head.pose.pitch) < MAX_PITCH
            if is_straight and detection.side >= MIN_SIDE and result.presence >= MIN_PRESENCE:
                centred = result.vertices - result.vertices[NUMBERS].mean(axis=0)
                yield centred @ head.turn / head.scale + REFERENCE.mean(axis=0)


def mirrored_points(mean: Vertices) -> Numbers:
    """For each point the number of the one that its mirror image lies next to."""
    apart = np.linalg.norm((mean * [-1, 1, 1])[:, np.newaxis] - mean, axis=2)
    return np.asarray(apart.argmin(axis=1))


def half_triangles(mean: Vertices, mirrored: Numbers) -> list[list[int]]:
    """Of the half that is left in the photo, each clockwise as seen there."""
    symmetrical = (mean + (mean * [-1, 1, 1])[mirrored]) / 2
    half = [number for number in range(FIRST_IRIS) if symmetrical[number, 0] <= 0]
    x, y, z = symmetrical.T
    unrolled = (np.column_stack([np.arctan2(x, AXIS - z), y]) * SCALE + MARGIN).astype(np.float32)
    numbers = {tuple(unrolled[number].tolist()): number for number in half}
    plane = cv2.Subdiv2D((0, 0, 2 * MARGIN, 2 * MARGIN))
    plane.insert(unrolled[half].tolist())
    corners = np.asarray(plane.getTriangleList()).reshape(-1, 3, 2).tolist()
    found = ([numbers.get((x, y), -1) for x, y in triangle] for triangle in corners)
    # The others have a corner of the plane.
    return sorted(clockwise(each, unrolled) for each in found if min(each) >= 0)


def clockwise(triangle: list[int], plane: NDArray[np.float32]) -> list[int]:
    """The triangle from its lowest number on."""
    (ax, ay), (bx, by), (cx, cy) = plane[triangle].tolist()
    first, second, third = triangle if (bx - ax) * (cy - ay) > (by - ay) * (cx - ax) else triangle[::-1]
    start = [first, second, third].index(min(triangle))
    return [*[first, second, third][start:], *[first, second, third][:start]]


if __name__ == "__main__":
    main(sys.argv[1:])
