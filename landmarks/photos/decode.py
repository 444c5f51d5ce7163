"""Untrusted bytes to an upright sRGB photo."""

import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from io import BytesIO

from PIL import ExifTags, Image, ImageFile

from landmarks.core.errors import PhotoError, PhotoTooLarge, PhotoUnsupported
from landmarks.photos import heic
from landmarks.photos.colour import convert_to_srgb, make_opaque
from landmarks.photos.decode_cost import COSTS, ROOM, bytes_per_pixel, count_scans, webp_size
from landmarks.photos.formats import ACCEPTED, ACCEPTED_LABELS, HEIC, looks_accepted, refused_format
from landmarks.photos.photo import Photo, PhotoLimits, Reduced

MAX_SIDE = 32_766
"""Pixels along one side; OpenCV, which the engines use, cannot remap longer ones."""

MAX_SCANS = 50
"""Scans of a JPEG file; cameras and optimisers write about ten, and a few bytes buy a pass over all the pixels."""

REDUCED_SIDE = 800
"""Pixels that a reduced photo keeps along its long side at least: enough to see by for all but the last look."""


UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    OverflowError,
    RuntimeError,
    EOFError,
    struct.error,
    zlib.error,
)
"""What Pillow raises on files that are damaged or made to harm; found by feeding it such files."""

TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What makes a picture of each EXIF orientation upright (Exif 2.32, tag 0x0112)."""
ENDS_LEFT, ENDS_ON_TOP = frozenset((2, 3, 6, 7)), frozenset((3, 4, 7, 8))
"""Orientations whose last column or row as stored comes to lie on the left, or on top."""


@dataclass(frozen=True)
class Facts:
    """What a file says beside its pixels that is still needed."""

    format: str
    size: tuple[int, int]
    """As stored, and of the whole, where the pixels are those of a reduced one."""
    factor: int
    orientation: int
    profile: bytes | None


def read_photo(data: bytes, limits: PhotoLimits, *, whole: bool = True) -> Photo:
    """Decode one file, whatever its name says; of an animation the first picture.

    Unless the whole is wanted, a large JPEG is decoded at a fraction of its size; what is damaged shows all the same,
    since the file is read to its end.

    Raises PhotoTooLarge before anything is decoded, PhotoUnsupported for a format that is not in ACCEPTED, and
    PhotoError for a file that is damaged.
    """
    check_bytes(data, limits)
    with _refusals(data, limits):
        return _decode(data, limits, whole)


def check_bytes(data: bytes, limits: PhotoLimits) -> None:
    """Raises PhotoError for no bytes, PhotoTooLarge for too many."""
    if not data:
        raise PhotoError("file_empty")
    if len(data) > limits.max_bytes:
        raise PhotoTooLarge("file_too_large", max_bytes=limits.max_bytes)


@contextmanager
def _refusals(data: bytes, limits: PhotoLimits) -> Iterator[None]:
    """Translate what Pillow raises."""
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as exc:
        raise _too_many_pixels(limits, str(exc)) from exc
    except MemoryError as exc:
        raise PhotoTooLarge("decoding_out_of_memory") from exc
    except UNREADABLE as exc:
        raise _unreadable(data, exc) from exc


def _decode(data: bytes, limits: PhotoLimits, whole: bool) -> Photo:
    image, facts = _load(data, limits, whole)
    # One step at a time, each letting go of the picture before it: of a large one there is room for two.
    image = make_opaque(image)
    image = convert_to_srgb(image, facts.profile)
    image = _upright(image, facts.orientation)
    if facts.factor == 1:
        return Photo(image, facts.format, facts.orientation, len(data))
    reduced = _reduced(image, facts, partial(read_photo, data, limits))
    return Photo(reduced, facts.format, facts.orientation, len(data))


def _load(data: bytes, limits: PhotoLimits, whole: bool) -> tuple[Image.Image, Facts]:
    if HEIC in ACCEPTED:
        heic.register()
    if size := webp_size(data):
        _check_size(size, COSTS["WEBP"], limits)
    with Image.open(BytesIO(data), formats=[kind.name for kind in ACCEPTED]) as file:
        is_jpeg = file.format in ("JPEG", "MPO")
        scans = count_scans(data, MAX_SCANS) if is_jpeg else 1
        _check_size(file.size, bytes_per_pixel(file, scans), limits)
        if scans > MAX_SCANS:
            raise PhotoError("too_many_scans", max_scans=MAX_SCANS)
        size, factor = file.size, reduction(file.size) if is_jpeg and not whole else 1
        if factor > 1:
            file.draft(None, (size[0] // factor, size[1] // factor))
        file.load()
        facts = Facts(
            "JPEG" if is_jpeg else str(file.format), size, factor, _orientation(file), file.info.get("icc_profile")
        )
        # As Pillow makes it everywhere for a new picture; a copy would take as long as decoding did.
        return file._new(file.im), facts


def reduction(size: tuple[int, int]) -> int:
    """By how much (1, 2, 4 or 8) a picture of this size can be reduced and keep enough to see by."""
    fits = (factor for factor in (8, 4, 2) if max(size) >= REDUCED_SIDE * factor and min(size) >= 16 * factor)
    return next(fits, 1)


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    """A picture of its own, without what the file says beside the pixels."""
    if orientation in TURNS:
        image = image.transpose(TURNS[orientation])
    image.info.clear()
    return image


def _reduced(image: Image.Image, facts: Facts, decode: Callable[[], Photo]) -> Reduced:
    width, height = facts.size[::-1] if facts.orientation >= 5 else facts.size
    # The decoder rounds the number of columns and rows up; after a turn the partly filled ones may come first.
    left = width - image.width * facts.factor if facts.orientation in ENDS_LEFT else 0
    top = height - image.height * facts.factor if facts.orientation in ENDS_ON_TOP else 0
    return Reduced(image, facts.factor, left, top, width, height, decode)


def _check_size(size: tuple[int, int], cost: float, limits: PhotoLimits) -> None:
    """Refuse what would take too much room, before anything is decoded; the cost is in bytes for each pixel."""
    width, height = size
    detail = f"{width} x {height}"
    if width * height > limits.max_pixels:
        raise _too_many_pixels(limits, detail)
    if max(width, height) > MAX_SIDE:
        raise PhotoTooLarge("side_too_long", max_side=MAX_SIDE, detail=detail)
    room = limits.max_pixels * ROOM / cost
    if width * height > room:
        raise PhotoTooLarge("format_needs_memory", max_pixels=int(room), detail=detail)


def _too_many_pixels(limits: PhotoLimits, detail: str) -> PhotoTooLarge:
    return PhotoTooLarge("too_many_pixels", max_pixels=limits.max_pixels, detail=detail)


def _unreadable(data: bytes, exc: Exception) -> PhotoError:
    detail = f"{type(exc).__name__}: {exc}"
    if not looks_accepted(data):
        kind = refused_format(data)
        if kind == HEIC.label:
            return PhotoUnsupported("heic_unsupported", package=heic.PACKAGE, formats=ACCEPTED_LABELS, detail=detail)
        if kind:
            return PhotoUnsupported("format_unsupported", format=kind, formats=ACCEPTED_LABELS, detail=detail)
        return PhotoUnsupported("not_an_image", formats=ACCEPTED_LABELS, detail=detail)
    return PhotoError("photo_damaged", detail=detail)


def _orientation(file: ImageFile.ImageFile) -> int:
    """The EXIF orientation after loading, since PNG has it behind the pixels; 1 for what is none."""
    try:
        value = file.getexif().get(ExifTags.Base.Orientation)
    except UNREADABLE:
        return 1
    return value if isinstance(value, int) and value in TURNS else 1
