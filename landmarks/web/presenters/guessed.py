"""How many points of a photo are guessed, and why."""

from dataclasses import dataclass

from landmarks.core.faces import Face
from landmarks.core.schema import POINT_COUNT

TURNED = 25.0
"""Degrees of yaw from which the far side of a face is hardly visible."""


@dataclass(frozen=True)
class Guessed:
    count: int
    total: int
    """Points of all faces."""
    causes: tuple[str, ...]
    """What explains some of them, of: turned, outside, unclear."""


def guessed_points(faces: tuple[Face, ...], width: int, height: int) -> Guessed | None:
    """None if the engine sees every point of the faces well, or reports nothing about that."""
    causes = [cause_of(face, index, width, height) for face in faces for index in face.guessed]
    if not causes:
        return None
    found = tuple(cause for cause in ("turned", "outside", "unclear") if cause in causes)
    return Guessed(len(causes), POINT_COUNT * len(faces), found)


def cause_of(face: Face, index: int, width: int, height: int) -> str:
    x, y = face.points[index]
    if not (0 <= x < width and 0 <= y < height):
        return "outside"
    yaw = face.pose.yaw if face.pose else 0.0
    eyes = [*face.region("left_eye"), *face.region("right_eye")]
    from_middle = x - sum(x for x, _ in eyes) / len(eyes)
    return "turned" if abs(yaw) >= TURNED and from_middle * yaw > 0 else "unclear"
