"""The detector on pictures that are larger than it takes at once."""

import numpy as np
import pytest
from PIL import Image

from landmarks.engines.local.yunet import PIECE, SHARED, STRIDE, YuNet, stretches

SMALL = 90
"""Pixels to which the astronaut's photo is shrunk: her face is then 16 pixels wide."""


@pytest.fixture(scope="module")
def net(models_dir):
    return YuNet(models_dir)


@pytest.fixture(scope="module")
def portrait(images):
    with Image.open(images / "astronaut.jpg") as file:
        return file.convert("RGB")


def centres(rows):
    return (rows[:, 0:2] + rows[:, 2:4] / 2).tolist()


@pytest.mark.parametrize("length", [1, 704, 705, 960, 1280, 2560])
def test_pieces_cover_a_side_and_share_enough(length):
    pieces = stretches(length)
    assert (pieces[0].start, pieces[-1].stop) == (0, length)
    assert all(piece.stop - piece.start <= PIECE and piece.start % STRIDE == 0 for piece in pieces)
    assert all(one.stop - other.start >= SHARED for one, other in zip(pieces, pieces[1:], strict=False))


def test_a_look_of_1280_pixels_is_four_pieces():
    assert [(piece.start, piece.stop) for piece in stretches(1280)] == [(0, 704), (576, 1280)]


def test_finds_small_faces_wherever_the_pieces_meet(net, portrait):
    """In the corners, in the middle of the seam, and a little beside it."""
    small = portrait.resize((SMALL * 4, SMALL * 4))
    for x, y in ((0, 0), (900, 900), (560, 560), (490, 620), (520, 20)):
        picture = Image.new("RGB", (1280, 1280), "grey")
        picture.paste(small, (x, y))
        rows = net.rows(np.asarray(picture))
        expected = np.array([x, y]) + np.array([226, 110]) * SMALL * 4 / 512
        assert len(rows) > 0
        assert all(np.abs(np.array(centre) - expected).max() < 15 for centre in centres(rows))


def test_does_not_tell_the_half_of_a_large_face_that_a_piece_shows(net, portrait):
    large = np.asarray(portrait.resize((1280, 1280)))
    whole = net.rows(np.asarray(portrait.resize((640, 640))))
    assert len(whole) == 1
    assert all(row[2] > 0.8 * 2 * whole[0][2] for row in net.rows(large))


def test_tells_faint_faces_when_asked_to(net, images):
    with Image.open(images / "rocket.jpg") as file:
        pixels = np.asarray(file.convert("RGB"))
    assert len(net.rows(pixels, 0.01)) > len(net.rows(pixels))
    assert len(net.rows(np.zeros((50, 50, 3), np.uint8))) == 0


@pytest.mark.parametrize("side", [2, 16, 30, 32])
@pytest.mark.parametrize("is_upright", [True, False], ids=["upright", "flat"])
def test_sees_in_a_narrow_strip_what_is_there_and_nothing_else(net, side, is_upright):
    """OpenCV alone tells faces beyond all numbers there, of no width, and other ones each time."""
    noise = np.random.default_rng(side).integers(0, 256, (side, 700, 3), dtype=np.uint8)
    pixels = np.ascontiguousarray(noise.transpose(1, 0, 2)) if is_upright else noise
    looks = [net.rows(pixels, 0.01) for _ in range(20)]
    assert all(np.array_equal(look, looks[0]) for look in looks)
    assert all(np.isfinite(look).all() and (look[:, 2:4] > 0).all() for look in looks)
