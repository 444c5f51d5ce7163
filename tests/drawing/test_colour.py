from dataclasses import replace

import pytest

from landmarks.core.faces import GUESSED
from landmarks.core.pixels import Box
from landmarks.core.schema import SPANS
from landmarks.drawing.colour import FACE_COLOURS, PLAIN, STEPS, Colouring, face_colour, step_colour
from landmarks.drawing.geometry import lay_out
from landmarks.drawing.style import Style
from tests.drawing.faces import make_face

PHOTO = Box(0, 0, 400, 400)
ERRORS = (0.01,) * 45 + (0.1,) * 45


def colours(style: Style, uncertainty: tuple[float, ...] | None = ERRORS) -> tuple[list[str], dict[str, str]]:
    """Of the 90 points, and of each region's lines."""
    face = replace(make_face(300), uncertainty=uncertainty)
    drawing = lay_out([make_face(400), face], PHOTO, style)[1]
    return [marker.colour for marker in drawing.markers], {line.region.name: line.colour for line in drawing.lines}


def test_a_face_has_one_colour_and_its_corners_have_it_too() -> None:
    points, lines = colours(Style(colour=Colouring.FACE))
    assert set(points) == set(lines.values()) == {face_colour(2)}
    frames = [drawing.frame for drawing in lay_out([make_face()] * 2, PHOTO, Style(colour=Colouring.FACE))]
    assert [frame and frame.colour for frame in frames] == [face_colour(1), face_colour(2)]


def test_after_the_last_colour_comes_the_first() -> None:
    assert face_colour(len(FACE_COLOURS) + 1) == face_colour(1)


def test_a_point_has_the_colour_of_its_error_and_a_line_that_of_its_region() -> None:
    points, lines = colours(Style(colour=Colouring.UNCERTAINTY))
    assert points == [STEPS[0].colour] * 45 + [STEPS[3].colour] * 45
    assert lines["face_profile"] == STEPS[0].colour
    assert lines["nose"] == STEPS[3].colour
    assert SPANS["face_profile"].stop < 45 < SPANS["nose"].start


def test_without_errors_nothing_seems_sure() -> None:
    points, lines = colours(Style(colour=Colouring.UNCERTAINTY), None)
    assert set(points) == set(lines.values()) == {PLAIN}


@pytest.mark.parametrize(
    ("error", "step"), [(-0.01, 0), (0, 0), (0.019, 0), (0.02, 1), (0.05, 2), (GUESSED, 3), (9, 3)]
)
def test_errors_fall_into_steps(error: float, step: int) -> None:
    assert step_colour(error) == STEPS[step].colour
