"""The same photo has the same crops, however much of it was decoded."""

from io import BytesIO

import cv2
import numpy as np
import pytest
from PIL import Image, ImageOps

from landmarks.engines.local.mesh import SIDE, Crop
from landmarks.engines.local.pyramid import LargePyramid, Pyramid, copy_reduced, pyramid_of
from landmarks.photos.decode import read_photo
from landmarks.photos.photo import Photo, PhotoLimits, Reduced

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
    return Crop(centre, side, 0.2)


def difference(one, other) -> float:
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


def is_whole(photo: Photo) -> bool:
    return not isinstance(photo.picture, Reduced) or "whole" in photo.picture.__dict__


def test_a_small_photo_is_used_as_it_is():
    pixels = Pyramid(np.zeros((300, 400, 3), np.uint8))
    assert (pixels.width, pixels.height) == (400, 300)
    assert type(pyramid_of(Photo(Image.new("RGB", (400, 300)), "PNG", 1))) is Pyramid


def test_a_large_face_is_cropped_from_the_reduced_photo(large):
    photo = read_photo(large, LIMITS, whole=False)
    crop = square((1200, 900), 900).to_crop()
    shown = pyramid_of(photo).crop(crop, SIDE)
    expected = Pyramid(np.asarray(read_photo(large, LIMITS).image)).crop(crop, SIDE)
    assert difference(shown, expected) < 1.5
    assert not is_whole(photo)


def test_a_small_face_is_cropped_from_the_whole_photo(large):
    photo = read_photo(large, LIMITS, whole=False)
    crop = square((1200, 900), 200).to_crop()
    shown = pyramid_of(photo).crop(crop, SIDE)
    expected = Pyramid(np.asarray(read_photo(large, LIMITS).image)).crop(crop, SIDE)
    assert difference(shown, expected) == 0
    assert is_whole(photo)


def test_a_decoded_photo_gives_the_same_as_a_reduced_one(large):
    whole, reduced = (LargePyramid(read_photo(large, LIMITS, whole=whole)) for whole in (True, False))
    assert difference(whole.resized(320, 240), reduced.resized(320, 240)) < 1.5


def test_a_small_picture_shows_the_mean_of_what_it_covers():
    stripes = np.zeros((300, 300, 3), np.uint8)
    stripes[:, ::2] = 255
    assert np.ptp(Pyramid(stripes).resized(150, 150)) == 0


@pytest.mark.parametrize("border", [cv2.BORDER_CONSTANT, cv2.BORDER_REFLECT, cv2.BORDER_REPLICATE])
@pytest.mark.parametrize("is_flipped", [False, True])
@pytest.mark.parametrize(
    ("centre", "side"),
    [((1200, 900), 200), ((3, 1800), 260), ((2402.5, 2), 150), ((-60, 900), 90), ((1200, 2000), 350), ((9, 9), 420)],
)
def test_a_small_face_is_cropped_from_a_part_as_from_all_of_the_photo(large, centre, side, is_flipped, border):
    photo, crop = read_photo(large, LIMITS), square(centre, side).to_crop()
    part, whole = LargePyramid(photo), LargePyramid(photo)
    if is_flipped:
        part.flip(), whole.flip()
    whole._level(1), whole._level(2)
    assert np.array_equal(part.crop(crop, SIDE, border), whole.crop(crop, SIDE, border))


@pytest.fixture(scope="module")
def odd(images):
    """Of 2399 × 2397 pixels, so that the last pixel of a copy is only partly filled."""
    with Image.open(images / "astronaut.jpg") as file:
        return file.convert("RGB").resize((2399, 2397), Image.Resampling.BICUBIC)


def reduced(image: Image.Image, orientation: int) -> LargePyramid:
    """As it is read from a JPEG that was stored in this orientation."""
    tags, stream = Image.Exif(), BytesIO()
    tags[0x0112] = orientation
    turn = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90}.get(orientation)
    (image.transpose(turn) if turn is not None else image).save(stream, "JPEG", quality=95, exif=tags)
    return LargePyramid(read_photo(stream.getvalue(), LIMITS, whole=False))


@pytest.mark.parametrize("orientation", [3, 6])
@pytest.mark.parametrize("side", [224, 640])
def test_a_resized_photo_is_aligned_in_whichever_orientation_it_was_stored(odd, orientation, side):
    plain, turned = (reduced(odd, each).resized(side, side) for each in (1, orientation))
    assert difference(plain, turned) < 1
    assert np.hypot(*shift(plain, turned)) < 0.01


def test_a_crop_is_aligned_in_whichever_orientation_the_photo_was_stored(odd):
    crop = square((1050, 550), 900).to_crop()
    plain, turned = (reduced(odd, each).crop(crop, SIDE) for each in (1, 3))
    assert difference(plain, turned) < 1
    assert np.hypot(*shift(plain, turned)) < 0.05


def shift(one, other) -> np.ndarray:
    """By how many pixels, across and down, a picture is shifted against the other, by least squares."""
    plain, moved = one[:, :, 1].astype(float), other[:, :, 1].astype(float)
    down, across = np.gradient(plain)
    slopes = np.column_stack([across.ravel(), down.ravel()])
    return np.asarray(np.linalg.lstsq(slopes, (plain - moved).ravel(), rcond=None)[0])


def test_a_shift_of_a_pixel_is_measured(odd):
    pixels = Pyramid(np.asarray(odd)).resized(224, 224)
    assert np.hypot(*shift(pixels[:, 1:], pixels[:, :-1])) > 0.4


def test_a_photo_and_its_mirror_image_are_not_both_brighter_on_the_left(odd):
    pixels = np.asarray(odd)
    assert Pyramid(pixels).is_brighter_left() != Pyramid(pixels[:, ::-1]).is_brighter_left()
    assert not Pyramid(np.full((30, 40, 3), 200, np.uint8)).is_brighter_left()


def test_a_flipped_pyramid_shows_what_the_flipped_photo_shows(odd):
    for plain, flipped in (
        (Pyramid(np.asarray(odd)), Pyramid(np.ascontiguousarray(np.asarray(odd)[:, ::-1]))),
        (LargePyramid(Photo(odd, "PNG", 1)), LargePyramid(Photo(ImageOps.mirror(odd), "PNG", 1))),
    ):
        plain.flip()
        crops = [
            each.crop(square((1700, 1200), side).to_crop(), SIDE) for each in (plain, flipped) for side in (60, 900)
        ]
        pictures = [each.resized(320, 320) for each in (plain, flipped)]
        assert plain.is_flipped
        assert difference(crops[0], crops[2]) < 0.5
        assert difference(crops[1], crops[3]) < 0.5
        assert difference(*pictures) < 0.5


@pytest.mark.parametrize("size", [(1, 1), (1, 400), (3, 5), (2, 3000)])
def test_odd_sizes_can_be_resized_and_cropped(size):
    pyramid = pyramid_of(Photo(Image.new("RGB", size, "grey"), "PNG", 1))
    assert pyramid.resized(20, 20).shape == (20, 20, 3)
    assert pyramid.crop(square((0, 0), 5000).to_crop(), SIDE).shape == (SIDE, SIDE, 3)


@pytest.mark.parametrize("factor", [1, 2, 8])
def test_strips_have_the_pixels_of_the_whole(large, factor):
    with Image.open(BytesIO(large)) as image:
        image.load()
        reduced = np.asarray(image.reduce(factor))
        assert np.array_equal(copy_reduced(image, factor, is_flipped=False), reduced)
        assert np.array_equal(copy_reduced(image, factor, is_flipped=True), reduced[:, ::-1])
