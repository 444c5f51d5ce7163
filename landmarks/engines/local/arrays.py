"""Pictures and points as arrays, and transforms applied to them."""

import numpy as np
from numpy.typing import NDArray

from landmarks.core.pixels import Transform

Pixels = NDArray[np.uint8]
"""height × width × 3, RGB."""
Points = NDArray[np.float64]
"""n × 2, x and y; whole numbers are pixel centres."""


def matrix_of(transform: Transform) -> NDArray[np.float64]:
    """2 × 3, as OpenCV takes it."""
    return np.array(transform.rows())


def map_points(transform: Transform, points: Points) -> Points:
    """The points, n × 2, in the picture that the transform leads to."""
    matrix = matrix_of(transform)
    return np.asarray(points @ matrix[:, :2].T + matrix[:, 2])
