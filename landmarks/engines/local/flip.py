"""What was found in the mirror image of a photo, told for the photo."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from landmarks.core.faces import Face, Gaze, Pose
from landmarks.core.finding import Attempt
from landmarks.engines.local.keypoints import MIRRORED

OTHER_SIDE = {"Left": "Right", "Right": "Left"}


def mirror_face(face: Face, width: int) -> Face:
    """The face in a photo of this width from the face in its mirror image."""
    pose, gaze = face.pose, face.gaze
    return replace(
        face,
        points=tuple((round(width - 1 - face.points[place][0], 3), face.points[place][1]) for place in MIRRORED),
        uncertainty=face.uncertainty and tuple(face.uncertainty[place] for place in MIRRORED),
        pose=pose and Pose(-pose.yaw, pose.pitch, -pose.roll),
        gaze=gaze and Gaze(-gaze.yaw, gaze.pitch),
        expressions=face.expressions and mirror_names(face.expressions),
    )


def mirror_names(expressions: Mapping[str, float]) -> dict[str, float]:
    """Each score under the name of the other side, in the same order of names."""
    return {name: expressions[other_side(name)] for name in expressions}


def other_side(name: str) -> str:
    side = next(filter(name.endswith, OTHER_SIDE), "")
    return name.removesuffix(side) + OTHER_SIDE.get(side, "")


def mirror_attempts(attempts: Sequence[Attempt]) -> tuple[Attempt, ...]:
    """A quarter turn of the mirror image is one of the photo the other way round."""
    turned_back = (replace(attempt, turned=-attempt.turned % 360) for attempt in attempts)
    return tuple(sorted(turned_back, key=lambda attempt: attempt.turned))
