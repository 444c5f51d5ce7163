"""The 90 points, computed from the 478 vertices of the mesh.

Eyes, brows, mouth, nose and pupils are weighted means of vertices. The weights (mesh-to-90.json) were fitted to real
answers of the vendor; then lids were moved apart and brows lowered. The contour is the visible silhouette: on a turned
head the oval of the mesh runs across the cheek, while the convex hull of the mesh follows what a person sees. Its chin
lies a little too high, so the contour is stretched.
"""

import json
from bisect import bisect_right
from itertools import accumulate, pairwise
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from landmarks.core.dense import DENSE_FLIPPED
from landmarks.core.schema import BY_NAME, FLIPPED, POINT_COUNT, REGIONS, SPANS
from landmarks.engines.local.arrays import Points, map_points
from landmarks.engines.local.mesh import FLIP, LEFT_EYE_CORNER, RIGHT_EYE_CORNER, Vertices

Line = list[complex]
"""Points of the contour as complex numbers, which for so few of them are four times as fast as arrays."""

VERTEX_COUNT = 478
CHIN = 152
ARCS = (BY_NAME["face_profile"].count - 1) // 2
"""Arcs of equal length in each half of the contour."""
STRETCH = 1.0125
"""How much farther from the eye line the contour lies than the silhouette of the mesh. People mark the chin 1 to 1.5 %
of the face's height below that (docs/decisions/0033-contour-is-stretched.md)."""
LOWER_LID, UPPER_LID = (1, 2, 3), (7, 6, 5)
"""Points of an eye that lie opposite each other, by index."""
LOWER_LID_SHARE, UPPER_LID_SHARE = 0.10, 0.075
"""How much farther the lids lie apart than by the fitted table, in shares of the distance between them."""
BROW_SHARE = 0.05
"""How much closer the brows lie to the eyes, in shares of the way between. `python -m benchmarks.layout` fits both
(docs/decisions/0037-lids-and-brows.md)."""

# fmt: off
NOSE = (
    1, 2, 3, 4, 5, 6, 19, 20, 44, 45, 48, 49, 51, 59, 60, 64, 75, 79, 94, 97, 98, 99, 102, 114, 115, 122, 125, 126, 128,
    129, 131, 134, 141, 166, 168, 174, 188, 193, 195, 196, 197, 198, 209, 217, 218, 219, 220, 235, 236, 237, 238, 239,
    240, 241, 242, 244, 245, 248, 250, 274, 275, 278, 279, 281, 289, 290, 294, 305, 309, 326, 327, 328, 331, 343, 344,
    351, 354, 355, 357, 358, 360, 363, 370, 392, 399, 412, 417, 419, 420, 429, 437, 438, 439, 440, 455, 456, 457, 458,
    459, 460, 461, 462, 464, 465,
)
LIPS = (
    0, 11, 12, 13, 14, 15, 16, 17, 37, 38, 39, 40, 41, 42, 61, 62, 72, 73, 74, 76, 77, 78, 80, 81, 82, 84, 85, 86, 87,
    88, 89, 90, 91, 95, 96, 146, 178, 179, 180, 181, 183, 184, 185, 191, 267, 268, 269, 270, 271, 272, 291, 292, 302,
    303, 304, 306, 307, 308, 310, 311, 312, 314, 315, 316, 317, 318, 319, 320, 321, 324, 325, 375, 402, 403, 404, 405,
    407, 408, 409, 415,
)
# fmt: on
IRISES = range(468, VERTEX_COUNT)
SILHOUETTE = np.setdiff1d(np.arange(VERTEX_COUNT), [*NOSE, *LIPS, *IRISES])
"""Vertices that may lie on the contour. Nose and lips stick out of a profile, but are not part of it."""


def _read_weights() -> NDArray[np.float64]:
    """90 × 478; each row sums to 1."""
    table = json.loads(Path(__file__).with_name("mesh-to-90.json").read_text(encoding="utf-8"))
    matrix = np.zeros((POINT_COUNT, VERTEX_COUNT))
    for point in table["points"]:
        for vertex, weight in point["vertices"].items():
            matrix[SPANS[point["region"]].start + point["index"], int(vertex)] = weight
    return matrix


def open_lids(weights: NDArray[np.float64], lower: float, upper: float) -> NDArray[np.float64]:
    """Move the points of both lids apart, by these shares of the distance between opposite ones."""
    weights = weights.copy()
    for eye in ("left_eye", "right_eye"):
        below, above = ([SPANS[eye].start + index for index in lid] for lid in (LOWER_LID, UPPER_LID))
        apart = weights[below] - weights[above]
        weights[below] += lower * apart
        weights[above] -= upper * apart
    return weights


def lower_brows(weights: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    """Move the brows towards the eyes, by a share of the way between the centres."""
    weights = weights.copy()
    for side in ("left", "right"):
        brow = SPANS[f"{side}_eye_brow"]
        weights[brow] += share * (weights[SPANS[f"{side}_eye"]].mean(axis=0) - weights[brow].mean(axis=0))
    return weights


FITTED = _read_weights()
WEIGHTS = lower_brows(open_lids(FITTED, LOWER_LID_SHARE, UPPER_LID_SHARE), BROW_SHARE)
FLIPPED_ARRAY = np.array(FLIPPED)
DENSE_FLIPPED_ARRAY = np.array(DENSE_FLIPPED)


def keypoints_of(vertices: Vertices) -> Points:
    """90 × 2 in photo pixels, in the order of the schema, from the vertices of one face."""
    flat = vertices[:, :2]
    points: Points = WEIGHTS @ flat
    points[SPANS["face_profile"]] = trace_contour(flat, fallback=points[SPANS["face_profile"]])
    return points


def flip_points(points: Points) -> Points:
    """The 90 points of a face from those of its mirror image about x = 0."""
    return map_points(FLIP, points[FLIPPED_ARRAY])


def flip_vertices(vertices: Vertices) -> Vertices:
    """The vertices of a face, 478 × 3, from those of its mirror image about x = 0."""
    return np.asarray(vertices[DENSE_FLIPPED_ARRAY] * [-1, 1, 1])


def trace_contour(vertices: Points, fallback: Points) -> Points:
    """21 × 2: the silhouette from eye line to eye line through the chin, ten equal arcs in each half.

    `fallback` is returned if the mesh is so degenerate that its hull does not cross the eye line on both sides.
    """
    left, right, chin = (complex(x, y) for x, y in vertices[[LEFT_EYE_CORNER, RIGHT_EYE_CORNER, CHIN]].tolist())
    origin, along = (left + right) / 2, right - left
    if not along:
        return fallback
    hull = cv2.convexHull(vertices[SILHOUETTE].astype(np.float32))[:, 0].tolist()
    # In the frame of the eye line: real along it, imaginary towards the chin. Kept is the part with imaginary ≥ 0.
    ring = [_stretched((complex(x, y) - origin) / along) for x, y in hull]
    lower = _lower_part(ring)
    at_chin = _crossing(lower, _stretched((chin - origin) / along))
    if at_chin is None:
        return fallback
    index, foot = at_chin
    halves = resample([*lower[: index + 1], foot]), resample([foot, *lower[index + 1 :]])
    contour = [origin + along * point for point in (*halves[0], *halves[1][1:])]
    return np.array([(point.real, point.imag) for point in contour])


def _stretched(point: complex) -> complex:
    return complex(point.real, point.imag * STRETCH)


def resample(line: Line) -> Line:
    """The points that divide a line into ARCS parts of equal length, ends included."""
    steps = [abs(after - here) for here, after in pairwise(line)]
    ends = list(accumulate(steps, initial=0.0))
    points = []
    for number in range(ARCS):
        length = ends[-1] * number / ARCS
        index = min(bisect_right(ends, length), len(steps)) - 1
        share = (length - ends[index]) / steps[index] if steps[index] else 0.0
        points.append(line[index] + (line[index + 1] - line[index]) * share)
    return [*points, line[-1]]


def _lower_part(ring: Line) -> Line:
    """The part of a convex ring at 0 or above, from its left crossing of 0 to its right one; empty without them."""
    is_kept = [point.imag >= 0 for point in ring]
    starts = [index for index, here in enumerate(is_kept) if here and not is_kept[index - 1]]
    if len(starts) != 1:
        return []
    ring = ring[starts[0] :] + ring[: starts[0]]
    count = sum(is_kept)
    line = [_at_zero(ring[-1], ring[0]), *ring[:count], _at_zero(ring[count - 1], ring[count])]
    return line if line[0].real < line[-1].real else line[::-1]


def _at_zero(here: complex, after: complex) -> complex:
    """Where the step between points on both sides of imaginary 0 crosses it."""
    return here + (after - here) * (here.imag / (here.imag - after.imag))


def _crossing(line: Line, towards: complex) -> tuple[int, complex] | None:
    """Where the ray from the origin meets the line: the index before it and the point."""
    sides = [(point.conjugate() * towards).imag for point in line]
    for index, (here, after) in enumerate(pairwise(sides)):
        if here <= 0 <= after and here != after:
            return index, line[index] + (line[index + 1] - line[index]) * (here / (here - after))
    return None


# The schema and the fitted table must agree about the points.
if not np.allclose(WEIGHTS.sum(axis=1), 1, atol=1e-3) or len(REGIONS) != len(SPANS):
    raise ValueError("mesh-to-90.json does not fit the schema")
