"""What is known about a face beside its picture: measurements, the most interesting first, and a sentence."""

import math
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import fmean

from landmarks.core.faces import Face
from landmarks.core.measures import eye_openness, mouth_openness
from landmarks.core.schema import POINT_COUNT

ALWAYS_SHOWN = 8
STRONG = 0.3
"""Score from which an expression is named."""
EYE_CLOSED, MOUTH_CLOSED = 0.15, 0.06
"""Openness below which they count as closed; see landmarks/core/measures.py."""
TURNED = 15
"""Degrees from which a head counts as turned to a side."""
THIRDS = (0.38, 0.62)


@dataclass(frozen=True)
class Measurement:
    label: str
    value: str
    unit: str = ""


def measurements(face: Face, width: int, height: int) -> tuple[list[Measurement], list[Measurement]]:
    """Those that are always shown, and the rest; what the engine does not report is left out."""
    found = [each for each in _measurements(face, width, height) if each]
    return found[:ALWAYS_SHOWN], found[ALWAYS_SHOWN:]


def _measurements(face: Face, width: int, height: int) -> Iterator[Measurement | None]:
    yield Measurement("Face size", f"{face.box.width:.0f} × {face.box.height:.0f}", "px")
    yield Measurement("Confidence", f"{face.score:.2f}") if face.score is not None else None
    yield from _head(face)
    yield Measurement("Eyes", eyes(face), " · ".join(f"{each:.2f}" for each in eye_openness(face)))
    yield Measurement("Mouth", mouth(face), f"{mouth_openness(face):.2f}")
    yield _expression(face)
    yield Measurement("Guessed", str(len(face.guessed)), f"of {POINT_COUNT} points") if face.uncertainty else None
    yield _gaze(face)
    between = math.dist(*face.region("left_pupil"), *face.region("right_pupil"))
    yield Measurement("Pupil distance", f"{between:.1f}", "px")
    yield Measurement("Centre", "{:.0f}, {:.0f}".format(*face.box.centre), "px")
    outside = sum(not (0 <= x < width and 0 <= y < height) for x, y in face.points)
    yield Measurement("Outside the photo", str(outside), f"of {POINT_COUNT} points")


def _head(face: Face) -> Iterator[Measurement]:
    if face.pose:
        yaw, side = degrees(face.pose.yaw, "right", "left")
        pitch = " ".join(degrees(face.pose.pitch, "up", "down")).strip()
        yield Measurement("Turned", yaw, ", ".join(filter(None, (side, pitch if pitch != "0°" else ""))))
        yield Measurement("Tilted", *degrees(face.pose.roll, "clockwise", "anticlockwise"))


def _gaze(face: Face) -> Measurement | None:
    """Unclear only for an engine that could have reported it, which is one that reports the pose."""
    if face.gaze is None:
        return Measurement("Gaze relative to head", "Unclear") if face.pose else None
    return Measurement("Gaze relative to head", *degrees(face.gaze.yaw, "right", "left"))


def degrees(angle: float, positive: str, negative: str) -> tuple[str, str]:
    if not round(angle):
        return "0°", ""
    return f"{abs(angle):.0f}°", positive if angle >= 0 else negative


def eyes(face: Face) -> str:
    are_closed = [openness < EYE_CLOSED for openness in eye_openness(face)]
    if any(are_closed):
        return "Closed" if all(are_closed) else "One closed"
    return "Open"


def mouth(face: Face) -> str:
    return "Closed" if mouth_openness(face) < MOUTH_CLOSED else "Open"


def _expression(face: Face) -> Measurement | None:
    """The strongest one, with both sides of the face taken together."""
    if not face.expressions:
        return Measurement("Expression", "Unclear") if face.pose else None
    both: dict[str, list[float]] = defaultdict(list)
    for name, score in face.expressions.items():
        both[re.sub("(Left|Right)$", "", name)].append(score)
    score, name = max((fmean(scores), name) for name, scores in both.items())
    if score < STRONG:
        return Measurement("Expression", "Neutral")
    return Measurement("Expression", re.sub("([A-Z])", r" \1", name).capitalize(), f"{score:.2f}")


def sentence(faces: tuple[Face, ...], width: int, height: int) -> str:
    """All faces for screen readers: "2 faces; face 1, centre left, looking right, mouth closed; …"."""
    count = "1 face" if len(faces) == 1 else f"{len(faces)} faces"
    descriptions = (
        ", ".join([f"face {number}", position(face, width, height), *direction(face), f"mouth {mouth(face).lower()}"])
        for number, face in enumerate(faces, start=1)
    )
    return "; ".join([count, *descriptions]) + "."


def position(face: Face, width: int, height: int) -> str:
    """Where the face is in the photo, by thirds of it."""
    x, y = face.box.centre
    row, column = third(y / height, "top", "bottom"), third(x / width, "left", "right")
    return row if row == column else f"{row} {column}"


def third(fraction: float, before: str, after: str) -> str:
    low, high = THIRDS
    if fraction < low:
        return before
    return after if fraction > high else "centre"


def direction(face: Face) -> list[str]:
    """Where the head is turned, if the engine reports it, and whether the eyes are closed."""
    found = []
    if face.pose:
        directions = [
            positive if angle > 0 else negative
            for angle, positive, negative in ((face.pose.yaw, "right", "left"), (face.pose.pitch, "up", "down"))
            if abs(angle) >= TURNED
        ]
        found.append(f"looking {' and '.join(directions) or 'straight ahead'}")
    if eyes(face) == "Closed":
        found.append("eyes closed")
    return found
