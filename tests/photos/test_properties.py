"""Files of chance, and photos damaged by chance: each is a photo or a PhotoError, whatever it holds."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from landmarks.core.errors import PhotoError
from landmarks.photos import heic
from landmarks.photos.decode import read_photo
from landmarks.photos.encode import encode_photo
from landmarks.photos.formats import ACCEPTED, HEIC
from landmarks.photos.photo import PhotoLimits
from tests.photos.bombs import bmp_of_short_rows, encoded
from tests.properties import tried

LIMITS = PhotoLimits(max_bytes=2_000_000, max_pixels=500_000)
STARTS = (b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\0\0\0WEBPVP8 ", b"BM", b"\0\0\0\x1cftypavif", b"GIF89a")


def photos() -> dict[str, bytes]:
    """A small photo in each accepted format, in the ways it may be written in, with all that may lie beside it."""
    with Image.open(Path(__file__).parent.parent / "images" / "astronaut.jpg") as file:
        image = file.convert("RGB").crop((180, 70, 276, 150))
    tags = Image.Exif()
    tags[0x0112], tags[0x010F] = 6, "SecretCam"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    beside: dict[str, Any] = {"exif": tags, "icc_profile": profile}
    veiled, other = image.copy(), image.rotate(90)
    veiled.putalpha(120)
    animation = {"save_all": True, "append_images": [other]}
    return {
        "JPEG": encoded(image, "JPEG", comment=b"a comment", **beside),
        "JPEG progressive": encoded(image, "JPEG", progressive=True, restart_marker_rows=1),
        "JPEG CMYK": encoded(image.convert("CMYK"), "JPEG"),
        "MPO": encoded(image, "MPO", **animation),
        "PNG": encoded(veiled, "PNG", **beside),
        "PNG palette": encoded(image.quantize(60), "PNG", transparency=3),
        "PNG 16": encoded(image.convert("I;16"), "PNG"),
        "APNG": encoded(image, "PNG", **animation),
        "WEBP": encoded(image, "WEBP", xmp=b"<x/>", **beside),
        "WEBP lossless": encoded(veiled, "WEBP", lossless=True, **animation),
        "BMP": encoded(image, "BMP"),
        "BMP palette": encoded(image.quantize(16), "BMP"),
        "BMP run-length": bmp_of_short_rows(90, 60),
        "AVIF": encoded(veiled, "AVIF", **beside),
        "GIF": encoded(image, "GIF", comment=b"a comment", **animation),
        **({"HEIF": heif(image)} if HEIC in ACCEPTED else {}),
    }


def heif(image: Image.Image) -> bytes:
    heic.register()
    return encoded(image, "HEIF")


PHOTOS = photos()
KINDS = st.sampled_from(sorted(PHOTOS))


def is_read_or_rejected(data: bytes, *, whole: bool = True) -> None:
    try:
        photo = read_photo(data, LIMITS, whole=whole)
    except PhotoError as exc:
        assert exc.message.endswith(".") and 400 <= exc.status < 500
    else:
        assert (photo.image.mode, photo.image.info) == ("RGB", {})
        assert encode_photo(photo.image)[:2] == b"\xff\xd8"


@pytest.mark.parametrize("name", PHOTOS)
def test_each_of_them_is_a_photo_before_it_is_damaged(name: str) -> None:
    assert read_photo(PHOTOS[name], LIMITS).width in (80, 90, 96)


# Pillow warns about many of these files, and no caller can keep it from that without a setting for the whole process.
@pytest.mark.filterwarnings("ignore")
@tried(3000)
@given(st.sampled_from([b"", *STARTS]), st.binary(max_size=600))
def test_bytes_of_chance(start: bytes, rest: bytes) -> None:
    is_read_or_rejected(start + rest)


@pytest.mark.filterwarnings("ignore")
@tried(3000)
@given(KINDS, st.floats(0, 1), st.booleans())
def test_a_photo_that_is_cut(name: str, part: float, whole: bool) -> None:
    data = PHOTOS[name]
    is_read_or_rejected(data[: int(part * len(data))], whole=whole)


@pytest.mark.filterwarnings("ignore")
@tried(4000)
@given(
    KINDS,
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 7)), min_size=1, max_size=12),
    st.booleans(),
)
def test_a_photo_with_flipped_bits(name: str, flips: list[tuple[float, int]], is_head: bool) -> None:
    data = bytearray(PHOTOS[name])
    # Most of what can be broken in a file stands in its first part.
    reach = min(len(data), 400) if is_head else len(data)
    for position, bit in flips:
        data[int(position * reach)] ^= 1 << bit
    is_read_or_rejected(bytes(data))


@pytest.mark.filterwarnings("ignore")
@tried(3000)
@given(
    KINDS,
    KINDS,
    st.floats(0, 1),
    st.floats(0, 1),
    st.binary(max_size=40),
)
def test_two_photos_that_are_spliced(one: str, other: str, until: float, since: float, between: bytes) -> None:
    head, tail = PHOTOS[one], PHOTOS[other]
    is_read_or_rejected(head[: int(until * len(head))] + between + tail[int(since * len(tail)) :])
