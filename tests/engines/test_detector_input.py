"""What the detector is shown, and the way back to the photo."""

import numpy as np
import pytest

from landmarks.engines.local.detector import GLANCE
from landmarks.engines.local.detector_input import frame_of
from landmarks.engines.local.pyramid import Pyramid

PLACE = (200, 120)


def spotted() -> Pyramid:
    """A black photo with one white spot."""
    pixels = np.zeros((300, 400, 3), np.uint8)
    pixels[PLACE[1] - 4 : PLACE[1] + 5, PLACE[0] - 4 : PLACE[0] + 5] = 255
    return Pyramid(pixels)


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
@pytest.mark.parametrize("size", [GLANCE, 320, 640])
def test_what_shows_in_a_look_is_told_in_photo_pixels(size, turned):
    frame = frame_of(spotted(), size, turned)
    rows, columns = np.nonzero(frame.pixels()[:, :, 0] > 127)
    middle = np.array([[columns.mean(), rows.mean()]])
    assert frame.to_photo(middle)[0] == pytest.approx(PLACE, abs=0.7)


@pytest.mark.parametrize("turned", [0, 90])
def test_lengths_are_told_along_the_sides_of_the_photo(turned):
    frame = frame_of(Pyramid(np.zeros((300, 400, 3), np.uint8)), 640, turned)
    across, down = (64, 16) if turned == 0 else (16, 64)
    assert frame.to_photo_lengths(across, down) == pytest.approx((40, 10))


@pytest.mark.parametrize(("size", "is_mirrored"), [(GLANCE, False), (320, True), (640, False), (1280, False)])
def test_only_the_look_at_320_pixels_shows_the_mirror_image_beyond_the_edge(size, is_mirrored):
    frame = frame_of(spotted(), size, 0)
    assert max(frame.pixels().shape) == size
    assert (frame.margin > 0) == is_mirrored


def test_the_margin_is_a_mirror():
    columns = np.arange(320, dtype=np.uint8)[np.newaxis, :, np.newaxis].repeat(240, axis=0).repeat(3, axis=2)
    frame = frame_of(Pyramid(columns), 320, 0)
    row = frame.pixels()[100, :, 0].astype(int)
    assert row[: frame.margin].tolist() == row[frame.margin : 2 * frame.margin][::-1].tolist()
