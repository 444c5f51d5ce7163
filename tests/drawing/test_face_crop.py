"""Crops of real faces are level and in the middle, and their matrix leads from the photo to them."""

import math
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmarks.core.faces import Face, Pose
from landmarks.core.finding import Options
from landmarks.core.pixels import Box, Transform
from landmarks.drawing.face_crop import Crop, cut, roll_of, transform_to
from landmarks.engines.local.engine import LocalEngine
from landmarks.photos.decode import read_photo
from landmarks.photos.photo import Photo, PhotoLimits
from tests.drawing.faces import make_face

LIMITS = PhotoLimits(10**8, 10**8)


def read(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("RGB")


def find(path: Path, models_dir: Path) -> Face:
    return LocalEngine(models_dir).find(read_photo(path.read_bytes(), LIMITS), Options(max_faces=9)).faces[0]


@pytest.mark.parametrize("name", ["astronaut.jpg", "two_people.jpg"])
@pytest.mark.parametrize("crop", [Crop(), Crop(64, 0.0), Crop(500, 1.0)], ids=["usual", "tight", "wide"])
def test_the_face_is_level_and_in_the_middle(images: Path, models_dir: Path, name: str, crop: Crop) -> None:
    face = find(images / name, models_dir)
    moved = face.transformed(transform_to(face, crop))
    assert roll_of(moved) == pytest.approx(0, abs=1e-9)
    middle = (crop.size - 1) / 2
    assert moved.box.centre == pytest.approx((middle, middle), abs=1e-6)
    longer = max(moved.box.width, moved.box.height)
    assert longer * (1 + 2 * crop.margin) == pytest.approx(crop.size)


def test_a_face_found_again_in_its_crop_has_its_points_there(images: Path, models_dir: Path) -> None:
    path = images / "two_people.jpg"
    face = find(path, models_dir)
    transform = transform_to(face, Crop(256, 0.5))
    again = LocalEngine(models_dir).find(as_photo(cut(read(path), transform, 256)), Options(max_faces=9)).faces[0]
    expected = np.array(face.transformed(transform).points)
    apart = np.linalg.norm(np.array(again.points) - expected, axis=1).mean()
    assert apart < 0.02 * math.dist(expected[21], expected[29])


def as_photo(image: Image.Image) -> Photo:
    stream = BytesIO()
    image.save(stream, "PNG")
    return read_photo(stream.getvalue(), LIMITS)


def test_a_large_face_is_reduced_without_aliasing() -> None:
    """Stripes that are finer than the pixels of the crop become grey."""
    stripes = np.zeros((800, 800, 3), np.uint8)
    stripes[:, ::2] = 255
    picture = np.asarray(cut(Image.fromarray(stripes), Transform.scale(0.1), 80))
    assert np.abs(picture[4:-4, 4:-4].astype(int) - 127).max() < 6


def test_beyond_the_photo_it_is_black() -> None:
    white = Image.new("RGB", (100, 100), "white")
    picture = np.asarray(cut(white, Transform.shift(50, 0), 100))
    assert picture[:, :48].max() == 0 and picture[:, 53:].min() == 255
    assert np.asarray(cut(white, Transform.shift(900, 0), 100)).max() == 0


def test_a_face_from_the_side_is_level_by_its_pose() -> None:
    squeezed = replace(make_face(), points=tuple((0.01 * x, y) for x, y in make_face().points))
    assert roll_of(replace(squeezed, pose=Pose(80, 0, 10))) == pytest.approx(math.radians(10))


def test_points_in_one_place_make_a_crop_too() -> None:
    face = Face(((5.0, 5.0),) * 90, score=None)
    transform = transform_to(face, Crop())
    assert all(math.isfinite(value) for row in transform.rows() for value in row)
    assert transform.box(Box(5, 5, 5, 5)).centre == pytest.approx((127.5, 127.5))
