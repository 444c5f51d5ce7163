"""The copy within the vendor's limits, and the way of its points back to the photo."""

import io

import numpy as np
import pytest
from PIL import Image

from landmarks.core.errors import HostedError
from landmarks.core.faces import Face
from landmarks.core.pixels import Transform
from landmarks.engines.acedata.resize import MAX_BYTES, accepted_size, encode_within_limit
from landmarks.photos.decode import read_photo
from landmarks.photos.photo import Photo, PhotoLimits
from landmarks.wire.acedata import face_to_wire
from tests.engines.hosted import ALL, a_photo, an_engine, noise
from tests.vendor import Vendor, face_in


def picture(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_a_large_turned_photo_comes_back_with_points_on_the_upright_one(vendor: Vendor) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    stream = io.BytesIO()
    Image.new("RGB", (6000, 4000), "grey").save(stream, "JPEG", exif=exif)
    photo = read_photo(stream.getvalue(), PhotoLimits(10**8, 10**8))
    finding = an_engine(vendor).find(photo, ALL)
    assert photo.image.size == (4000, 6000)
    assert picture(vendor.uploads[0].file()).size == (2667, 4000)
    sent = Face(tuple((p["x"], p["y"]) for region in face_in(2667, 4000).values() for p in region), None)
    expected = tuple(((x + 0.5) * 4000 / 2667 - 0.5, (y + 0.5) * 6000 / 4000 - 0.5) for x, y in sent.points)
    assert np.array(finding.faces[0].points) == pytest.approx(np.array(expected), abs=1e-9)
    assert finding.remark == ""


def test_points_of_a_copy_that_was_not_scaled_are_unchanged(vendor: Vendor) -> None:
    finding = an_engine(vendor).find(a_photo(4000, 3000), ALL)
    assert face_to_wire(finding.faces[0], rounded=False) == face_in(4000, 3000)


def test_points_scale_back_as_pillow_scales(vendor: Vendor) -> None:
    """A white dot of a large photo is found in the copy, and its centre maps back to where it was."""
    image = Image.new("RGB", (8000, 6000))
    image.paste("white", (5600, 1400, 5609, 1409))
    data, size = encode_within_limit(image, (4000, 3000))
    weights = picture(data).convert("L").load()
    dots = [(x, y, weights[x, y]) for x in range(2780, 2820) for y in range(680, 720) if weights[x, y] > 60]
    total = sum(weight for *_, weight in dots)
    x, y = (sum(dot[axis] * dot[2] for dot in dots) / total for axis in (0, 1))
    back = Transform.resize(size, (8000, 6000)).point((x, y))
    assert back == pytest.approx((5604, 1404), abs=0.25)


@pytest.mark.parametrize(
    ("photo", "copy"),
    [
        ((300, 200), (300, 200)),
        ((4000, 4000), (4000, 4000)),
        ((8000, 6000), (4000, 3000)),
        ((4100, 64), None),
        ((50, 40), (80, 64)),
        ((1, 1), (64, 64)),
        ((3000, 30), None),
        ((32766, 600), (4000, 73)),
        ((32766, 500), None),
        ((4000, 64), (4000, 64)),
    ],
)
def test_the_size_of_the_copy(photo: tuple[int, int], copy: tuple[int, int] | None) -> None:
    assert accepted_size(*photo) == copy
    assert accepted_size(*photo[::-1]) == (copy and copy[::-1])


def test_a_strip_that_no_scale_fits_is_reported_without_a_call(vendor: Vendor) -> None:
    with pytest.raises(HostedError) as caught:
        an_engine(vendor).find(a_photo(6000, 20), ALL)
    assert (caught.value.code, caught.value.status) == ("hosted_photo_strip", 400)
    assert vendor.connections == 0


def test_a_copy_stays_within_the_limit_of_bytes() -> None:
    data, size = encode_within_limit(noise(3600, 3600), (3600, 3600))
    assert len(data) <= MAX_BYTES
    assert picture(data).size == size
    assert size[0] == size[1] < 3600


def test_quality_is_reduced_before_pixels() -> None:
    data, size = encode_within_limit(noise(1700, 1700), (1700, 1700))
    assert len(data) <= MAX_BYTES
    assert size == picture(data).size == (1700, 1700)


def test_a_small_photo_is_enlarged_and_its_points_come_back(vendor: Vendor) -> None:
    finding = an_engine(vendor).find(a_photo(50, 40), ALL)
    assert picture(vendor.uploads[0].file()).size == (80, 64)
    assert all(0 <= x <= 50 and 0 <= y <= 40 for x, y in finding.faces[0].points)


def test_the_photo_is_unchanged(vendor: Vendor) -> None:
    photo: Photo = a_photo(4100, 100)
    before = photo.image.tobytes()
    an_engine(vendor).find(photo, ALL)
    assert photo.image.tobytes() == before
