"""Results for the mirror image of a photo, converted to results for the photo."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from landmarks.core.dense import DENSE_FLIPPED
from landmarks.core.faces import Face, moved
from landmarks.core.finding import Attempt
from landmarks.core.pixels import Transform
from landmarks.core.schema import FLIPPED, REGIONS, flipped_region

DIGITS = 3
"""Decimals of a coordinate: a thousandth of a pixel is far below what the mesh resolves, and keeps stored points
short."""
OTHER_SIDE = {"Left": "Right", "Right": "Left"}


def flip_face(face: Face, width: int) -> Face:
    """The face in a photo of this width, from the face in its mirror image."""
    flip, dense = Transform.flip(width), face.dense
    return replace(
        face,
        points=flip.points(face.points[index] for index in FLIPPED),
        dense=dense and moved(tuple(dense[number] for number in DENSE_FLIPPED), flip),
        uncertainty=face.uncertainty and tuple(face.uncertainty[index] for index in FLIPPED),
        pose=face.pose and face.pose.flipped(),
        gaze=face.gaze and face.gaze.flipped(),
        irises=face.irises and face.irises[::-1],
        covered=None if face.covered is None else flip_regions(face.covered),
        expressions=face.expressions and flip_expressions(face.expressions),
    ).rounded(DIGITS)


def flip_regions(names: Collection[str]) -> tuple[str, ...]:
    """Regions of the mirror image, in the order of the schema."""
    return tuple(region.name for region in REGIONS if flipped_region(region.name) in names)


def flip_expressions(expressions: Mapping[str, float | None]) -> dict[str, float | None]:
    """Each score under the name of the other side; the names keep their order."""
    return {name: expressions[other_side(name)] for name in expressions}


def other_side(name: str) -> str:
    side = next(filter(name.endswith, OTHER_SIDE), "")
    return name.removesuffix(side) + OTHER_SIDE.get(side, "")


def flip_attempts(attempts: Sequence[Attempt]) -> tuple[Attempt, ...]:
    """A quarter turn of the mirror image is one of the photo in the other direction."""
    turned_back = (replace(attempt, turned=-attempt.turned % 360) for attempt in attempts)
    return tuple(sorted(turned_back, key=lambda attempt: attempt.turned))
