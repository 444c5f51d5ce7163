from PIL import Image

from landmarks.intake.formats import ACCEPT_ATTRIBUTE, ACCEPTED, ACCEPTED_LABELS, ACCEPTED_SUFFIXES


def test_names_the_accepted_formats_for_people() -> None:
    assert ACCEPTED_LABELS == "JPEG, PNG, WebP, BMP, AVIF or GIF"


def test_media_types_and_suffixes_are_those_that_pillow_knows() -> None:
    Image.init()
    assert [Image.MIME[kind.name] for kind in ACCEPTED] == [kind.media_type for kind in ACCEPTED]
    known = {suffix for suffix, name in Image.EXTENSION.items() if name in {kind.name for kind in ACCEPTED}}
    assert known <= ACCEPTED_SUFFIXES | {".avifs"}


def test_the_accept_attribute_lists_media_types() -> None:
    assert ACCEPT_ATTRIBUTE.split(",")[:2] == ["image/jpeg", "image/png"]


def test_a_film_of_avif_pictures_is_no_photo_by_name() -> None:
    assert ".avifs" not in ACCEPTED_SUFFIXES
    assert ".avif" in ACCEPTED_SUFFIXES
