"""How many points of a photo are guessed, and why."""

from dataclasses import dataclass

from landmarks.core.faces import Face
from landmarks.core.pixels import Point
from landmarks.drawing.parts import parts_of, point_count

TURNED = 25.0
"""Degrees of yaw from which the far side of a face is hardly visible."""
CAUSES = ("covered", "turned", "outside", "unclear")
COVERED_WORDS = {
    ("left_eye", "right_eye"): "the eyes are",
    ("left_eye",): "the eye on the left is",
    ("right_eye",): "the eye on the right is",
    ("left_eye_brow", "right_eye_brow"): "the brows are",
    ("left_eye_brow",): "the brow on the left is",
    ("right_eye_brow",): "the brow on the right is",
    ("nose",): "the nose is",
    ("mouth",): "the mouth is",
    ("face_profile",): "the contour is",
}
"""What is said of regions, those named first that matter most. The pupils belong to the eyes."""
NAMED = 3
"""Parts that are named; where more are covered, the rest hardly adds anything."""


@dataclass(frozen=True)
class Guessed:
    count: int
    total: int
    """Points of all faces."""
    causes: tuple[str, ...]
    """What explains some of them, of CAUSES."""
    covered: str
    """What is covered, as "the eyes are covered" or "the eyes of face 2 are covered"; empty if nothing is."""


def guessed_points(faces: tuple[Face, ...], width: int, height: int, scheme: str = "") -> Guessed | None:
    """Counted in the scheme that is shown. None if the engine sees every point of the faces well, or reports nothing
    about that.
    """
    causes = [
        cause_of(face, part.region.name, part.points[index], width, height)
        for face in faces
        for part in parts_of(face, scheme)
        for index in part.guessed
    ]
    if not causes:
        return None
    found = tuple(cause for cause in CAUSES if cause in causes)
    return Guessed(len(causes), point_count(scheme) * len(faces), found, what_is_covered(faces))


def cause_of(face: Face, region: str, point: Point, width: int, height: int) -> str:
    """Why a guessed point of this region is guessed, of CAUSES."""
    x, y = point
    if not (0 <= x < width and 0 <= y < height):
        return "outside"
    if face.is_covered(region):
        return "covered"
    yaw = face.pose.yaw if face.pose else 0.0
    eyes = [*face.region("left_eye"), *face.region("right_eye")]
    from_middle = x - sum(x for x, _ in eyes) / len(eyes)
    return "turned" if abs(yaw) >= TURNED and from_middle * yaw > 0 else "unclear"


def what_is_covered(faces: tuple[Face, ...]) -> str:
    """The parts of a single covered face by name; of several only how many faces there are."""
    covered = [(number, face) for number, face in enumerate(faces, start=1) if face.covered]
    if len(covered) > 1:
        return f"parts of {len(covered)} faces are covered"
    if not covered:
        return ""
    ((number, face),) = covered
    owner = f" of face {number}" if len(faces) > 1 else ""
    left = set(face.covered or ())
    parts = []
    for names, words in COVERED_WORDS.items():
        if left.issuperset(names):
            left.difference_update(names)
            parts.append(words)
    if not parts:
        return f"a part{owner or ' of the face'} is covered"
    if len(parts) == 1:
        noun, _, verb = parts[0].rpartition(" ")
        return f"{noun}{owner} {verb} covered"
    named = [words.rpartition(" ")[0] for words in parts[:NAMED]]
    return f"{', '.join(named[:-1])} and {named[-1]}{owner} are covered"
