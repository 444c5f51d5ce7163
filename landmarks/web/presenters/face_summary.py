"""What is told of a face beside its picture: figures, the most telling first, and a sentence to be read out."""

import math
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import fmean

from landmarks.core.faces import Face
from landmarks.core.measures import eye_openness, mouth_openness
from landmarks.core.schema import POINT_COUNT

FIRST = 8
"""Figures that are always in sight."""
STRONG = 0.3
"""Score from which an expression is worth a word."""
EYE_CLOSED, MOUTH_CLOSED = 0.15, 0.06
"""Openness below which they count as closed; see landmarks/measures.py."""
TURNED = 15
"""Degrees from which a head looks to a side."""
THIRDS = (0.38, 0.62)


@dataclass(frozen=True)
class Figure:
    label: str
    value: str
    unit: str = ""


def figures(face: Face, width: int, height: int) -> tuple[list[Figure], list[Figure]]:
    """Those that are always in sight, and the rest; what the engine does not tell is left out."""
    told = [figure for figure in _figures(face, width, height) if figure]
    return told[:FIRST], told[FIRST:]


def _figures(face: Face, width: int, height: int) -> Iterator[Figure | None]:
    yield Figure("Size of face", f"{face.box.width:.0f} × {face.box.height:.0f}", "px")
    yield Figure("Confidence", f"{face.score:.2f}") if face.score is not None else None
    yield from _head(face)
    yield Figure("Eyes", eyes(face), " · ".join(f"{each:.2f}" for each in eye_openness(face)))
    yield Figure("Mouth", mouth(face), f"{mouth_openness(face):.2f}")
    yield _expression(face)
    yield Figure("Guessed", str(len(face.guessed)), f"of {POINT_COUNT} points") if face.uncertainty else None
    yield _gaze(face)
    between = math.dist(*face.region("left_pupil"), *face.region("right_pupil"))
    yield Figure("Between the pupils", f"{between:.1f}", "px")
    yield Figure("Centre", "{:.0f}, {:.0f}".format(*face.box.centre), "px")
    outside = sum(not (0 <= x < width and 0 <= y < height) for x, y in face.points)
    yield Figure("Outside the photo", str(outside), f"of {POINT_COUNT} points")


def _head(face: Face) -> Iterator[Figure]:
    if face.pose:
        yaw, way = degrees(face.pose.yaw, "right", "left")
        pitch = " ".join(degrees(face.pose.pitch, "up", "down")).strip()
        yield Figure("Turned", yaw, ", ".join(filter(None, (way, pitch if pitch != "0°" else ""))))
        yield Figure("Tilted", *degrees(face.pose.roll, "clockwise", "anticlockwise"))


def _gaze(face: Face) -> Figure | None:
    """Only an engine that tells the pose could have told it."""
    if face.gaze is None:
        return Figure("Gaze in the head", "Not clear") if face.pose else None
    return Figure("Gaze in the head", *degrees(face.gaze.yaw, "right", "left"))


def degrees(angle: float, above: str, below: str) -> tuple[str, str]:
    if not round(angle):
        return "0°", ""
    return f"{abs(angle):.0f}°", above if angle >= 0 else below


def eyes(face: Face) -> str:
    are_closed = [openness < EYE_CLOSED for openness in eye_openness(face)]
    if any(are_closed):
        return "Closed" if all(are_closed) else "One closed"
    return "Open"


def mouth(face: Face) -> str:
    return "Closed" if mouth_openness(face) < MOUTH_CLOSED else "Open"


def _expression(face: Face) -> Figure | None:
    """The strongest, the sides of the face taken together."""
    if not face.expressions:
        return Figure("Expression", "Not clear") if face.pose else None
    both: dict[str, list[float]] = defaultdict(list)
    for name, score in face.expressions.items():
        both[re.sub("(Left|Right)$", "", name)].append(score)
    score, name = max((fmean(scores), name) for name, scores in both.items())
    if score < STRONG:
        return Figure("Expression", "Calm")
    return Figure("Expression", re.sub("([A-Z])", r" \1", name).capitalize(), f"{score:.2f}")


def spoken(faces: tuple[Face, ...], width: int, height: int) -> str:
    """The whole result in a sentence: "2 faces; face 1, centre left, looking right, mouth closed; …"."""
    count = "1 face" if len(faces) == 1 else f"{len(faces)} faces"
    told = (
        ", ".join([f"face {number}", place(face, width, height), *look(face), f"mouth {mouth(face).lower()}"])
        for number, face in enumerate(faces, start=1)
    )
    return "; ".join([count, *told]) + "."


def place(face: Face, width: int, height: int) -> str:
    """Where it is in the photo, by thirds of it."""
    x, y = face.box.centre
    row, column = third(y / height, "top", "bottom"), third(x / width, "left", "right")
    return row if row == column else f"{row} {column}"


def third(share: float, before: str, after: str) -> str:
    low, high = THIRDS
    if share < low:
        return before
    return after if share > high else "centre"


def look(face: Face) -> list[str]:
    """Which way it looks and whether its eyes are closed, as far as that is told and noteworthy."""
    told = []
    if face.pose:
        ways = [
            way
            for angle, above, below in ((face.pose.yaw, "right", "left"), (face.pose.pitch, "up", "down"))
            if abs(angle) >= TURNED
            for way in [above if angle > 0 else below]
        ]
        told.append(f"looking {' and '.join(ways) or 'straight ahead'}")
    if eyes(face) == "Closed":
        told.append("eyes closed")
    return told
