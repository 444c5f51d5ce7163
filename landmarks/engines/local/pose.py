"""Which way a head is turned: a rigid reference head fitted to the vertices of a face.

The reference is the mean of 150 faces (50 photos) and their mirror images, aligned by position, size and rotation
(generalised Procrustes analysis). Of its 478 vertices 43 are used, which expressions hardly move and which are spread
over nose, cheeks and eye sockets. Its unit is the inter-ocular distance, its origin lies between the outer eye corners;
x is to the right of the picture, y down, z away from the camera. In a head without pitch the line from the top of the
forehead (vertex 10) to the chin (152) is parallel to the picture.
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
"""Vertices in pairs: number left and right in the picture, x of the right one, y and z of both."""
# fmt: on
NUMBERS = np.array([number for number, *_ in MIDDLE] + [number for pair in PAIRS for number in pair[:2]])
REFERENCE = np.array(
    [(0.0, y, z) for _, y, z in MIDDLE] + [(side * x, y, z) for _, _, x, y, z in PAIRS for side in (-1, 1)]
)
CENTRED = REFERENCE - REFERENCE.mean(axis=0)
SQUARES = float((CENTRED**2).sum())


@dataclass(frozen=True)
class Head:
    """The reference head fitted to a face."""

    turn: NDArray[np.float64]
    """3 × 3, a rotation matrix."""
    scale: float
    """Inter-ocular distance in pixels, if the face were turned to the camera."""

    @cached_property
    def pose(self) -> Pose:
        """The rotation as pitch, then yaw, then roll, in degrees."""
        first, second, third = self.turn.tolist()
        yaw = math.asin(min(max(third[0], -1), 1))
        pitch = math.atan2(-third[1], third[2])
        roll = math.atan2(second[0], first[0])
        return Pose(*(round(math.degrees(angle), 1) for angle in (yaw, pitch, roll)))


def fit_head(vertices: Vertices) -> Head:
    """Rotation and size by least squares (Umeyama 1991), from 478 × 3 vertices."""
    # It is enough that one of the two sets is centred.
    strength, left, right = cv2.SVDecomp(vertices[NUMBERS].T @ CENTRED)
    signs = np.array([1.0, 1.0, math.copysign(1.0, cv2.determinant(left @ right))])
    return Head(left * signs @ right, float(strength[:, 0] @ signs) / SQUARES)
