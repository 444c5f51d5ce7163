import re
from io import BytesIO

import pytest
from PIL import Image

from landmarks.photos import heic
from landmarks.photos.formats import ACCEPT_ATTRIBUTE, ACCEPTED, ACCEPTED_LABELS, ACCEPTED_SUFFIXES, HEIC, SIGNATURES


def test_names_the_accepted_formats_for_people() -> None:
    without_heic = ACCEPTED_LABELS.replace("AVIF, GIF or HEIC", "AVIF or GIF")
    assert without_heic == "JPEG, PNG, WebP, BMP, AVIF or GIF"
    assert (HEIC in ACCEPTED) == heic.is_installed() == ("HEIC" in ACCEPTED_LABELS)


def test_media_types_and_suffixes_are_those_that_pillow_knows() -> None:
    Image.init()
    if HEIC in ACCEPTED:
        heic.register()
    assert all(Image.MIME[kind.name] in kind.media_type.split(",") for kind in ACCEPTED)
    known = {suffix for suffix, name in Image.EXTENSION.items() if name in {kind.name for kind in ACCEPTED}}
    assert known <= ACCEPTED_SUFFIXES | {".avifs"}


def test_the_accept_attribute_lists_media_types() -> None:
    assert ACCEPT_ATTRIBUTE.split(",")[:2] == ["image/jpeg", "image/png"]


def test_a_film_of_avif_pictures_is_no_photo_by_name() -> None:
    assert ".avifs" not in ACCEPTED_SUFFIXES
    assert ".avif" in ACCEPTED_SUFFIXES


def is_photo(data: bytes) -> bool:
    """As the pages decide it."""
    return re.match(f"^(?:{SIGNATURES})", data[:1024].decode("latin-1"), re.DOTALL) is not None


@pytest.mark.parametrize("name", [kind.name for kind in ACCEPTED])
def test_the_signatures_for_pages_are_those_of_accepted_files(name: str) -> None:
    if name == HEIC.name:
        heic.register()
    file = BytesIO()
    Image.new("RGB", (64, 64)).save(file, name)
    assert is_photo(file.getvalue())
    assert not is_photo(file.getvalue()[1:])


@pytest.mark.parametrize("brands", [b"mif1\0\0\0\0miafMA1B", b"MiHB\0\0\0\0mif1", b"avio\0\0\0\0"])
def test_the_signatures_know_pictures_by_any_of_their_brands(brands: bytes) -> None:
    assert is_photo((len(brands) + 8).to_bytes(4) + b"ftyp" + brands)


@pytest.mark.parametrize(
    "data",
    [b"", b"II*\0", b"%PDF-1.7", b"<svg/>", b"PK\x03\x04", b"\0\0\0\x14ftypisom\0\0\0\0mp42", b"RIFF1234WAVE"],
    ids=["empty", "TIFF", "PDF", "SVG", "ZIP", "film", "sound"],
)
def test_the_signatures_fit_nothing_else(data: bytes) -> None:
    assert not is_photo(data)
