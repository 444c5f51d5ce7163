"""Crops, and the two runtimes that read the same model."""

import io
import zipfile

import numpy as np
import pytest
from PIL import Image

from landmarks.core.pixels import Box
from landmarks.engines.local import model_files
from landmarks.engines.local.detector import Detection
from landmarks.engines.local.mesh import MEMBER, SIDE, Crop, crop_of_detection, load_network, load_opencv
from landmarks.engines.local.pyramid import Pyramid


def test_a_crop_maps_its_corners_onto_those_of_the_model_input():
    to_crop = Crop((100.0, 50.0), 64.0, np.pi / 2).to_crop()
    assert to_crop.point((100, 50)) == pytest.approx([(SIDE - 1) / 2] * 2)
    # A face that lies on its right side has its chin on the left of the photo.
    assert to_crop.point((100 - 32, 50)) == pytest.approx([(SIDE - 1) / 2, (SIDE - 1) / 2 + SIDE / 2])


def test_vertices_in_a_crop_map_back_to_the_photo_with_their_depth():
    crop = Crop((100.0, 50.0), 64.0, 0.3)
    x, y = crop.to_crop().point((90, 70))
    assert crop.to_photo(np.array([[x, y, 8.0]]))[0] == pytest.approx([90, 70, 8 * 64 / SIDE])


def test_a_crop_that_hardly_moves_needs_no_second_run():
    crop = Crop((100.0, 50.0), 100.0, 0.0)
    assert crop.is_near(Crop((103.0, 50.0), 105.0, 0.05))
    assert not crop.is_near(Crop((109.0, 50.0), 100.0, 0.0))
    assert not crop.is_near(Crop((100.0, 50.0), 117.0, 0.0))
    assert not crop.is_near(Crop((100.0, 50.0), 100.0, 0.21))


def test_a_roll_across_half_a_turn_is_near():
    assert Crop((0.0, 0.0), 10.0, 3.13).is_near(Crop((0.0, 0.0), 10.0, -3.13))


MARKS = ((40.0, 40.0), (60.0, 40.0), (50.0, 50.0), (42.0, 60.0), (58.0, 60.0))


def crop_at(overhang: float, top: float) -> Crop:
    return crop_of_detection(Detection(Box(25, top, 75, 75), MARKS, 0.9, overhang=overhang))


def test_the_crop_around_a_face_at_the_edge_follows_its_marks_not_its_box():
    assert crop_at(0.0, 30) == crop_at(0.0, 10)
    assert crop_at(0.0, 30).centre == pytest.approx((50, 50))
    assert crop_at(-0.5, 30) != crop_at(-0.5, 10)


def test_the_crop_changes_gradually_as_a_face_nears_the_edge():
    sides = [crop_at(overhang, 10).side for overhang in (-0.5, -0.1, -0.075, -0.05, 0.2)]
    assert sides[0] == sides[1]
    assert sides[2] == pytest.approx((sides[1] + sides[3]) / 2)
    assert sides[3] == sides[4]


def test_a_shrunk_crop_shows_the_mean_of_what_it_covers():
    stripes = np.zeros((512, 512, 3), np.uint8)
    stripes[:, ::2] = 255
    pixels = Pyramid(stripes).crop(Crop((255.5, 255.5), 512.0, 0.0).to_crop(), 64)
    assert np.abs(pixels[4:-4, 4:-4].astype(int) - 128).max() <= 2


def test_opencv_reads_the_same_vertices(models_dir, images):
    task = model_files.read(model_files.MESH, models_dir)
    with zipfile.ZipFile(io.BytesIO(task)) as archive:
        model = archive.read(MEMBER)
    image = Image.open(images / "astronaut.jpg").convert("RGB").crop((150, 30, 300, 180)).resize((SIDE, SIDE))
    pixels = np.asarray(image)
    fast, slow = load_network(model)(pixels), load_opencv(model)(pixels)
    assert fast[0].ravel() == pytest.approx(slow[0].ravel(), abs=0.01)
    assert fast[1].ravel() == pytest.approx(slow[1].ravel(), abs=0.01)
