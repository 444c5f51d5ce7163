"""AVIF and HEIC files by all of their brands."""

from pathlib import Path

import pytest
from PIL import Image

from landmarks.core.errors import PhotoUnsupported
from landmarks.photos import heic
from landmarks.photos.decode import read_photo
from landmarks.photos.formats import looks_accepted
from landmarks.photos.iso_media import format_name, with_known_brand
from landmarks.photos.photo import PhotoLimits
from tests.conftest import missing
from tests.photos.bombs import encoded

LIMITS = PhotoLimits(max_bytes=2_000_000, max_pixels=2_000_000)
ANY_CODING = [b"mif1", b"mif2", b"mif3", b"miaf", b"msf1", b"MiPr", b"1pic"]
AVIF_MAJORS = [*ANY_CODING, b"avif", b"avio", b"MA1A", b"MA1B", b"xxxx"]
FILM = b"\0\0\0\x18ftypisom\0\0\0\0isommp42"
HEIC_MAJORS = [*ANY_CODING, b"heic", b"heix", b"hevc", b"MiHA", b"MiHB", b"MiHE", b"xxxx"]


@pytest.fixture(scope="module")
def picture() -> Image.Image:
    with Image.open(Path(__file__).parent.parent / "images" / "astronaut.jpg") as file:
        return file.resize((96, 96))


def branded(data: bytes, major: bytes, *compatible: bytes) -> bytes:
    """The file with other brands, in a file type box of the same size."""
    size = int.from_bytes(data[:4])
    space = (size - 16) // 4
    brands = (*compatible, *[b"free"] * space)[:space]
    return data[:8] + major + data[12:16] + b"".join(brands) + data[size:]


@pytest.mark.parametrize("major", AVIF_MAJORS)
def test_avif_is_known_by_its_compatible_brands(major: bytes, picture: Image.Image) -> None:
    data = encoded(picture, "AVIF")
    photo = read_photo(branded(data, major, b"mif1", b"avif", b"miaf"), LIMITS)
    assert photo.format == "AVIF"
    assert photo.image.tobytes() == read_photo(data, LIMITS).image.tobytes()


@pytest.mark.parametrize("major", [b"MA1A", b"MA1B", b"avio", *ANY_CODING])
def test_avif_is_known_without_the_brand_that_it_should_have(major: bytes, picture: Image.Image) -> None:
    data = branded(encoded(picture, "AVIF"), major, b"mif1", b"miaf")
    assert format_name(data) == "AVIF"
    assert read_photo(data, LIMITS).image.size == (96, 96)


@pytest.mark.parametrize("major", HEIC_MAJORS)
def test_heic_is_known_by_its_compatible_brands(major: bytes, picture: Image.Image) -> None:
    if not heic.is_installed():
        missing("pillow-heif is not installed")
    heic.register()
    data = encoded(picture, "HEIF")
    photo = read_photo(branded(data, major, b"mif1", b"heic"), LIMITS)
    assert photo.format == "HEIF"
    assert photo.image.tobytes() == read_photo(data, LIMITS).image.tobytes()


@pytest.mark.parametrize("major", [b"mif1", b"miaf", b"mif2", b"MiHE", b"MiHB"])
def test_heic_is_known_without_the_brand_that_it_should_have(major: bytes, picture: Image.Image) -> None:
    if not heic.is_installed():
        missing("pillow-heif is not installed")
    heic.register()
    data = branded(encoded(picture, "HEIF"), major, b"miaf")
    assert format_name(data) == "HEIF"
    assert read_photo(data, LIMITS).image.size == (96, 96)


@pytest.mark.parametrize(
    "head", [b"\0\0\0\x18ftypisom\0\0\0\0isommp42", b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", b"ftyp", b""]
)
def test_films_and_other_files_are_no_pictures(head: bytes) -> None:
    assert format_name(head) == ""
    assert with_known_brand(head) == head
    assert not looks_accepted(head)


def test_a_film_is_refused_by_its_name() -> None:
    with pytest.raises(PhotoUnsupported, match="^Video files aren't supported"):
        read_photo(FILM + bytes(99), LIMITS)


@pytest.mark.parametrize("size", [0, 1, 8, 15, 2**31])
def test_a_box_of_an_impossible_size_is_read_as_far_as_it_goes(size: int) -> None:
    data = size.to_bytes(4) + b"ftypmif1\0\0\0\0avif"
    assert format_name(data) in ("AVIF", "HEIF")
