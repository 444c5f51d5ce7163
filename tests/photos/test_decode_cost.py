"""What is refused by its header because decoding it would take too much memory or time."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from landmarks.core.errors import PhotoTooLarge
from landmarks.photos.decode import read_photo
from landmarks.photos.decode_cost import bytes_per_pixel, count_scans, webp_size
from landmarks.photos.photo import PhotoLimits
from tests.photos.bombs import encoded, jpeg_of_scans

RGB = Image.new("RGB", (200, 100), (90, 60, 30))
VEILED = Image.merge("RGBA", (*RGB.split(), Image.new("L", RGB.size, 100)))


@pytest.mark.parametrize(
    ("image", "format", "options", "cost"),
    [
        (RGB, "JPEG", {}, 4),
        (RGB, "JPEG", {"progressive": True, "subsampling": "4:4:4"}, 4 + 6),
        (RGB, "JPEG", {"progressive": True, "subsampling": "4:2:0"}, 4 + 3),
        (RGB.convert("CMYK"), "JPEG", {"progressive": True}, 4 + 8),
        (RGB.convert("L"), "JPEG", {"progressive": True}, 4 + 2),
        (RGB, "WEBP", {}, 17),
        (RGB, "AVIF", {}, 9),
        (VEILED, "AVIF", {}, 13),
        (VEILED, "PNG", {}, 9),
    ],
)
def test_reports_the_memory_for_a_pixel(image: Image.Image, format: str, options: dict[str, Any], cost: float) -> None:
    data = encoded(image, format, **options)
    with Image.open(BytesIO(data)) as file:
        assert bytes_per_pixel(file, count_scans(data, 50)) == cost


def test_takes_fewer_pixels_of_what_needs_more_memory() -> None:
    limits = PhotoLimits(max_bytes=10**6, max_pixels=30_000)
    assert read_photo(encoded(RGB, "PNG"), limits).width == 200
    for format, options in (("WEBP", {}), ("JPEG", {"progressive": True, "subsampling": "4:4:4"})):
        assert read_photo(encoded(RGB.resize((100, 100)), format, **options), limits).width == 100
    with pytest.raises(PhotoTooLarge, match="take a lot of memory to decode, so the limit for them is 0.01"):
        read_photo(encoded(RGB, "WEBP"), limits)


def test_counts_scans_and_stops_behind_the_limit() -> None:
    assert count_scans(encoded(RGB, "JPEG"), 50) == 1
    progressive = count_scans(encoded(RGB, "JPEG", progressive=True), 50)
    assert progressive == 10
    assert count_scans(jpeg_of_scans(RGB, 7), 50) == progressive + 7
    assert count_scans(jpeg_of_scans(RGB, 70), 50) == 51


def test_marks_within_the_pixels_are_no_scans() -> None:
    assert count_scans(encoded(RGB, "JPEG", restart_marker_blocks=1), 50) == 1


@pytest.mark.parametrize(
    "options",
    [{}, {"lossless": True}, {"exif": b"Exif\0\0"}],
    ids=["plain", "lossless", "with chunks"],
)
def test_reports_the_size_of_a_webp_file_unopened(options: dict[str, Any]) -> None:
    assert webp_size(encoded(Image.new("RGB", (1201, 37)), "WEBP", **options)) == (1201, 37)


@pytest.mark.parametrize("data", [b"", b"RIFF", encoded(Image.new("RGB", (9, 9)), "PNG")])
def test_reports_no_size_of_another_file(data: bytes) -> None:
    assert webp_size(data) is None
