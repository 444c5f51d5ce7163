"""Which way a head is turned: a rigid reference head laid onto the vertices of a face.

The reference is the mean of 150 faces (50 photos) and their mirror images, laid on top of one another by position,
size and turn until nothing moved. Of its 478 vertices 43 are used that expressions hardly move and that are spread over
nose, cheeks and eye sockets. Unit: its inter-ocular distance; origin between the outer eye corners; x to the right of
the picture, y down, z away from the camera. Upright means that the line from the top of the forehead (vertex 10) to the
chin (152) is parallel to the picture.
"""

import math
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from landmarks.core.faces import Pose
from landmarks.engines.local.mesh import Vertices

# fmt: off
MIDDLE = (
    (1, 0.392, -0.516), (8, -0.139, -0.244), (197, 0.101, -0.366), (164, 0.536, -0.330), (5, 0.236, -0.499),
)
"""Vertices in the plane of symmetry: number, y, z."""
PAIRS = (
    (47, 277, 0.201, 0.177, -0.182), (226, 446, 0.584, 0.021, 0.040), (206, 426, 0.366, 0.515, -0.175),
    (50, 280, 0.558, 0.348, -0.093), (75, 305, 0.146, 0.437, -0.301), (133, 362, 0.199, 0.013, -0.059),
    (230, 450, 0.366, 0.123, -0.089), (134, 363, 0.118, 0.267, -0.438), (36, 266, 0.348, 0.352, -0.182),
    (117, 346, 0.593, 0.176, -0.010), (188, 412, 0.106, 0.086, -0.237), (209, 429, 0.193, 0.292, -0.259),
    (239, 459, 0.105, 0.400, -0.443), (205, 425, 0.464, 0.438, -0.158), (129, 358, 0.231, 0.384, -0.204),
    (118, 347, 0.507, 0.197, -0.075), (101, 330, 0.392, 0.263, -0.144), (3, 248, 0.057, 0.177, -0.408),
    (141, 370, 0.027, 0.459, -0.391),
)
"""Vertices in pairs: number on the left and on the right of the picture, x of the right one, y and z of both."""
# fmt: on
NUMBERS = np.array([number for number, *_ in MIDDLE] + [number for pair in PAIRS for number in pair[:2]])
REFERENCE = np.array(
    [(0.0, y, z) for _, y, z in MIDDLE] + [(side * x, y, z) for _, _, x, y, z in PAIRS for side in (-1, 1)]
)
CENTRED = REFERENCE - REFERENCE.mean(axis=0)
SQUARES = float((CENTRED**2).sum())


@dataclass(frozen=True)
class Head:
    """How the reference head lies on a face: turned (3 × 3), then enlarged."""

    turn: NDArray[np.float64]
    scale: float
    """Pixels that the inter-ocular distance would have if the face looked into the camera."""

    @cached_property
    def pose(self) -> Pose:
        """The turn as roll after yaw after pitch, in degrees."""
        first, second, third = self.turn.tolist()
        yaw = math.asin(min(max(third[0], -1), 1))
        pitch = math.atan2(-third[1], third[2])
        roll = math.atan2(second[0], first[0])
        return Pose(*(round(math.degrees(angle), 1) for angle in (yaw, pitch, roll)))


def fit_head(vertices: Vertices) -> Head:
    """Turn and size by least squares (Umeyama 1991)."""
    # One of the two being centred is enough.
    strength, left, right = cv2.SVDecomp(vertices[NUMBERS].T @ CENTRED)
    signs = np.array([1.0, 1.0, math.copysign(1.0, cv2.determinant(left @ right))])
    return Head(left * signs @ right, float(strength[:, 0] @ signs) / SQUARES)
