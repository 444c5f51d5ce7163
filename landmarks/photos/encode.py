"""The JPEG files in which photos are stored and sent."""

from io import BytesIO
from typing import IO

from PIL import Image

from landmarks.core.errors import PhotoTooLarge

JPEG_QUALITY = 92
LOWER_QUALITIES = (80, 65, 50)
"""For copies with a limit of bytes."""


def encode_photo(image: Image.Image) -> bytes:
    """The photo as a JPEG of nothing but its pixels."""
    stream = BytesIO()
    write_photo(image, stream)
    return stream.getvalue()


def write_photo(image: Image.Image, file: IO[bytes], quality: int = JPEG_QUALITY) -> None:
    """The same into a file, since a large picture of noise takes more bytes than should be in memory."""
    image.save(file, "JPEG", quality=quality, subsampling="4:4:4", comment=None)


def write_photo_within(image: Image.Image, file: IO[bytes], max_bytes: int) -> None:
    """The same in the best quality that fits into so many bytes.

    Raises PhotoTooLarge if that would be too low to recognise faces.
    """
    for quality in (JPEG_QUALITY, *LOWER_QUALITIES):
        file.seek(0)
        file.truncate()
        write_photo(image, file, quality)
        if file.tell() <= max_bytes:
            return
    raise PhotoTooLarge("upright_copy_too_large", max_bytes=max_bytes)
