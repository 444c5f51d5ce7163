"""What can be measured on the 90 points alone, whichever engine found them."""

import math

from landmarks.faces import Face

OUTER_CORNER = 0
"""Index in each eye."""


def inter_ocular_distance(face: Face) -> float:
    """Pixels between the outer corners of the eyes, by which errors are divided (NME of the 300-W challenge)."""
    return math.dist(face.region("left_eye")[OUTER_CORNER], face.region("right_eye")[OUTER_CORNER])
