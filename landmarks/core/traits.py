"""What the history is filtered by, of all faces of a photo together."""

from collections.abc import Sequence
from dataclasses import dataclass

from landmarks.core.faces import Face

TURNED = 30.0
"""Degrees of yaw above which a head counts as turned: much of the far side is hidden."""


@dataclass(frozen=True)
class Traits:
    has_guessed: bool
    """Whether the engine guessed a point of any face."""
    has_turned: bool
    """Whether any head is turned to a side by more than TURNED."""
    smallest_face: int
    """Longer side of the smallest box around 90 points, in whole pixels, rounded down."""


def traits_of(faces: Sequence[Face]) -> Traits | None:
    """None without faces."""
    if not faces:
        return None
    return Traits(
        has_guessed=any(face.guessed for face in faces),
        has_turned=any(face.pose is not None and abs(face.pose.yaw) > TURNED for face in faces),
        smallest_face=int(min(max(face.box.width, face.box.height) for face in faces)),
    )
