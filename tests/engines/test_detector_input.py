"""What the detector gets in a pass, and the way back to the photo."""

import numpy as np
import pytest

from landmarks.core.pixels import Box
from landmarks.engines.local.detector import FIRST_PASS
from landmarks.engines.local.detector_input import detector_input
from landmarks.engines.local.pyramid import Pyramid

DOT = (200, 120)


def with_a_dot() -> Pyramid:
    """A black photo with one white dot."""
    pixels = np.zeros((300, 400, 3), np.uint8)
    pixels[DOT[1] - 4 : DOT[1] + 5, DOT[0] - 4 : DOT[0] + 5] = 255
    return Pyramid(pixels)


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
@pytest.mark.parametrize("size", [FIRST_PASS, 320, 640])
def test_points_of_a_pass_map_to_photo_pixels(size, turned):
    shown = detector_input(with_a_dot(), size, turned)
    rows, columns = np.nonzero(shown.pixels()[:, :, 0] > 127)
    assert shown.to_photo.point((columns.mean(), rows.mean())) == pytest.approx(DOT, abs=0.7)


@pytest.mark.parametrize("turned", [0, 90])
def test_boxes_have_their_size_along_the_sides_of_the_photo(turned):
    shown = detector_input(Pyramid(np.zeros((300, 400, 3), np.uint8)), 640, turned)
    width, height = (64, 16) if turned == 0 else (16, 64)
    box = shown.to_photo.box(Box(10, 10, 10 + width, 10 + height))
    assert (box.width, box.height) == pytest.approx((40, 10))


@pytest.mark.parametrize(("size", "has_margin"), [(FIRST_PASS, False), (320, True), (640, False), (1280, False)])
def test_only_the_pass_of_320_pixels_shows_the_mirror_image_beyond_the_edge(size, has_margin):
    shown = detector_input(with_a_dot(), size, 0)
    assert max(shown.pixels().shape) == size
    assert (shown.margin > 0) == has_margin


def test_the_margin_is_a_mirror_image():
    columns = np.arange(320, dtype=np.uint8)[np.newaxis, :, np.newaxis].repeat(240, axis=0).repeat(3, axis=2)
    shown = detector_input(Pyramid(columns), 320, 0)
    row = shown.pixels()[100, :, 0].astype(int)
    assert row[: shown.margin].tolist() == row[shown.margin : 2 * shown.margin][::-1].tolist()
