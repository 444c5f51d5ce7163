"""What a file costs to decode, estimated from its header and markers before any pixel is decoded."""

from itertools import islice, takewhile

from PIL import ImageFile
from PIL.JpegImagePlugin import JpegImageFile

from landmarks.photos.jpeg import START_OF_SCAN, markers

MAX_COST = 9.0
"""Bytes of memory a pixel that decoding may take: a picture with its alpha channel, and its copy on white."""

COSTS = {"WEBP": 17.0, "AVIF with alpha": 13.0, "HEIF with alpha": 10.0}
"""Measured bytes a pixel of the decoders that have buffers of their own; all other formats stay below MAX_COST."""

RGB_COST = 4.0
"""Bytes a pixel of a picture of three channels, as Pillow keeps it."""


def webp_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a WebP file (RFC 9649, chapter 2); None for any other.

    Opening the file would already take the memory for its whole canvas.
    """
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        return None
    kind = data[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if kind == b"VP8L":
        sides = int.from_bytes(data[21:25], "little")
        return 1 + (sides & 0x3FFF), 1 + (sides >> 14 & 0x3FFF)
    return int.from_bytes(data[26:28], "little") & 0x3FFF, int.from_bytes(data[28:30], "little") & 0x3FFF


def bytes_per_pixel(file: ImageFile.ImageFile, scans: int) -> float:
    """The most memory that decoding takes at any time, for each pixel."""
    if isinstance(file, JpegImageFile):
        return RGB_COST + _coefficients(file) if scans > 1 else RGB_COST
    alpha = " with alpha" if file.mode == "RGBA" and file.format != "WEBP" else ""
    return COSTS.get(f"{file.format}{alpha}", MAX_COST)


def _coefficients(file: JpegImageFile) -> float:
    """Bytes a pixel that a JPEG of several scans keeps until the last one: two for each of its samples."""
    layers = [(across, down) for _, across, down, _ in file.layer]
    most = max(across for across, _ in layers) * max(down for _, down in layers)
    return 2 * sum(across * down for across, down in layers) / most


def count_scans(data: bytes, limit: int) -> int:
    """The scans of a JPEG file, counted up to one more than the limit.

    Each scan of a progressive file is a pass over all its pixels and may be a few bytes long.
    """
    return sum(1 for _ in islice((marker for marker, _ in markers(data) if marker == START_OF_SCAN), limit + 1))


def count_segments(data: bytes, limit: int) -> int:
    """The segments of a JPEG file before its pixels, counted up to one more than the limit.

    Pillow keeps each as an object: empty ones take thirty times their bytes.
    """
    before = takewhile(lambda found: found[0] != START_OF_SCAN, markers(data))
    return sum(1 for _ in islice(before, limit + 1))
