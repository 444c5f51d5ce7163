"""The JPEG files that photos are kept and sent as."""

from io import BytesIO
from typing import IO

from PIL import Image

from landmarks.core.errors import PhotoTooLarge

JPEG_QUALITY = 92
LOWER_QUALITIES = (80, 65, 50)
"""For copies that must fit into a number of bytes."""


def encode_photo(image: Image.Image) -> bytes:
    """The bytes under which a photo is kept: a JPEG of nothing but the pixels."""
    stream = BytesIO()
    write_photo(image, stream)
    return stream.getvalue()


def write_photo(image: Image.Image, file: IO[bytes], quality: int = JPEG_QUALITY) -> None:
    """The same into a file: that of a large picture of noise has more bytes than there should be in memory."""
    image.save(file, "JPEG", quality=quality, subsampling="4:4:4", comment=None)


def write_fitting(image: Image.Image, file: IO[bytes], max_bytes: int) -> None:
    """As good as fits into so many bytes; raise PhotoTooLarge where that would be too bad to see faces by."""
    for quality in (JPEG_QUALITY, *LOWER_QUALITIES):
        file.seek(0)
        file.truncate()
        write_photo(image, file, quality)
        if file.tell() <= max_bytes:
            return
    raise PhotoTooLarge("upright_copy_too_large", max_bytes=max_bytes)
