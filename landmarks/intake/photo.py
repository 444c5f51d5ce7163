"""Untrusted bytes to an upright sRGB photo."""

import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from io import BytesIO

from PIL import ExifTags, Image, ImageCms, ImageFile

from landmarks.errors import PhotoError, PhotoTooLarge, PhotoUnsupported
from landmarks.intake.formats import ACCEPTED, ACCEPTED_LABELS, has_more_scans, looks_accepted, refused_format

MAX_SIDE = 32_766
"""Pixels along one side; OpenCV, which the engines use, cannot remap longer ones."""

MAX_SCANS = 50
"""Scans of a JPEG file; cameras and optimisers write about ten, and a few bytes buy a pass over all the pixels."""

REDUCED_SIDE = 800
"""Pixels that a reduced photo keeps along its long side at least: enough to see by for all but the last look."""

JPEG_QUALITY = 92

UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    OverflowError,
    RuntimeError,
    EOFError,
    MemoryError,
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
class PhotoLimits:
    """How much one photo may be: bytes as sent, pixels as its header declares them."""

    max_bytes: int
    max_pixels: int


@dataclass(frozen=True)
class Reduced:
    """A large upright JPEG, decoded at a fraction of its size; whole when that is first asked for."""

    image: Image.Image
    factor: int
    """Pixels of the photo, along a side, for which one of this picture stands."""
    left: int
    top: int
    """Where this picture begins, in pixels of the photo: 0, or less where its last, partly filled pixels are there."""
    width: int
    height: int
    decode: Callable[[], "Photo"]

    @cached_property
    def whole(self) -> Image.Image:
        return self.decode().image


@dataclass(frozen=True)
class Photo:
    """An upright photo in sRGB: mode RGB, EXIF orientation applied, nothing else of the file left."""

    picture: Image.Image | Reduced
    format: str
    """Format of the file that it came in, as Pillow names it: JPEG, PNG, …; JPEG also for the MPO files of phones."""
    orientation: int
    """EXIF orientation (1 to 8) that was applied; 1 when there was none."""
    byte_count: int = 0
    """Size of the file that it came in; 0 for a photo that came in none."""
    address: str = ""
    """Where the file was fetched from; empty for one that was sent."""

    @property
    def image(self) -> Image.Image:
        """The whole photo, which may have to be decoded first."""
        return self.picture.whole if isinstance(self.picture, Reduced) else self.picture

    @property
    def width(self) -> int:
        return self.picture.width

    @property
    def height(self) -> int:
        return self.picture.height


def read_photo(data: bytes, limits: PhotoLimits, *, whole: bool = True) -> Photo:
    """Decode one file, whatever its name says; of an animation the first picture.

    Unless the whole is wanted, a large JPEG is decoded at a fraction of its size; what is damaged shows all the same,
    since the file is read to its end.

    Raises PhotoTooLarge before anything is decoded, PhotoUnsupported for a format that is not in ACCEPTED, and
    PhotoError for a file that is damaged.
    """
    if not data:
        raise PhotoError("This file is empty. Choose another one.")
    if len(data) > limits.max_bytes:
        raise PhotoTooLarge(
            f"This file is larger than {limits.max_bytes / 2**20:.4g} MB, which is the most that is accepted. "
            "Send a smaller copy."
        )
    with _refusals(data, limits):
        return _decode(data, limits, whole)


@contextmanager
def _refusals(data: bytes, limits: PhotoLimits) -> Iterator[None]:
    """Translate what Pillow raises."""
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as exc:
        raise _too_many_pixels(limits, str(exc)) from exc
    except UNREADABLE as exc:
        raise _unreadable(data, exc) from exc


def encode_photo(image: Image.Image) -> bytes:
    """The bytes under which a photo is kept: a JPEG of nothing but the pixels."""
    stream = BytesIO()
    image.save(stream, "JPEG", quality=JPEG_QUALITY, subsampling="4:4:4", comment=None)
    return stream.getvalue()


def _decode(data: bytes, limits: PhotoLimits, whole: bool) -> Photo:
    with Image.open(BytesIO(data), formats=[kind.name for kind in ACCEPTED]) as file:
        _check_size(file, limits)
        is_jpeg = file.format in ("JPEG", "MPO")
        if is_jpeg and has_more_scans(data, MAX_SCANS):
            raise PhotoError(
                f"This JPEG is made of more than {MAX_SCANS} scans, which no camera does. Save it again and send that.",
            )
        size, factor = file.size, reduction(file.size) if is_jpeg and not whole else 1
        if factor > 1:
            file.draft(None, (size[0] // factor, size[1] // factor))
        file.load()
        orientation = _orientation(file)
        image = _upright(_in_srgb(_opaque(file), file.info.get("icc_profile")), orientation)
    format = "JPEG" if is_jpeg else str(file.format)
    if factor == 1:
        return Photo(image, format, orientation, len(data))
    reduced = _reduced(image, size, factor, orientation, partial(read_photo, data, limits))
    return Photo(reduced, format, orientation, len(data))


def reduction(size: tuple[int, int]) -> int:
    """By how much (1, 2, 4 or 8) a picture of this size can be reduced and keep enough to see by."""
    fits = (factor for factor in (8, 4, 2) if max(size) >= REDUCED_SIDE * factor and min(size) >= 16 * factor)
    return next(fits, 1)


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    """A picture of its own, without what the file says beside the pixels."""
    if orientation in TURNS:
        image = image.transpose(TURNS[orientation])
    elif isinstance(image, ImageFile.ImageFile):
        # As Pillow does it everywhere for a new picture; a copy would take as long as decoding did.
        image = image._new(image.im)
    image.info.clear()
    return image


def _reduced(
    image: Image.Image, stored: tuple[int, int], factor: int, orientation: int, decode: Callable[[], Photo]
) -> Reduced:
    width, height = stored[::-1] if orientation >= 5 else stored
    # The decoder rounds the number of columns and rows up; after a turn the partly filled ones may come first.
    left = width - image.width * factor if orientation in ENDS_LEFT else 0
    top = height - image.height * factor if orientation in ENDS_ON_TOP else 0
    return Reduced(image, factor, left, top, width, height, decode)


def _check_size(file: ImageFile.ImageFile, limits: PhotoLimits) -> None:
    width, height = file.size
    if width * height > limits.max_pixels:
        raise _too_many_pixels(limits, f"{width} x {height}")
    if max(width, height) > MAX_SIDE:
        raise PhotoTooLarge(
            f"This photo is more than {MAX_SIDE:,} pixels long on one side. Cut it or send a smaller copy.",
            detail=f"{width} x {height}",
        )


def _too_many_pixels(limits: PhotoLimits, detail: str) -> PhotoTooLarge:
    return PhotoTooLarge(
        f"This photo has more than {limits.max_pixels / 1e6:.4g} million pixels, which is the most that is accepted. "
        "Send a smaller copy.",
        detail=detail,
    )


def _unreadable(data: bytes, exc: Exception) -> PhotoError:
    detail = f"{type(exc).__name__}: {exc}"
    if not looks_accepted(data):
        kind = refused_format(data)
        what = f"{kind} files are not accepted" if kind else "This file is no photo of a format that is accepted"
        return PhotoUnsupported(f"{what}. Send it as {ACCEPTED_LABELS}.", detail=detail)
    return PhotoError(
        "This photo is damaged or incomplete and cannot be read. Save it again or send another.", detail=detail
    )


def _orientation(file: ImageFile.ImageFile) -> int:
    """The EXIF orientation after loading, since PNG has it behind the pixels; 1 for what is none."""
    try:
        value = file.getexif().get(ExifTags.Base.Orientation)
    except UNREADABLE:
        return 1
    return value if isinstance(value, int) and value in TURNS else 1


def _opaque(file: ImageFile.ImageFile) -> Image.Image:
    """The picture in eight bits a channel, laid on white where it is transparent; mode L, RGB or CMYK."""
    if file.mode == "I;16":
        return file.point(lambda value: value * (255 / 65535) + 0.5).convert("L")
    if file.has_transparency_data:
        grey = file.mode in ("1", "L", "LA")
        with_alpha = "LA" if grey else "RGBA"
        layer = file if file.mode == with_alpha else file.convert(with_alpha)
        return _on_white(layer, "L" if grey else "RGB")
    if file.mode in ("L", "RGB", "CMYK"):
        return file
    return file.convert("L" if file.mode == "1" else "RGB")


def _on_white(layer: Image.Image, mode: str) -> Image.Image:
    white = Image.new(mode, layer.size, "white")
    white.paste(layer, mask=layer.getchannel("A"))
    return white


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The picture as RGB in sRGB; without a profile, or with one that cannot be used, it is taken to be so."""
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            converted = None
        if converted is not None:
            return converted
    return image if image.mode == "RGB" else image.convert("RGB")
