"""The colour of each point and line: by region, by face, or by expected error."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean

from landmarks.core.faces import GUESSED
from landmarks.core.schema import Region


class Colouring(StrEnum):
    """What colour stands for; marks always show the region."""

    REGION = "region"
    FACE = "face"
    UNCERTAINTY = "uncertainty"


@dataclass(frozen=True)
class Step:
    """A range of expected errors, from `start` on, in units of the inter-ocular distance, and its colour."""

    start: float
    colour: str
    label: str


FACE_COLOURS = ("#A556FF", "#FFFF09", "#D8FDFF", "#A0A200", "#FCC3A8", "#F90980", "#199C99", "#C2B3FF")
"""Of face 1, 2 and so on, repeating; the first differ most (docs/points.md)."""
STEPS = (
    Step(0.0, "#E9FBFF", "less than 2 %"),
    Step(0.02, "#FFE066", "2 to 4 %"),
    Step(0.04, "#F2952E", "4 to 8 %"),
    Step(GUESSED, "#EC4A84", "8 % or more: guessed"),
)
"""From certain to guessed, each darker than the one before, so that the order does not depend on hue."""
PLAIN = "#C4C2BE"
"""For points and lines of an engine that reports no errors."""
LIGHT_CORNERS = "#FFFFFF"


def face_colour(number: int) -> str:
    return FACE_COLOURS[(number - 1) % len(FACE_COLOURS)]


def step_colour(error: float) -> str:
    return next((step.colour for step in reversed(STEPS) if error >= step.start), STEPS[0].colour)


def line_colour(errors: Sequence[float] | None, number: int, region: Region, colouring: Colouring) -> str:
    """`errors` are those of the region's points, `number` that of the face. By uncertainty, a line has the colour of
    the mean.
    """
    if colouring is Colouring.REGION:
        return region.colour
    if colouring is Colouring.FACE:
        return face_colour(number)
    return step_colour(fmean(errors)) if errors else PLAIN


def point_colour(errors: Sequence[float] | None, number: int, region: Region, index: int, colouring: Colouring) -> str:
    if colouring is Colouring.UNCERTAINTY and errors:
        return step_colour(errors[index])
    return line_colour(errors, number, region, colouring)


def corner_colour(number: int, colouring: Colouring) -> str:
    return face_colour(number) if colouring is Colouring.FACE else LIGHT_CORNERS
