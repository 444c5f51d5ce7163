"""Faces as programs get them, with all that is known."""

from dataclasses import asdict
from typing import Any

from landmarks.core import faces as values
from landmarks.core.measures import measure
from landmarks.wire.acedata import face_to_wire


def face(number: int, found: values.Face) -> dict[str, Any]:
    return {
        "number": number,
        **found.to_dict(),
        "points": face_to_wire(found, rounded=False),
        "box": {side: round(value, 3) for side, value in asdict(found.box).items()},
        **measure(found),
    }


def faces(found: tuple[values.Face, ...]) -> list[dict[str, Any]]:
    return [face(number, each) for number, each in enumerate(found, start=1)]
