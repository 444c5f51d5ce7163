"""JPEG files whose last bytes are missing, filled up, or followed by others."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops

from landmarks.core.errors import PhotoError
from landmarks.photos.decode import read_photo
from landmarks.photos.jpeg import EOI, completed
from landmarks.photos.photo import PhotoLimits
from tests.photos.bombs import encoded

IMAGES = Path(__file__).parent.parent / "images"
LIMITS = PhotoLimits(max_bytes=20 * 2**20, max_pixels=60_000_000)

KINDS: dict[str, dict[str, Any]] = {
    "baseline": {},
    "4:4:4": {"subsampling": "4:4:4"},
    "restarts": {"restart_marker_rows": 1},
    "progressive": {"progressive": True},
    "grey": {"mode": "L"},
    "CMYK": {"mode": "CMYK"},
    "optimised": {"optimize": True},
}


def photo(kind: str, name: str = "astronaut.jpg") -> bytes:
    options = dict(KINDS[kind])
    with Image.open(IMAGES / name) as file:
        return encoded(file.convert(options.pop("mode", "RGB")), "JPEG", quality=90, **options)


def pixels(data: bytes) -> Image.Image:
    return read_photo(data, LIMITS).image


WITHOUT_END = {
    "end missing": b"",
    "half of the end missing": b"\xff",
    "end overwritten by zeros": bytes(2),
    "filled up with zeros": bytes(5000),
    "filled up with ones": b"\xff" * 5000,
    "line break": b"\r\n",
    "another file's beginning": b"\xff\xd8\xff\xe0\0\x10JFIF",
    "a comment cut off": b"\xff\xfe\x99\x99abc",
    "half of the end and zeros": b"\xff" + bytes(30),
    "a boundary of a form": b"\r\n------WebKitFormBoundary--\r\n",
}
WITH_END = {
    "zeros": EOI + bytes(5000),
    "ones": EOI + b"\xff" * 5000,
    "text": EOI + b"appended by a program",
    "an archive": EOI + b"PK\x03\x04" + bytes(100),
    "another photo": EOI + (IMAGES / "obama-240p.jpg").read_bytes(),
    "half of another photo": EOI + (IMAGES / "obama-240p.jpg").read_bytes()[:9000],
    "a second end": EOI + EOI,
}


@pytest.mark.parametrize("end", [*WITHOUT_END.values(), *WITH_END.values()], ids=[*WITHOUT_END, *WITH_END])
@pytest.mark.parametrize("kind", KINDS)
def test_pixels_are_the_same_whatever_the_file_ends_with(kind: str, end: bytes) -> None:
    whole = photo(kind)
    assert whole.endswith(EOI)
    assert pixels(whole[:-2] + end).tobytes() == pixels(whole).tobytes()


@pytest.mark.parametrize("padding", [b"", bytes(4096), b"\xff" * 4096], ids=["cut", "zeros", "ones"])
@pytest.mark.parametrize("missing", [3, 5, 10, 100, 500])
@pytest.mark.parametrize("kind", KINDS)
def test_all_but_the_last_rows_are_there_when_pixels_are_missing(kind: str, missing: int, padding: bytes) -> None:
    whole = photo(kind)
    read, expected = pixels(whole[:-missing] + padding), pixels(whole)
    assert read.size == expected.size
    box = ImageChops.difference(read, expected).getbbox()
    assert box is None or kind == "progressive" or box[1] >= expected.height * 14 // 16


def test_a_progressive_photo_lacks_only_detail_when_its_last_scan_is_cut() -> None:
    whole = photo("progressive")
    assert pixels(whole[: len(whole) * 9 // 10]).size == (512, 512)


@pytest.mark.parametrize("whole", [True, False], ids=["whole", "reduced"])
def test_a_reduced_photo_is_completed_as_well(whole: bool) -> None:
    with Image.open(IMAGES / "astronaut.jpg") as file:
        data = encoded(file.resize((2048, 2048)), "JPEG")
    picture = read_photo(data[:-2], LIMITS, whole=whole).picture
    expected = read_photo(data, LIMITS, whole=whole).picture
    images = [each if isinstance(each, Image.Image) else each.image for each in (picture, expected)]
    assert images[0].tobytes() == images[1].tobytes()


@pytest.mark.parametrize("padded", [False, True], ids=["cut", "filled up"])
@pytest.mark.parametrize("part", [0.1, 0.3, 0.5, 0.8])
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "progressive"])
def test_a_photo_whose_lower_part_is_missing_is_refused(kind: str, part: float, padded: bool) -> None:
    whole = photo(kind)
    cut = whole[: int(len(whole) * part)]
    with pytest.raises(PhotoError, match="damaged or incomplete"):
        read_photo(cut + bytes(len(whole) - len(cut)) * padded, LIMITS)


@pytest.mark.parametrize("part", [0.1, 0.3, 0.5])
def test_a_progressive_photo_without_all_of_its_scans_is_refused(part: float) -> None:
    whole = photo("progressive")
    with pytest.raises(PhotoError, match="damaged or incomplete"):
        read_photo(whole[: int(len(whole) * part)], LIMITS)


def test_a_photo_of_a_phone_without_its_end_keeps_its_orientation_and_profile() -> None:
    tags = Image.Exif()
    tags[0x0112] = 6
    with Image.open(IMAGES / "astronaut.jpg") as file:
        data = encoded(file, "JPEG", exif=tags)
    assert (read_photo(data[:-2], LIMITS).orientation, pixels(data[:-2]).tobytes()) == (6, pixels(data).tobytes())


def test_only_what_has_no_end_is_completed() -> None:
    whole = photo("baseline")
    assert completed(whole) is None
    assert completed(whole + b"more") is None
    assert completed(b"GIF89a") is None
    assert completed(whole[:300]) is None
    with Image.open(BytesIO(completed(whole[:-2]) or b"")) as file:
        file.load()
