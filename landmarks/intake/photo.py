"""Untrusted bytes to an upright sRGB photo."""

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO

from PIL import ExifTags, Image, ImageCms, ImageFile

from landmarks.errors import PhotoError, PhotoTooLarge, PhotoUnsupported
from landmarks.intake.formats import ACCEPTED, ACCEPTED_LABELS, has_more_scans, looks_accepted, refused_format

MAX_SIDE = 32_766
"""Pixels along one side; OpenCV, which the engines use, cannot remap longer ones."""

MAX_SCANS = 50
"""Scans of a JPEG file; cameras and optimisers write about ten, and a few bytes buy a pass over all the pixels."""

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


@dataclass(frozen=True)
class PhotoLimits:
    """How much one photo may be: bytes as sent, pixels as its header declares them."""

    max_bytes: int
    max_pixels: int


@dataclass(frozen=True)
class Photo:
    """An upright photo in sRGB: mode RGB, EXIF orientation applied, nothing else of the file left."""

    image: Image.Image
    format: str
    """Format of the file that it came in, as Pillow names it: JPEG, PNG, …; JPEG also for the MPO files of phones."""
    orientation: int
    """EXIF orientation (1 to 8) that was applied; 1 when there was none."""
    byte_count: int = 0
    """Size of the file that it came in; 0 for a photo that came in none."""
    address: str = ""
    """Where the file was fetched from; empty for one that was sent."""

    @property
    def width(self) -> int:
        return self.image.width

    @property
    def height(self) -> int:
        return self.image.height


def read_photo(data: bytes, limits: PhotoLimits) -> Photo:
    """Decode one file, whatever its name says; of an animation the first picture.

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
    try:
        return _decode(data, limits)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as exc:
        raise _too_many_pixels(limits, str(exc)) from exc
    except UNREADABLE as exc:
        raise _unreadable(data, exc) from exc


def encode_photo(image: Image.Image) -> bytes:
    """The bytes under which a photo is kept: a JPEG of nothing but the pixels."""
    stream = BytesIO()
    image.save(stream, "JPEG", quality=JPEG_QUALITY, subsampling="4:4:4", comment=None)
    return stream.getvalue()


def _decode(data: bytes, limits: PhotoLimits) -> Photo:
    with Image.open(BytesIO(data), formats=[kind.name for kind in ACCEPTED]) as file:
        _check_size(file, limits)
        if file.format in ("JPEG", "MPO") and has_more_scans(data, MAX_SCANS):
            raise PhotoError(
                f"This JPEG is made of more than {MAX_SCANS} scans, which no camera does. Save it again and send that.",
            )
        file.load()
        orientation = _orientation(file)
        image = _in_srgb(_opaque(file), file.info.get("icc_profile"))
        if orientation in TURNS:
            image = image.transpose(TURNS[orientation])
        elif isinstance(image, ImageFile.ImageFile):
            image = image.copy()
    image.info.clear()
    return Photo(image, "JPEG" if file.format == "MPO" else str(file.format), orientation, len(data))


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
