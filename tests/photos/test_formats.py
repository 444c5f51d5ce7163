from PIL import Image

from landmarks.photos import heic
from landmarks.photos.formats import ACCEPT_ATTRIBUTE, ACCEPTED, ACCEPTED_LABELS, ACCEPTED_SUFFIXES, HEIC


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
