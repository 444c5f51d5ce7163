"""PNG files whose pixels are all there, although something beside them is broken, odd or very long."""

import base64
import random
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms, ImageOps

from landmarks.core.errors import PhotoError, PhotoTooLarge
from landmarks.photos.decode import read_photo
from landmarks.photos.photo import PhotoLimits
from landmarks.photos.png import SIGNATURE, without_extras
from tests.photos.bombs import encoded, png_chunk

ASTRONAUT = Path(__file__).parent.parent / "images" / "astronaut.jpg"
LIMITS = PhotoLimits(max_bytes=20 * 2**20, max_pixels=60_000_000)
CHANCE = random.Random(16)  # noqa: S311
LONG_TEXT = bytes(CHANCE.randrange(32, 127) for _ in range(2**18)) * 12
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.fixture(scope="module")
def astronaut() -> Image.Image:
    with Image.open(ASTRONAUT) as file:
        return file.resize((96, 96))


@pytest.fixture(scope="module")
def clean(astronaut: Image.Image) -> bytes:
    return encoded(astronaut, "PNG")


def broken(kind: bytes, body: bytes) -> bytes:
    """A chunk with a wrong checksum."""
    chunk = png_chunk(kind, body)
    return chunk[:-1] + bytes((chunk[-1] ^ 1,))


def lying(kind: bytes, body: bytes, length: int) -> bytes:
    """A chunk that declares another length than it has."""
    return struct.pack(">I", length) + png_chunk(kind, body)[4:]


def itxt(text: bytes, flag: int = 1, method: int = 0) -> bytes:
    return b"Comment\0" + bytes((flag, method)) + b"\0\0" + text


def iccp(profile: bytes, method: int = 0) -> bytes:
    return b"icc\0" + bytes((method,)) + zlib.compress(profile)


EXTRAS: dict[str, bytes] = {
    # Longer than Pillow's limits
    "zTXt above 1 MB": png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(LONG_TEXT)),
    "iTXt above 1 MB": png_chunk(b"iTXt", itxt(zlib.compress(LONG_TEXT))),
    "tEXt above 1 MB": png_chunk(b"tEXt", b"Comment\0" + LONG_TEXT),
    "zTXt that is a bomb": png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(10**8))),
    "many texts": png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(1_000_000))) * 70,
    "iCCP above 1 MB": png_chunk(b"iCCP", iccp(SRGB + bytes(2_000_000))),
    "iCCP of noise above 1 MB": png_chunk(b"iCCP", iccp(CHANCE.randbytes(1_500_000))),
    "iCCP that is a bomb": png_chunk(b"iCCP", iccp(bytes(10**8))),
    # Of a kind that nobody knows
    "zTXt of an unknown compression": png_chunk(b"zTXt", b"Comment\0\x07" + b"abc"),
    "iTXt of an unknown compression": png_chunk(b"iTXt", itxt(b"abc", method=9)),
    "iCCP of an unknown compression": png_chunk(b"iCCP", iccp(SRGB, method=3)),
    "zTXt that is no zlib stream": png_chunk(b"zTXt", b"Comment\0\0no stream"),
    "iTXt that is no zlib stream": png_chunk(b"iTXt", itxt(b"no stream")),
    "iCCP that is no zlib stream": png_chunk(b"iCCP", b"icc\0\0no stream"),
    "iTXt that is no UTF-8": png_chunk(b"iTXt", itxt(b"\xff\xfe", flag=0)),
    "tEXt without a keyword": png_chunk(b"tEXt", b""),
    "empty private chunk": png_chunk(b"prVt"),
    # Of a wrong length, with a checksum that fits
    **{
        f"{kind.decode()} of {length} bytes": png_chunk(kind, bytes(length))
        for kind, length in (
            (b"pHYs", 0), (b"pHYs", 4), (b"pHYs", 20), (b"gAMA", 0), (b"gAMA", 3), (b"gAMA", 5), (b"cHRM", 7),
            (b"cHRM", 31), (b"sRGB", 0), (b"sRGB", 3), (b"tIME", 2), (b"sBIT", 9), (b"bKGD", 1), (b"hIST", 3),
            (b"iCCP", 0), (b"eXIf", 0), (b"eXIf", 3), (b"tRNS", 0), (b"tRNS", 5), (b"zTXt", 0), (b"iTXt", 0),
            (b"acTL", 3), (b"fcTL", 5), (b"fdAT", 2), (b"cICP", 1), (b"oFFs", 2), (b"sPLT", 1), (b"sTER", 0),
        )
    },
    # Of a wrong checksum
    **{
        f"{kind.decode()} of a wrong checksum": broken(kind, body)
        for kind, body in (
            (b"tEXt", b"Comment\0hello"), (b"iTXt", itxt(b"hello", flag=0)), (b"zTXt", b"a\0\0" + zlib.compress(b"b")),
            (b"pHYs", struct.pack(">2IB", 2835, 2835, 1)), (b"gAMA", struct.pack(">I", 45455)), (b"iCCP", iccp(SRGB)),
            (b"eXIf", b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"), (b"prVt", b"secret"),
            (b"acTL", struct.pack(">2I", 2, 0)), (b"tIME", bytes(7)), (b"sRGB", b"\0"), (b"cHRM", bytes(32)),
            (b"tRNS", bytes(6)), (b"vpAg", bytes(9)), (b"npTc", bytes(40)), (b"iDOT", bytes(28)), (b"caBX", bytes(99)),
        )
    },
    "three chunks of wrong checksums": broken(b"tEXt", b"a\0b") + broken(b"pHYs", bytes(9)) + broken(b"prVt", b""),
    "a broken chunk that holds a PNG file": broken(b"prVt", encoded(Image.new("RGB", (4, 4)), "PNG")),
    # Of a length that leads into what follows
    **{
        f"{kind.decode()} that declares {length} bytes": lying(kind, body, length)
        for kind, body in ((b"tEXt", b"Comment\0" + b"hello " * 20), (b"pHYs", struct.pack(">2IB", 2835, 2835, 1)))
        for length in (0, 1, 5, len(body) - 1, len(body) + 1, len(body) + 4, len(body) + 12, 5000, 2**31 - 1, 2**32 - 1)
    },
}  # fmt: skip


def after_header(png: bytes, chunks: bytes) -> bytes:
    return png[:33] + chunks + png[33:]


def before_end(png: bytes, chunks: bytes) -> bytes:
    return png[:-12] + chunks + png[-12:]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("place", [after_header, before_end])
@pytest.mark.parametrize("extra", EXTRAS.values(), ids=EXTRAS)
def test_pixels_do_not_depend_on_what_stands_beside_them(extra: bytes, place: Any, clean: bytes) -> None:
    photo = read_photo(place(clean, extra), LIMITS)
    assert photo.image.tobytes() == read_photo(clean, LIMITS).image.tobytes()
    assert (photo.format, photo.orientation) == ("PNG", 1)


def test_a_wrong_length_that_swallows_exactly_the_next_chunk_is_noticed(clean: bytes) -> None:
    text = b"Comment\0hello"
    first = int.from_bytes(clean[33:37]) + 12
    data = after_header(clean, lying(b"tEXt", text, len(text) + 12 + first - 12))
    assert read_photo(data, LIMITS).image.tobytes() == read_photo(clean, LIMITS).image.tobytes()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_picture_keeps_its_pixels(mode: str, astronaut: Image.Image) -> None:
    image = astronaut.convert("L").convert(mode) if mode == "I;16" else astronaut.convert(mode)
    png = encoded(image, "PNG", **({"transparency": 7} if mode == "P" else {}))
    data = before_end(after_header(png, EXTRAS["tEXt of a wrong checksum"]), EXTRAS["pHYs of 4 bytes"])
    assert read_photo(data, LIMITS).image.tobytes() == read_photo(png, LIMITS).image.tobytes()


def test_colours_are_converted_with_a_profile_of_more_than_a_megabyte(astronaut: Image.Image) -> None:
    wide = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert read_photo(encoded(astronaut, "PNG", icc_profile=wide), LIMITS).width == 96  # of another kind, so ignored
    swapped = swapped_profile()
    small = read_photo(encoded(astronaut, "PNG", icc_profile=swapped), LIMITS)
    large = read_photo(encoded(astronaut, "PNG", icc_profile=padded(swapped, 1_500_000)), LIMITS)
    plain = read_photo(encoded(astronaut, "PNG"), LIMITS)
    assert large.image.tobytes() == small.image.tobytes() != plain.image.tobytes()


def swapped_profile() -> bytes:
    """sRGB with red and blue exchanged."""
    return SRGB.replace(b"rXYZ", b"tmpX").replace(b"bXYZ", b"rXYZ").replace(b"tmpX", b"bXYZ")


def padded(profile: bytes, size: int) -> bytes:
    return struct.pack(">I", size) + profile[4:] + bytes(size - len(profile))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_sound_orientation_is_applied_beside_what_is_broken(orientation: int, astronaut: Image.Image) -> None:
    tags = Image.Exif()
    tags[0x0112] = orientation
    png = after_header(encoded(astronaut, "PNG", exif=tags), EXTRAS["prVt of a wrong checksum"])
    photo = read_photo(png, LIMITS)
    turned = astronaut.copy()
    turned.getexif()[0x0112] = orientation
    assert photo.image.tobytes() == ImageOps.exif_transpose(turned).tobytes()


RAW_PROFILE = b"\nexif\n      34\n" + base64.b16encode(
    b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
)


@pytest.mark.parametrize(
    "text",
    [
        png_chunk(b"tEXt", b"Raw profile type exif\0" + RAW_PROFILE),
        png_chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(RAW_PROFILE)),
        png_chunk(b"iTXt", b'XML:com.adobe.xmp\0\0\0\0\0<x tiff:Orientation="6"/>'),
        png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\x01\0\0\0" + zlib.compress(b'<x tiff:Orientation="6"/>')),
    ],
    ids=["tEXt", "zTXt", "iTXt", "compressed iTXt"],
)
def test_older_programs_orientation_is_applied_as_well(text: bytes, clean: bytes) -> None:
    assert read_photo(after_header(clean, text), LIMITS).orientation == 6
    bomb = png_chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(bytes(10**8)))
    assert read_photo(after_header(clean, bomb), LIMITS).orientation == 1


def test_the_first_picture_of_an_animation_is_taken_beside_what_is_broken(astronaut: Image.Image) -> None:
    other = Image.new("RGB", astronaut.size, "red")
    png = encoded(astronaut, "PNG", save_all=True, append_images=[other])
    assert read_photo(after_header(png, EXTRAS["gAMA of 3 bytes"]), LIMITS).image.tobytes() == astronaut.tobytes()


# What is still refused.


def damaged(png: bytes, kind: bytes, offset: int) -> bytes:
    """The file with one bit changed at an offset from the type of its first chunk of a kind."""
    data = bytearray(png)
    data[data.index(kind) + offset] ^= 1
    return bytes(data)


@pytest.mark.parametrize("kind", [b"IHDR", b"PLTE", b"IDAT"])
@pytest.mark.parametrize("offset", [-1, 5, "end"], ids=["length", "content", "checksum"])
def test_a_damaged_chunk_that_pixels_need_is_refused(kind: bytes, offset: Any, astronaut: Image.Image) -> None:
    png = encoded(astronaut.quantize(60), "PNG")
    if offset == "end":
        offset = 4 + int.from_bytes(png[png.index(kind) - 4 : png.index(kind)])
    for extra in (b"", EXTRAS["pHYs that declares 1 bytes"]):
        with pytest.raises(PhotoError, match=r"damaged|isn't a supported"):
            read_photo(after_header(damaged(png, kind, offset), extra), LIMITS)


@pytest.mark.parametrize("name", [b"pLTE", b"iDAT"])
def test_a_damaged_type_does_not_make_pixels_dispensable(name: bytes, astronaut: Image.Image) -> None:
    png = encoded(astronaut.quantize(60), "PNG").replace(name.upper(), name)
    with pytest.raises(PhotoError, match="damaged"):
        read_photo(png, LIMITS)


def test_a_file_whose_pixels_are_cut_is_refused(clean: bytes) -> None:
    data = after_header(clean, EXTRAS["tEXt of a wrong checksum"])
    with pytest.raises(PhotoError, match="damaged"):
        read_photo(data[: len(data) // 2], LIMITS)


def test_a_bomb_stays_a_bomb() -> None:
    head = png_chunk(b"IHDR", struct.pack(">2I5B", 30_000, 30_000, 8, 2, 0, 0, 0))
    data = SIGNATURE + head + EXTRAS["gAMA of 3 bytes"] + png_chunk(b"IDAT", zlib.compress(b"")) + png_chunk(b"IEND")
    with pytest.raises(PhotoTooLarge, match="more than 60 million pixels"):
        read_photo(data, LIMITS)


def endings() -> Iterator[tuple[str, bytes]]:
    idat = png_chunk(b"IDAT")
    yield "beginnings", b"\xff\xff\xff\xffIDAT"
    yield "short beginnings", b"\0\1\0\0IDAT"
    yield "broken chunks", b"\0\0\0\0abCdxxxx"
    yield "broken chunks around sound ones", b"\0\xff\0\0abCdxxxxxxxxxxxx" + idat


@pytest.mark.parametrize("part", [part for _, part in endings()], ids=[name for name, _ in endings()])
def test_a_file_of_nothing_but_beginnings_is_given_up(part: bytes) -> None:
    """What is read to go on behind damage is a small multiple of the file; without a bound this would take hours."""
    data = SIGNATURE + b"\0\0\0\5abCdx" + part * (4 * 2**20 // len(part))
    with pytest.raises(PhotoError):
        read_photo(data, LIMITS)


def test_only_png_files_are_touched() -> None:
    assert without_extras(ASTRONAUT.read_bytes()) is None
    with Image.open(BytesIO(ASTRONAUT.read_bytes())) as image:
        assert without_extras(encoded(image.resize((8, 8)), "GIF")) is None
