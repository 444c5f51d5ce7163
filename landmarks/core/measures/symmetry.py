"""One score for how much a face is like its mirror image.

The mirror image, with left and right exchanged, is laid over the face as well as turning and moving can (Procrustes
alignment by least squares), and the distances between the points of both are averaged as squares: object symmetry of
Mardia, Bookstein and Moreton (2000), Klingenberg, Barluenga and Meyer (2002). Pupils are left out, since they follow
the gaze.
"""

import math

from landmarks.core.faces import Face
from landmarks.core.measures.geometry import Mirrored, shape_of
from landmarks.core.measures.openness import inter_ocular_distance
from landmarks.core.measures.propagation import Figure, deviations
from landmarks.core.schema import POINT_COUNT, SPANS

INCLUDED = [index for index in range(POINT_COUNT) if index < SPANS["left_pupil"].start]


def symmetry(face: Face) -> Figure | None:
    """1 minus the root of the mean squared distance, in units of the eye distance; None for a face in one point.

    Moving a point moves two of the distances d, so that the sum of squares has the gradient 4·d, and grows by 4·σ² from
    errors alone. Both go into the error.
    """
    unit = inter_ocular_distance(face)
    if not unit:
        return None
    distances = mirror_distances(face)
    total = sum(each**2 for each in distances)
    value = max(0.0, 1 - math.sqrt(total / len(distances)) / unit)
    scatter = deviations(face)
    if scatter is None:
        return Figure(value, None)
    variances = [scatter[index] ** 2 for index in INCLUDED]
    bias = math.sqrt(total + 4 * sum(variances)) - math.sqrt(total)
    gradient = sum(16 * each**2 * variance for each, variance in zip(distances, variances, strict=True))
    linear = math.sqrt(gradient / total) / 2 if total else 0.0
    return Figure(value, math.hypot(bias, linear) / math.sqrt(len(distances)) / unit)


def mirror_distances(face: Face) -> list[float]:
    """Pixels from each point but the pupils to its counterpart in the aligned mirror image."""
    shape = shape_of(face)
    points = _centred([shape[index] for index in INCLUDED])
    mirrored = _centred([Mirrored(shape)[index] for index in INCLUDED])
    turn = sum(point * other.conjugate() for point, other in zip(points, mirrored, strict=True))
    turn = turn / abs(turn) if turn else complex(1, 0)
    return [abs(point - turn * other) for point, other in zip(points, mirrored, strict=True)]


def _centred(points: list[complex]) -> list[complex]:
    centre = sum(points) / len(points)
    return [point - centre for point in points]
