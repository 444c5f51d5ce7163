"""The same photo gives the same crops, however much of it was decoded."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from landmarks.engines.local.mesh import SIDE, Crop
from landmarks.engines.local.pyramid import LargePyramid, Pyramid, pyramid_of
from landmarks.intake.photo import Photo, PhotoLimits, Reduced, read_photo

LIMITS = PhotoLimits(10**8, 10**8)


@pytest.fixture(scope="module")
def large(images):
    """A JPEG of 2403 × 1805 pixels: no multiples of what the decoder reduces by."""
    with Image.open(images / "two_people.jpg") as file:
        image = file.convert("RGB").resize((2403, 1805), Image.Resampling.LANCZOS)
    stream = BytesIO()
    image.save(stream, "JPEG", quality=95)
    return stream.getvalue()


def square(centre: tuple[float, float], side: float) -> Crop:
    return Crop(np.array(centre), side, 0.2)


def difference(one, other) -> float:
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


def is_whole(photo: Photo) -> bool:
    return not isinstance(photo.picture, Reduced) or "whole" in photo.picture.__dict__


def test_a_small_photo_is_taken_as_it_is():
    pixels = Pyramid(np.zeros((300, 400, 3), np.uint8))
    assert (pixels.width, pixels.height) == (400, 300)
    assert type(pyramid_of(Photo(Image.new("RGB", (400, 300)), "PNG", 1))) is Pyramid


def test_a_large_face_is_cropped_from_the_reduced_photo(large):
    photo = read_photo(large, LIMITS, whole=False)
    crop = square((1200, 900), 900).to_crop()
    seen = pyramid_of(photo).crop(crop, SIDE)
    expected = Pyramid(np.asarray(read_photo(large, LIMITS).image)).crop(crop, SIDE)
    assert difference(seen, expected) < 1.5
    assert not is_whole(photo)


def test_a_small_face_is_cropped_from_the_whole_photo(large):
    photo = read_photo(large, LIMITS, whole=False)
    crop = square((1200, 900), 200).to_crop()
    seen = pyramid_of(photo).crop(crop, SIDE)
    expected = Pyramid(np.asarray(read_photo(large, LIMITS).image)).crop(crop, SIDE)
    assert difference(seen, expected) == 0
    assert is_whole(photo)


def test_a_photo_that_is_decoded_already_gives_the_same_as_a_reduced_one(large):
    whole, reduced = (LargePyramid(read_photo(large, LIMITS, whole=whole)) for whole in (True, False))
    assert difference(whole.shrunk(320, 240), reduced.shrunk(320, 240)) < 1.5


def test_only_a_small_look_is_shrunk_in_the_quick_way():
    stripes = np.zeros((300, 300, 3), np.uint8)
    stripes[:, ::2] = 255
    pyramid = Pyramid(stripes)
    assert np.ptp(pyramid.shrunk(290, 290)) > 100
    assert np.ptp(pyramid.shrunk(150, 150)) == 0


@pytest.mark.parametrize("size", [(1, 1), (1, 400), (3, 5), (2, 3000)])
def test_odd_sizes_can_be_shrunk_and_cropped(size):
    pyramid = pyramid_of(Photo(Image.new("RGB", size, "grey"), "PNG", 1))
    assert pyramid.shrunk(20, 20).shape == (20, 20, 3)
    assert pyramid.crop(square((0, 0), 5000).to_crop(), SIDE).shape == (SIDE, SIDE, 3)
