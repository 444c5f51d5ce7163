"""The 90 points read off the 478 vertices of the mesh.

Eyes, brows, mouth, nose and pupils are weighted means of vertices; the weights (mesh-to-90.json) were fitted to the
vendor's real answers. The contour is the visible silhouette: on a turned head the mesh's own oval runs across the
cheek, while the hull of the mesh follows what a person sees.
"""

import json
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from landmarks.engines.local.mesh import LEFT_EYE_CORNER, RIGHT_EYE_CORNER, Vertices
from landmarks.schema import BY_NAME, POINT_COUNT, REGIONS, SPANS

Points = NDArray[np.float64]

VERTEX_COUNT = 478
CHIN = 152
ARCS = (BY_NAME["face_profile"].count - 1) // 2
"""Equal arcs in each half of the contour."""

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
"""Vertices that may lie on the contour: nose and lips stick out of a profile, but are not part of it."""


def _read_weights() -> NDArray[np.float64]:
    """90 × 478; each row sums to 1."""
    table = json.loads(Path(__file__).with_name("mesh-to-90.json").read_text(encoding="utf-8"))
    matrix = np.zeros((POINT_COUNT, VERTEX_COUNT))
    for point in table["points"]:
        for vertex, weight in point["vertices"].items():
            matrix[SPANS[point["region"]].start + point["index"], int(vertex)] = weight
    return matrix


WEIGHTS = _read_weights()


def _mirrored_index(region: str, index: int) -> tuple[str, int]:
    """The point that has this one's place in the mirrored photo."""
    if region == "face_profile":
        return region, 20 - index
    if region == "mouth":
        return region, (6 - index) % 12 if index < 12 else (28 if index < 17 else 38) - index
    if region == "nose":
        return region, index if index < 2 else 14 - index
    left = region.startswith("left")
    return region.replace("left", "right") if left else region.replace("right", "left"), index


def _mirrored_place(region: str, index: int) -> int:
    name, place = _mirrored_index(region, index)
    return SPANS[name].start + place


MIRRORED = np.array([_mirrored_place(region.name, index) for region in REGIONS for index in range(region.count)])
"""For each of the 90 places the one that its point has in the mirrored photo."""


def lay_out(vertices: Vertices) -> Points:
    """90 × 2 photo pixels in the order of the schema, from the vertices of one face."""
    flat = vertices[:, :2]
    points: Points = WEIGHTS @ flat
    points[SPANS["face_profile"]] = trace_contour(flat, fallback=points[SPANS["face_profile"]])
    return points


def mirror_back(points: Points) -> Points:
    """The points of a face from those of the mirrored face, whose x runs to the left."""
    return np.asarray(points[MIRRORED] * np.array([-1, 1]))


def trace_contour(vertices: Points, fallback: Points) -> Points:
    """21 × 2: the silhouette from eye line to eye line through the chin, ten equal arcs in each half.

    `fallback` is returned for a mesh so degenerate that its hull does not cross the eye line on both sides.
    """
    along = vertices[RIGHT_EYE_CORNER] - vertices[LEFT_EYE_CORNER]
    down = np.array([-along[1], along[0]])
    origin = (vertices[LEFT_EYE_CORNER] + vertices[RIGHT_EYE_CORNER]) / 2
    hull = cv2.convexHull(vertices[SILHOUETTE].astype(np.float32))[:, 0].astype(np.float64)
    # In the frame of the eye line: x along it, y towards the chin; the part to keep has y >= 0.
    frame = np.column_stack([(hull - origin) @ along, (hull - origin) @ down])
    lower = _lower_part(frame)
    chin = np.array([(vertices[CHIN] - origin) @ along, (vertices[CHIN] - origin) @ down])
    at_chin = _crossing(lower, chin) if len(lower) > 2 else None
    if at_chin is None:
        return fallback
    index, foot = at_chin
    left, right = np.vstack([lower[: index + 1], foot]), np.vstack([foot, lower[index + 1 :]])
    contour = np.vstack([resample(left), resample(right)[1:]])
    scale = float(along @ along)
    traced: Points = origin + (np.outer(contour[:, 0], along) + np.outer(contour[:, 1], down)) / scale
    return traced


def resample(line: Points) -> Points:
    """The line's points at equal steps of its length: ARCS of them, ends included."""
    steps = np.hypot(*np.diff(line, axis=0).T)
    length = np.concatenate([[0], np.cumsum(steps)])
    at = np.linspace(0, length[-1], ARCS + 1)
    return np.column_stack([np.interp(at, length, line[:, 0]), np.interp(at, length, line[:, 1])])


def _lower_part(ring: Points) -> Points:
    """The part of a convex ring with y >= 0, from its left crossing of y = 0 to its right one."""
    kept: list[Points] = []
    for here, after in pairwise([*ring, ring[0]]):
        if here[1] >= 0:
            kept.append(here)
        if (here[1] >= 0) != (after[1] >= 0):
            kept.append(here + (after - here) * here[1] / (here[1] - after[1]))
    ends = [number for number, point in enumerate(kept) if abs(point[1]) < 1e-9 * max(1.0, abs(point[0]))]
    if len(ends) != 2:
        return np.empty((0, 2))
    line = np.roll(np.array(kept), -ends[1] if ends[1] - ends[0] == 1 else -ends[0], axis=0)
    return line if line[0, 0] < line[-1, 0] else line[::-1]


def _crossing(line: Points, towards: Points) -> tuple[int, Points] | None:
    """Where the ray from the origin meets the line: the index before it and the point."""
    side = line[:, 0] * towards[1] - line[:, 1] * towards[0]
    for index in range(len(line) - 1):
        if side[index] <= 0 <= side[index + 1] and side[index] != side[index + 1]:
            share = side[index] / (side[index] - side[index + 1])
            return index, line[index] + (line[index + 1] - line[index]) * share
    return None


# The schema and the fitted table must speak of the same points.
if not np.allclose(WEIGHTS.sum(axis=1), 1, atol=1e-3) or len(REGIONS) != len(SPANS):
    raise ValueError("mesh-to-90.json does not fit the schema")
