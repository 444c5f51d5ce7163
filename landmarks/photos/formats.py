"""The formats that are accepted as photos, and how the first bytes of a file reveal its format."""

import re
from dataclasses import dataclass

from landmarks.photos import heic, iso_media


@dataclass(frozen=True)
class PhotoFormat:
    """An accepted format."""

    name: str
    """As Pillow knows it."""
    label: str
    """As people know it."""
    media_type: str
    """For `accept=` of a file field; several are separated by commas."""
    suffixes: tuple[str, ...]
    magic: re.Pattern[bytes] | None
    """How its files begin; None for the formats of `iso_media`."""


HEIC = PhotoFormat("HEIF", "HEIC", "image/heic,image/heif", (".heic", ".heics", ".heif", ".heifs", ".hif"), None)

ACCEPTED = (
    PhotoFormat("JPEG", "JPEG", "image/jpeg", (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"), re.compile(rb"\xff\xd8\xff")),
    PhotoFormat("PNG", "PNG", "image/png", (".png", ".apng"), re.compile(rb"\x89PNG")),
    PhotoFormat("WEBP", "WebP", "image/webp", (".webp",), re.compile(rb"RIFF....WEBP", re.DOTALL)),
    PhotoFormat("BMP", "BMP", "image/bmp", (".bmp",), re.compile(rb"BM")),
    PhotoFormat("AVIF", "AVIF", "image/avif", (".avif",), None),
    PhotoFormat("GIF", "GIF", "image/gif", (".gif",), re.compile(rb"GIF8")),
    *((HEIC,) if heic.is_installed() else ()),
)
"""The one list of accepted formats; of an animation the first picture is read."""

ACCEPTED_LABELS = ", ".join(kind.label for kind in ACCEPTED[:-1]) + f" or {ACCEPTED[-1].label}"
"""For people: JPEG, PNG, WebP, BMP, AVIF or GIF."""

ACCEPTED_SUFFIXES = frozenset(suffix for kind in ACCEPTED for suffix in kind.suffixes)
"""For folders: the lower-case suffixes of photos."""

ACCEPT_ATTRIBUTE = ",".join(kind.media_type for kind in ACCEPTED)
"""For pages: the value of `accept=` of a file field."""

SIGNATURES = "|".join(
    kind.magic.pattern.decode() if kind.magic else iso_media.brand_pattern(kind.name) for kind in ACCEPTED
)
"""For pages: how accepted files begin, each byte a character, as a regular expression of JavaScript and of Python."""

UNSUPPORTED = (
    ("TIFF", re.compile(rb"II\*\0|MM\0\*|II\+\0|MM\0\+")),
    ("SVG", re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!DOCTYPE svg|<svg)", re.IGNORECASE)),
    ("JPEG XL", re.compile(rb"\xff\x0a|\0\0\0\x0cJXL ")),
    ("JPEG 2000", re.compile(rb"\0\0\0\x0cjP  ")),
    ("Photoshop", re.compile(rb"8BPS")),
    ("PDF", re.compile(rb"%PDF")),
    ("Video", re.compile(rb"....ftyp(?:iso[m2-9]|mp4[12]|avc1|qt  |M4V |3gp.)|\x1aE\xdf\xa3", re.DOTALL)),
    (
        "Office",
        re.compile(rb"\xd0\xcf\x11\xe0|PK\x03\x04.{26}(?:\[Content_Types\]|mimetype|word/|ppt/|xl/)", re.DOTALL),
    ),
    ("ZIP", re.compile(rb"PK\x03\x04")),
)
"""Formats that people are likely to send although they are not accepted, so that the error can name them."""


def looks_accepted(data: bytes) -> bool:
    """Whether the file begins like one of an accepted format; if it can't be read then, it is damaged."""
    name = iso_media.format_name(data)
    return any(kind.magic.match(data) if kind.magic else kind.name == name for kind in ACCEPTED)


def unsupported_format(data: bytes) -> str | None:
    """The name of the format, if it is a well-known one that is not accepted."""
    if iso_media.format_name(data) == HEIC.name:
        return HEIC.label
    return next((name for name, magic in UNSUPPORTED if magic.match(data)), None)
