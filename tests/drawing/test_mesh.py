"""The wireframe of the dense points, in both renderers."""

import re
from dataclasses import replace

import pytest
from PIL import Image, ImageChops

from landmarks.core.dense import DENSE_COUNT, edges
from landmarks.core.faces import Face
from landmarks.drawing.raster import draw_overlay
from landmarks.drawing.style import Style
from landmarks.drawing.svg import draw_standalone_svg
from tests.drawing.faces import make_face

MESH = Style(mesh=True, points=False, lines=False)
PATH = re.compile(r'<path class="mesh"[^>]* d="([^"]+)"')


def dense_face(side: float = 300.0) -> Face:
    """A grid in place of a real mesh."""
    step = side / 25
    grid = tuple((50 + step * (number % 25), 50 + step * (number // 25), 0.0) for number in range(DENSE_COUNT))
    return replace(make_face(side), dense=grid)


def test_it_is_one_path_with_a_line_for_each_edge() -> None:
    (path,) = PATH.findall(draw_standalone_svg(400, 400, [dense_face()], MESH))
    points = re.findall(r"-?[\d.]+[ -]-?[\d.]+", path)
    assert len(points) - path.count("m") == len(edges())


@pytest.mark.parametrize(
    ("face", "style"),
    [(dense_face(), replace(MESH, mesh=False)), (make_face(), MESH), (dense_face(40), MESH)],
    ids=["not requested", "no dense points", "tiny face"],
)
def test_nothing_is_drawn_without_it(face: Face, style: Style) -> None:
    assert not PATH.findall(draw_standalone_svg(400, 400, [face], style))


def test_the_picture_has_it_where_the_points_are() -> None:
    dark = Image.new("RGB", (400, 400))
    drawn = draw_overlay(dark, [dense_face()], MESH)
    assert ImageChops.difference(drawn, dark).getbbox() == pytest.approx((50, 50, 339, 279), abs=2)
