"""A face whose measures can be computed by hand, and faces that are moved from it."""

from dataclasses import replace

from landmarks.core.faces import Face
from landmarks.core.schema import FLIPPED, SPANS

HALF = {
    "face_profile": {0: (-75, -2)},
    "left_eye": {
        **{0: (-45, -4), 1: (-37, 4), 2: (-30, 5), 3: (-23, 4)},
        **{4: (-15, 0), 5: (-23, -6), 6: (-30, -6), 7: (-37, -6)},
    },
    "left_eye_brow": {0: (-55, -20), 4: (-12, -18), 5: (-20, -25), 6: (-30, -26), 7: (-40, -25)},
    "mouth": {0: (-25, 70), 1: (-15, 78), 2: (-8, 80)},
    "nose": {5: (-16, 40)},
    "left_pupil": {0: (-30, 0)},
}
MIDDLE = {
    "face_profile": {10: (0, 110)},
    "mouth": {3: (0, 81), 9: (0, 62), 14: (0, 72), 19: (0, 68)},
    "nose": {0: (0, 30), 1: (0, -2), 7: (0, 45)},
}
"""Points in pixels by region and index; what is not named lies where no measure needs it, symmetrically."""


def index(name: str) -> int:
    """Of a point as the atlas calls it, such as mouth-9."""
    region, _, number = name.rpartition("-")
    return SPANS[region].start + int(number)


def plain_face(**more: object) -> Face:
    """Symmetrical about x = 0, with the pupils on y = 0."""
    points = [(0.0, 0.0)] * 90
    for number, partner in enumerate(FLIPPED):
        points[number] = ((number > partner) - (number < partner)) * 5.0, 20.0 + min(number, partner) % 7
    for half in (HALF, MIDDLE):
        for region, places in half.items():
            for number, (x, y) in places.items():
                point = SPANS[region].start + number
                points[point], points[FLIPPED[point]] = (float(x), float(y)), (float(-x), float(y))
    return replace(Face(tuple(points), None), **more)  # type: ignore[arg-type]


def moved(face: Face, **places: tuple[float, float]) -> Face:
    """With points, named like `mouth_6`, somewhere else."""
    points = list(face.points)
    for name, point in places.items():
        points[index("-".join(name.rsplit("_", 1)))] = point
    return replace(face, points=tuple(points))


def mirrored(face: Face) -> Face:
    """The face in the mirror image of its photo about x = 0, as the engine reports it."""
    points = tuple((-x, y) for x, y in (face.points[number] for number in FLIPPED))
    uncertainty = face.uncertainty and tuple(face.uncertainty[number] for number in FLIPPED)
    return replace(face, points=points, uncertainty=uncertainty, irises=face.irises and face.irises[::-1])
