"""Faces as programs get them, with all that is known."""

from dataclasses import asdict
from typing import Any

from landmarks.core import faces as values
from landmarks.core.measures import eye_openness, mouth_openness
from landmarks.wire.acedata import face_to_wire

DIGITS = 4


def face(number: int, found: values.Face) -> dict[str, Any]:
    left, right = eye_openness(found)
    return {
        "number": number,
        "points": face_to_wire(found, rounded=False),
        "box": {side: round(value, 3) for side, value in asdict(found.box).items()},
        "score": found.score,
        "uncertainty": found.uncertainty,
        "pose": asdict(found.pose) if found.pose else None,
        "gaze": asdict(found.gaze) if found.gaze else None,
        "expressions": found.expressions,
        "eye_openness": (round(left, DIGITS), round(right, DIGITS)),
        "mouth_openness": round(mouth_openness(found), DIGITS),
    }


def faces(found: tuple[values.Face, ...]) -> list[dict[str, Any]]:
    return [face(number, each) for number, each in enumerate(found, start=1)]
