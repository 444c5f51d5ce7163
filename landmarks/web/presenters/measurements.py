"""What is measured on a face, in plain words with units: the most interesting first."""

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import fmean

from landmarks.core.faces import Face
from landmarks.core.measures import eye_openness, mouth_openness
from landmarks.core.schema import POINT_COUNT, SPANS

ALWAYS_SHOWN = 8
EYES = ("left_eye", "right_eye")
STRONG = 0.3
"""Score from which an expression is named."""
EYE_CLOSED, MOUTH_CLOSED = 0.15, 0.06
"""Openness below which they count as closed; see landmarks/core/measures.py."""
STRAIGHT = 2.5
"""Degrees below which a head counts as turned to neither side, about the error of the pose."""

EXPRESSIONS = {
    "browDown": "Brows lowered",
    "browInnerUp": "Inner brows raised",
    "browOuterUp": "Outer brows raised",
    "eyeBlink": "Eyes closing",
    "eyeLookDown": "Looking down",
    "eyeLookIn": "Eyes turned inwards",
    "eyeLookOut": "Eyes turned outwards",
    "eyeLookUp": "Looking up",
    "eyeSquint": "Eyes narrowed",
    "eyeWide": "Eyes wide open",
    "jawOpen": "Jaw dropped",
    "mouthClose": "Lips closed over an open jaw",
    "mouthLowerDown": "Lower lip lowered",
    "mouthPress": "Lips pressed together",
    "mouthPucker": "Lips puckered",
    "mouthRollLower": "Lower lip rolled in",
    "mouthRollUpper": "Upper lip rolled in",
    "mouthShrugLower": "Chin and lower lip raised",
    "mouthSmile": "Smiling",
    "mouthStretch": "Mouth stretched wide",
    "mouthUpperUp": "Upper lip raised",
}
"""Words for the engine's expressions, both sides of the face together."""


@dataclass(frozen=True)
class Measurement:
    label: str
    value: str
    unit: str = ""
    """The unit, or what else stands in smaller letters."""
    help: str = ""
    """How the figure is to be read."""


def measurements(face: Face, width: int, height: int) -> tuple[list[Measurement], list[Measurement]]:
    """Those that are always shown, and the rest; what the engine does not report is left out."""
    found = list(_measurements(face, width, height))
    return found[:ALWAYS_SHOWN], found[ALWAYS_SHOWN:]


def _measurements(face: Face, width: int, height: int) -> Iterator[Measurement]:
    box = f"{face.box.width:.0f} × {face.box.height:.0f}"
    yield Measurement("Face size", box, "px", "Width and height of the box around the 90 points.")
    if face.score is not None:
        sure = "How sure the engine is that this is a face, from 0 to 1."
        yield Measurement("Confidence", f"{face.score:.2f}", "of 1", sure)
    yield from _head(face)
    yield _eyes(face)
    yield _mouth(face)
    yield from _expression(face)
    if face.uncertainty:
        seen = "Points that the engine could not see well: they may be off by 8 % of the eye distance or more."
        yield Measurement("Guessed", str(len(face.guessed)), f"of {POINT_COUNT} points", seen)
    yield from _gaze(face)
    between = math.dist(*face.region("left_pupil"), *face.region("right_pupil"))
    yield Measurement("Pupil distance", f"{between:.1f}", "px", "From the centre of one pupil to that of the other.")
    centre = "{:.0f}, {:.0f}".format(*face.box.centre)
    yield Measurement("Centre", centre, "px", "Middle of the box around the points, from the photo's top left corner.")
    outside = sum(not (0 <= x < width and 0 <= y < height) for x, y in face.points)
    beyond = "Points that lie beyond the edges of the photo, where the engine only expects them."
    yield Measurement("Outside the photo", str(outside), f"of {POINT_COUNT} points", beyond)


def _head(face: Face) -> Iterator[Measurement]:
    if not face.pose:
        return
    side = _towards(face.pose.yaw, "right", "left") or "Straight ahead"
    about = "Which way the face points, as seen in the picture: to a side, and up or down."
    yield Measurement("Head direction", side, _towards(face.pose.pitch, "up", "down"), about)
    tilt = _towards(face.pose.roll, "clockwise", "anticlockwise") or "Not tilted"
    yield Measurement("Head tilt", tilt, "", "How far the head leans towards a shoulder, as seen in the picture.")


def _towards(angle: float, positive: str, negative: str) -> str:
    """ "11° down"; empty for an angle that is hardly any."""
    return f"{abs(angle):.0f}° {positive if angle > 0 else negative}" if abs(angle) >= STRAIGHT else ""


def _eyes(face: Face) -> Measurement:
    left, right = eye_openness(face)
    if left is None or right is None:
        return Measurement("Eyes", "Covered", "", "Something hides an eye or both, such as dark glasses or a hand.")
    if not all(is_clear(face, eye) for eye in EYES):
        return Measurement("Eyes", "Not clear", "guessed", "Most points of an eye are guessed.")
    about = "Height of the left and right eye in percent of their width: about 30 when open, below 15 when closed."
    return Measurement("Eyes", eyes(face), f"{100 * left:.0f} and {100 * right:.0f} % of width", about)


def _mouth(face: Face) -> Measurement:
    openness = mouth_openness(face)
    if openness is None:
        return Measurement("Mouth", "Covered", "", "Something hides the mouth, such as a mask or a hand.")
    if not is_clear(face, "mouth"):
        return Measurement("Mouth", "Not clear", "guessed", "Most points of the mouth are guessed.")
    about = "Distance between the lips in percent of the mouth's width. Below 6, the mouth counts as closed."
    return Measurement("Mouth", mouth(face), f"{100 * openness:.0f} % of width", about)


def _gaze(face: Face) -> Iterator[Measurement]:
    """Unclear only for an engine that could have reported it, which is one that reports the pose."""
    about = "Which way the eyes look, relative to the head."
    if face.gaze:
        yield Measurement("Gaze", _towards(face.gaze.yaw, "right", "left") or "Straight ahead", "", about)
    elif any(map(face.is_covered, EYES)):
        yield Measurement("Gaze", "Covered", "", "Something hides an eye or both, so it can't be told where they look.")
    elif face.pose:
        yield Measurement("Gaze", "Not clear", "", about)


def is_clear(face: Face, region: str) -> bool:
    """Whether at most half of a region's points are guessed."""
    span = SPANS[region]
    guessed = sum(index in face.guessed for index in range(span.start, span.stop))
    return guessed <= (span.stop - span.start) / 2


def eyes(face: Face) -> str:
    """In a word; "One closed" also where the other is covered."""
    seen = [openness for openness in eye_openness(face) if openness is not None]
    if not seen:
        return "Covered"
    are_closed = [openness < EYE_CLOSED for openness in seen]
    if any(are_closed):
        return "Closed" if all(are_closed) and len(seen) == len(EYES) else "One closed"
    return "Open"


def mouth(face: Face) -> str:
    openness = mouth_openness(face)
    if openness is None:
        return "Covered"
    return "Closed" if openness < MOUTH_CLOSED else "Open"


def _expression(face: Face) -> Iterator[Measurement]:
    """The strongest one, with both sides of the face taken together."""
    about = "The strongest expression that the engine sees, and how strong it is."
    if not face.expressions:
        if face.pose:
            yield Measurement("Expression", "Not clear", "", about)
        return
    seen, is_whole = sides_together(face.expressions)
    if not is_whole:
        about += " What something covers isn't counted."
    if not seen:
        yield Measurement("Expression", "Covered", "", "Something hides the eyes, the brows and the mouth.")
        return
    name = max(seen, key=lambda name: seen[name])
    score = seen[name]
    if score < STRONG:
        yield Measurement("Expression", "Neutral", "" if is_whole else "where not covered", about)
    else:
        yield Measurement("Expression", EXPRESSIONS.get(name, name), f"{100 * score:.0f} %", about)


def sides_together(scores: Mapping[str, float | None]) -> tuple[dict[str, float], bool]:
    """The mean of both sides by the name without a side, of what isn't covered, and whether nothing is."""
    both: dict[str, list[float]] = defaultdict(list)
    for name, score in scores.items():
        if score is not None:
            both[re.sub("(Left|Right)$", "", name)].append(score)
    return {name: fmean(values) for name, values in both.items()}, None not in scores.values()
