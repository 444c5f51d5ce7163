"""Untrusted bytes to an upright sRGB photo."""

import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO

from PIL import ExifTags, Image, ImageFile

from landmarks.core.errors import PhotoError, PhotoTooLarge, PhotoUnsupported
from landmarks.photos import heic, iso_media, jpeg
from landmarks.photos.colour import convert_to_srgb, make_opaque
from landmarks.photos.decode_cost import COSTS, MAX_COST, bytes_per_pixel, count_scans, count_segments, webp_size
from landmarks.photos.formats import ACCEPTED, ACCEPTED_LABELS, HEIC, looks_accepted, unsupported_format
from landmarks.photos.photo import Photo, PhotoLimits, Reduced
from landmarks.photos.png import without_extras

MAX_SIDE = 32_766
"""Pixels along one side; OpenCV, which the engines use, can't remap longer ones."""

MAX_SEGMENTS, MAX_SCANS = 1_000, 50
"""Of a JPEG file. Metadata fills some hundred segments of 64 KB at most; millions of empty ones would fill the memory.
Cameras write about ten scans, and a few bytes are enough to cost a pass over all pixels."""

REDUCED_SIDE = 800
"""Pixels that a reduced photo keeps along its long side at least: enough to detect all but the smallest faces."""

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
"""What Pillow raises for damaged and hostile files, found by trying such files."""

TRANSPOSES = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What makes a picture of each EXIF orientation upright (Exif 2.32, tag 0x0112)."""
SIDEWAYS = frozenset((5, 6, 7, 8))
ENDS_LEFT, ENDS_ON_TOP = frozenset((2, 3, 6, 7)), frozenset((3, 4, 7, 8))
"""Orientations that bring the last column or row of the file to the left, or to the top."""


def read_photo(data: bytes, limits: PhotoLimits, *, whole: bool = True) -> Photo:
    """Decode one file, whatever its name says; of an animation the first picture.

    With `whole=False` a large JPEG is decoded at a fraction of its size; the file is still read to its end, so that
    damage is noticed.

    Raises PhotoTooLarge before anything is decoded, PhotoUnsupported for a format that is not in ACCEPTED, and
    PhotoError for a damaged file.
    """
    check_bytes(data, limits)
    with _photo_errors(data, limits):
        return _decode(data, limits, whole)


def check_bytes(data: bytes, limits: PhotoLimits) -> None:
    """Raises PhotoError for an empty file, PhotoTooLarge for one with too many bytes."""
    if not data:
        raise PhotoError("file_empty")
    if len(data) > limits.max_bytes:
        raise PhotoTooLarge("file_too_large", max_bytes=limits.max_bytes)


def reduction(size: tuple[int, int]) -> int:
    """The factor (1, 2, 4 or 8) by which a picture of this size can be reduced and still show its faces."""
    possible = (factor for factor in (8, 4, 2) if max(size) >= REDUCED_SIDE * factor and min(size) >= 16 * factor)
    return next(possible, 1)


# --- decoding --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Header:
    """What is needed of a file beside its pixels."""

    format: str
    size: tuple[int, int]
    """Of the whole picture, before the orientation is applied."""
    factor: int
    """By which the pixels were reduced."""
    orientation: int
    profile: bytes | None


def _decode(data: bytes, limits: PhotoLimits, whole: bool) -> Photo:
    image, header = _load(data, limits, whole)
    # Each step drops the picture of the one before: there is memory for two large ones at a time.
    image = make_opaque(image)
    image = convert_to_srgb(image, header.profile)
    image = _upright(image, header.orientation)
    picture: Image.Image | Reduced = image
    if header.factor > 1:
        picture = _reduced(image, header, partial(read_photo, data, limits))
    return Photo(picture, header.format, header.orientation, len(data))


def _load(data: bytes, limits: PhotoLimits, whole: bool) -> tuple[Image.Image, _Header]:
    if HEIC in ACCEPTED:
        heic.register()
    if size := webp_size(data):
        _check_size(size, COSTS["WEBP"], limits)
    if png := without_extras(data):
        image, header = _load_file(png.data, limits, whole)
        return image, replace(header, profile=png.profile)
    if data.startswith(jpeg.START):
        return _load_jpeg(data, limits, whole)
    return _load_file(iso_media.with_known_brand(data), limits, whole)


def _load_jpeg(data: bytes, limits: PhotoLimits, whole: bool) -> tuple[Image.Image, _Header]:
    if count_segments(data, MAX_SEGMENTS) > MAX_SEGMENTS:
        raise PhotoError("too_many_segments", max_segments=MAX_SEGMENTS)
    mended = jpeg.completed(data)
    image, header = _load_file(mended or data, limits, whole)
    if mended and jpeg.lacks_rows(image):
        raise PhotoError("photo_damaged", detail="more than the last rows are missing")
    return image, header


def _load_file(data: bytes, limits: PhotoLimits, whole: bool) -> tuple[Image.Image, _Header]:
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
        kind = "JPEG" if is_jpeg else str(file.format)
        header = _Header(kind, size, factor, _orientation(file), file.info.get("icc_profile"))
        # As Pillow itself makes a new picture of the same pixels; a copy would take as long as decoding.
        return file._new(file.im), header


def _orientation(file: ImageFile.ImageFile) -> int:
    """The EXIF orientation, or 1. Valid after loading only, because PNG files have it after their pixels."""
    try:
        value = file.getexif().get(ExifTags.Base.Orientation)
    except UNREADABLE:
        return 1
    return value if isinstance(value, int) and value in TRANSPOSES else 1


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    """The picture with its orientation applied, and without the metadata of its file."""
    if orientation in TRANSPOSES:
        image = image.transpose(TRANSPOSES[orientation])
    image.info.clear()
    return image


def _reduced(image: Image.Image, header: _Header, decode: Callable[[], Photo]) -> Reduced:
    width, height = header.size[::-1] if header.orientation in SIDEWAYS else header.size
    # The decoder rounds the number of columns and rows up; in an upright picture the partly filled ones may come first.
    left = width - image.width * header.factor if header.orientation in ENDS_LEFT else 0
    top = height - image.height * header.factor if header.orientation in ENDS_ON_TOP else 0
    return Reduced(image, header.factor, left, top, width, height, decode)


# --- errors ----------------------------------------------------------------------------------------------------------


def _check_size(size: tuple[int, int], cost: float, limits: PhotoLimits) -> None:
    """Raise PhotoTooLarge for too many pixels, by themselves or at a cost of so many bytes of memory a pixel."""
    width, height = size
    detail = f"{width} x {height}"
    if width * height > limits.max_pixels:
        raise _too_many_pixels(limits, detail)
    if max(width, height) > MAX_SIDE:
        raise PhotoTooLarge("side_too_long", max_side=MAX_SIDE, detail=detail)
    max_pixels = limits.max_pixels * MAX_COST / cost
    if width * height > max_pixels:
        raise PhotoTooLarge("format_needs_memory", max_pixels=int(max_pixels), detail=detail)


@contextmanager
def _photo_errors(data: bytes, limits: PhotoLimits) -> Iterator[None]:
    """Translate what Pillow raises."""
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as exc:
        raise _too_many_pixels(limits, str(exc)) from exc
    except MemoryError as exc:
        raise PhotoTooLarge("decoding_out_of_memory") from exc
    except UNREADABLE as exc:
        raise _unreadable(data, f"{type(exc).__name__}: {exc}") from exc


def _too_many_pixels(limits: PhotoLimits, detail: str) -> PhotoTooLarge:
    return PhotoTooLarge("too_many_pixels", max_pixels=limits.max_pixels, detail=detail)


def _unreadable(data: bytes, detail: str) -> PhotoError:
    if looks_accepted(data):
        return PhotoError("photo_damaged", detail=detail)
    kind = unsupported_format(data)
    if kind == HEIC.label:
        return PhotoUnsupported("heic_unsupported", package=heic.PACKAGE, formats=ACCEPTED_LABELS, detail=detail)
    if kind:
        return PhotoUnsupported("format_unsupported", format=kind, formats=ACCEPTED_LABELS, detail=detail)
    return PhotoUnsupported("not_an_image", formats=ACCEPTED_LABELS, detail=detail)
