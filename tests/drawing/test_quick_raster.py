from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from landmarks.core.faces import Face
from landmarks.drawing.quick_raster import draw_quickly
from landmarks.drawing.raster import draw_overlay
from landmarks.drawing.style import Style
from tests.drawing.faces import make_face

SIZE = (480, 360)
LINES, DOTS, MARKS = 40, 110, 250
"""Sides of faces that are drawn with lines only, with dots, and with a mark for each region."""


def photo() -> Image.Image:
    noise = np.random.default_rng(5).integers(60, 200, (9, 12, 3), np.uint8)
    return Image.fromarray(noise).resize(SIZE, Image.Resampling.BICUBIC)


def both(faces: list[Face], style: Style) -> tuple[Image.Image, Image.Image]:
    picture = photo()
    draw_quickly(picture, faces, style)
    return picture, draw_overlay(photo(), faces, style)


def differences(one: Image.Image, other: Image.Image) -> Any:
    """Of each pixel, averaged over its colours."""
    return np.abs(np.asarray(one, float) - np.asarray(other, float)).mean(axis=2)


@pytest.mark.parametrize("side", [LINES, DOTS, MARKS])
@pytest.mark.parametrize("uncertainty", [0.01, 0.3], ids=["seen", "guessed"])
@pytest.mark.parametrize("style", [Style(frames=False), Style(frames=False, opacity=0.5)], ids=["full", "faded"])
def test_draws_what_the_exact_way_draws(side: int, uncertainty: float, style: Style) -> None:
    face = replace(make_face(side, (240, 180)), uncertainty=(uncertainty,) * 90)
    quick, exact = both([face], style)
    drawn = differences(exact, photo()) > 2
    assert differences(quick, exact)[drawn].mean() < 0.4 * differences(exact, photo())[drawn].mean()
    assert differences(quick, exact)[~drawn].mean() < 0.2


def test_changes_nothing_far_from_the_faces() -> None:
    faces = [make_face(DOTS, (100, 180)), make_face(DOTS, (380, 180))]
    quick, exact = both(faces, Style(frames=False))
    assert (differences(quick, photo())[:, 200:280] == 0).all()
    assert (differences(quick, photo())[differences(exact, photo()) > 60] > 0).all()


@pytest.mark.parametrize("centre", [(0, 0), (480, 360), (240, -20), (900, 900)])
def test_draws_the_part_of_a_face_that_is_inside(centre: tuple[int, int]) -> None:
    quick, exact = both([make_face(DOTS, centre)], Style(frames=False))
    assert quick.size == SIZE
    assert differences(quick, exact).mean() < 0.1 * differences(exact, photo()).mean() + 0.2


def test_draws_only_what_the_style_selects() -> None:
    quick, exact = both([make_face(DOTS)], Style(frames=False, lines=False, regions=frozenset({"nose"})))
    assert ((differences(quick, photo()) > 0) == (differences(exact, photo()) > 0)).mean() > 0.99
