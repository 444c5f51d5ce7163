"""The diameters of the irises, by which a photo is measured in millimetres."""

import math

from landmarks.engines.local.gaze import EYES, MAX_YAW, MIN_OPENING, opening
from landmarks.engines.local.mesh import Vertices
from landmarks.engines.local.pose import Head

RIMS = ((469, 471), (474, 476))
"""Vertices at the sides of each iris: lids hide its top and bottom, and the mesh guesses them."""
DIGITS = 2


def iris_diameters(vertices: Vertices, head: Head) -> tuple[float | None, float | None]:
    """Pixels across the left and the right iris, from side to side; None for one that is covered.

    None for both where the head is so far turned that an iris is foreshortened.
    """
    if abs(head.pose.yaw) > MAX_YAW:
        return None, None
    left, right = (
        round(math.dist(*vertices[list(rim), :2].tolist()), DIGITS) if opening(eye) >= MIN_OPENING else None
        for rim, eye in zip(RIMS, vertices[EYES, :2].tolist(), strict=True)
    )
    return left, right
