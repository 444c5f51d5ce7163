"""The network on pictures larger than one tile."""

import numpy as np
import pytest
from PIL import Image

from landmarks.engines.local import model_files
from landmarks.engines.local.yunet import OVERLAP, STRIDE, TILE, Interpreter, LiteRTNetwork, OpenCVNetwork, YuNet, spans
from tests.conftest import BASE_DIR

SAMPLES = BASE_DIR / "static" / "samples"
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


@pytest.mark.skipif(Interpreter is None, reason="there is no ai-edge-litert for this platform")
def test_litert_reports_what_opencv_reports(models_dir):
    model = np.frombuffer(model_files.read(model_files.DETECTOR, models_dir), np.uint8)
    by_litert, by_opencv = LiteRTNetwork(model), OpenCVNetwork(model)
    with Image.open(SAMPLES / "solvay1927.jpg") as file:
        group = file.convert("RGB")
    counts = []
    # Sizes change from run to run, and return; sides are no multiples of the network's stride, one is below it.
    for width, height in ((64, 64), (640, 420), (224, 150), (600, 30), (319, 211), (640, 420)):
        pixels = np.asarray(group.resize((width, height)))
        for threshold in (0.07, 0.6):
            ours, theirs = by_litert.rows(pixels, threshold), by_opencv.rows(pixels, threshold)
            assert ours == pytest.approx(theirs, abs=0.01)
            counts.append(len(ours))
        by_litert.release_memory()
    assert max(counts) > 20


@pytest.mark.parametrize("length", [1, 704, 705, 960, 1280, 2560])
def test_tiles_cover_a_side_and_overlap_enough(length):
    tiles = spans(length)
    assert (tiles[0].start, tiles[-1].stop) == (0, length)
    assert all(tile.stop - tile.start <= TILE and tile.start % STRIDE == 0 for tile in tiles)
    assert all(one.stop - other.start >= OVERLAP for one, other in zip(tiles, tiles[1:], strict=False))


def test_a_pass_of_1280_pixels_has_four_tiles():
    assert [(tile.start, tile.stop) for tile in spans(1280)] == [(0, 704), (576, 1280)]


def test_finds_small_faces_wherever_the_tiles_meet(net, portrait):
    """In the corners, in the middle of the seam, and a little beside it."""
    small = portrait.resize((SMALL * 4, SMALL * 4))
    for x, y in ((0, 0), (900, 900), (560, 560), (490, 620), (520, 20)):
        picture = Image.new("RGB", (1280, 1280), "grey")
        picture.paste(small, (x, y))
        rows = net.rows(np.asarray(picture))
        expected = np.array([x, y]) + np.array([226, 110]) * SMALL * 4 / 512
        assert len(rows) > 0
        assert all(np.abs(np.array(centre) - expected).max() < 15 for centre in centres(rows))


def test_does_not_report_the_half_of_a_large_face_that_a_tile_shows(net, portrait):
    large = np.asarray(portrait.resize((1280, 1280)))
    whole = net.rows(np.asarray(portrait.resize((640, 640))))
    assert len(whole) == 1
    assert all(row[2] > 0.8 * 2 * whole[0][2] for row in net.rows(large))


def test_reports_faint_faces_if_requested(net, images):
    with Image.open(images / "rocket.jpg") as file:
        pixels = np.asarray(file.convert("RGB"))
    assert len(net.rows(pixels, 0.01)) > len(net.rows(pixels))
    assert len(net.rows(np.zeros((50, 50, 3), np.uint8))) == 0


@pytest.mark.parametrize("side", [2, 16, 30, 32])
@pytest.mark.parametrize("is_upright", [True, False], ids=["upright", "flat"])
def test_reports_nothing_but_what_is_there_in_a_narrow_strip(net, side, is_upright):
    """OpenCV alone reports faces there with infinite coordinates or no width, and others each time."""
    noise = np.random.default_rng(side).integers(0, 256, (side, 700, 3), dtype=np.uint8)
    pixels = np.ascontiguousarray(noise.transpose(1, 0, 2)) if is_upright else noise
    runs = [net.rows(pixels, 0.01) for _ in range(20)]
    assert all(np.array_equal(run, runs[0]) for run in runs)
    assert all(np.isfinite(run).all() and (run[:, 2:4] > 0).all() for run in runs)
