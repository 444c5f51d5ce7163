"""What a file says of photos and their faces, checked; and which points of a face that changes."""

import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from landmarks.core.errors import RequestInvalid
from landmarks.core.faces import Face
from landmarks.core.pixels import Box, Point
from landmarks.core.schema import POINT_COUNT, POINT_NAMES
from landmarks.core.schemes import PROJECTIONS, project

FARTHEST = 1e6
"""Pixels; a coordinate beyond that belongs to no photo."""
MOST_FACES = 200_000
"""In one file."""
UNCHANGED = 0.01
"""Pixels by which rounding moves a point."""
REACH = 0.5
"""How far the points of a face may have been moved on average, in sides of the box around them."""

NAMES = {"face90": POINT_NAMES, **{name: projection.names for name, projection in PROJECTIONS.items()}}
"""Of the points of each scheme, in order."""
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class CorrectedFace:
    """The points of one face in a file; None where it does not say where a point is."""

    scheme: str
    points: tuple[Point | None, ...]

    @property
    def known(self) -> list[int]:
        return [number for number, point in enumerate(self.points) if point]


@dataclass(frozen=True)
class CorrectedPhoto:
    """The faces of one photo in a file."""

    name: str
    """Of the photo's file."""
    result: str
    """The id of the result that it was exported from; empty if the file has none."""
    faces: tuple[CorrectedFace, ...]
    size: tuple[int, int] | None = None
    """Width and height, if the file has them."""
    is_whole: bool = True
    """Whether a face that is not in the file was removed there; False for a file of one face."""


def result_in(*texts: object) -> str:
    """The id of a result, which exports have in names of files; empty if there is none."""
    return next((found[0] for text in texts if isinstance(text, str) and (found := ID.search(text.lower()))), "")


def point_of(x: object, y: object) -> Point:
    """Raises RequestInvalid for what is no coordinate in a photo."""
    values = [x, y]
    if not all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        raise RequestInvalid("import_point", value=str(values)[:60])
    across, down = (float(value) if abs(value) < FARTHEST else math.inf for value in values)  # type: ignore[arg-type]
    if not (math.isfinite(across) and math.isfinite(down)):
        raise RequestInvalid("import_point", value=str(values)[:60])
    return across, down


def scheme_named(names: Collection[str]) -> str:
    """The scheme whose points have these names. Raises RequestInvalid."""
    wanted = set(names)
    fitting = [scheme for scheme, own in NAMES.items() if wanted <= set(own)]
    if not wanted or not fitting:
        strange = next((name for name in names if not any(name in own for own in NAMES.values())), "")
        raise RequestInvalid("import_names", name=strange[:60], schemes=", ".join(NAMES))
    return min(fitting, key=lambda scheme: len(NAMES[scheme]))


def face_of(scheme: str, points: dict[str, Point]) -> CorrectedFace:
    return CorrectedFace(scheme, tuple(points.get(name) for name in NAMES[scheme]))


# --- faces -----------------------------------------------------------------------------------------------------------


def scheme_points(face: Face, scheme: str) -> Sequence[Point]:
    return face.points if scheme == "face90" else project(face, scheme).points


def matched(faces: Sequence[Face], corrected: Sequence[CorrectedFace]) -> dict[int, int]:
    """By index of a corrected face that of the face it was, nearest first; a face that is in no pair is new or gone."""
    pairs = sorted(
        (apart, new, old)
        for new, each in enumerate(corrected)
        for old, face in enumerate(faces)
        if (apart := distance(face, each)) < REACH
    )
    found: dict[int, int] = {}
    for _, new, old in pairs:
        if new not in found and old not in found.values():
            found[new] = old
    return found


def distance(face: Face, corrected: CorrectedFace) -> float:
    """Mean distance of the points, in longer sides of the box around the face."""
    known = corrected.known
    if not known:
        return math.inf
    here = scheme_points(face, corrected.scheme)
    apart = [math.dist(here[number], corrected.points[number] or here[number]) for number in known]
    box = Box.around(face.points)
    return sum(apart) / len(apart) / max(box.width, box.height, 1.0)


def corrected_face(face: Face | None, correction: CorrectedFace) -> Face | None:
    """The face with its corrected points; None for a new one that lacks points or is not of the 90.

    What an engine said of the face stays, but a point that was moved is no longer uncertain.
    """
    if face is None:
        points = [point for point in correction.points if point]
        return Face(tuple(points), score=None) if correction.scheme == "face90" and len(points) == POINT_COUNT else None
    points = corrected_points(face, correction)
    moved = {i for i, (old, new) in enumerate(zip(face.points, points, strict=True)) if math.dist(old, new) > UNCHANGED}
    if not moved:
        return face
    kept = tuple(new if i in moved else old for i, (old, new) in enumerate(zip(face.points, points, strict=True)))
    uncertainty = face.uncertainty and tuple(0.0 if i in moved else error for i, error in enumerate(face.uncertainty))
    return replace(face, points=kept, uncertainty=uncertainty, dense=None)


def corrected_points(face: Face, correction: CorrectedFace) -> list[Point]:
    """The 90 points. Of another scheme, they are moved as little as possible so that they give its points."""
    here, known = scheme_points(face, correction.scheme), correction.known
    wanted = [correction.points[number] or here[number] for number in known]
    if correction.scheme == "face90":
        new = dict(zip(known, wanted, strict=True))
        return [new.get(index, point) for index, point in enumerate(face.points)]
    moves = np.array(wanted) - np.array([here[number] for number in known])
    moves[np.linalg.norm(moves, axis=1) <= UNCHANGED] = 0
    weights = np.zeros((len(known), POINT_COUNT))
    for row, number in enumerate(known):
        for index, weight in PROJECTIONS[correction.scheme].blends[number]:
            weights[row, index] = weight
    steps = np.linalg.lstsq(weights, moves, rcond=1e-3)[0]
    return [(x + dx, y + dy) for (x, y), (dx, dy) in zip(face.points, steps.tolist(), strict=True)]
