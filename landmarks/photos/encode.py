"""The JPEG files in which photos are stored and sent."""

from io import BytesIO
from typing import IO

from PIL import Image

from landmarks.core.errors import PhotoTooLarge

JPEG_QUALITY = 92
LOWER_QUALITIES = (80, 65, 50, 35, 20, 10)
"""For copies with a limit of bytes. Noise of 60 million pixels takes 116 MB at the usual quality, 6 MB at the last."""
LOWEST_FOR_ENGINES = 50
"""Below this quality engines could find other points. Colours are blurred by then, so they get half the resolution."""


class LimitReached(Exception):
    """The file would be larger than its limit."""


class LimitedFile:
    """Passes on what is written until there are more bytes than allowed, so that no disk has to hold the rest."""

    def __init__(self, file: IO[bytes], max_bytes: float) -> None:
        self._file, self._left = file, max_bytes

    def write(self, data: bytes) -> int:
        self._left -= len(data)
        if self._left < 0:
            raise LimitReached
        return self._file.write(data)


def encode_photo(image: Image.Image) -> bytes:
    """The photo as a JPEG of nothing but its pixels."""
    stream = BytesIO()
    write_photo(image, stream)
    return stream.getvalue()


def write_photo(image: Image.Image, file: IO[bytes] | LimitedFile, quality: int = JPEG_QUALITY) -> None:
    """The same into a file, since a large picture of noise takes more bytes than should be in memory."""
    subsampling = "4:4:4" if quality >= LOWEST_FOR_ENGINES else "4:2:0"
    image.save(file, "JPEG", quality=quality, subsampling=subsampling, comment=None)  # type: ignore[arg-type]


def write_photo_within(image: Image.Image, file: IO[bytes], max_bytes: float, lowest: int = 0) -> int:
    """The same in the best quality that fits into so many bytes; returns that quality.

    Raises PhotoTooLarge if that would be below the lowest.
    """
    for quality in (quality for quality in (JPEG_QUALITY, *LOWER_QUALITIES) if quality >= lowest):
        file.seek(0)
        file.truncate()
        try:
            write_photo(image, LimitedFile(file, max_bytes), quality)
        except LimitReached:
            continue
        return quality
    raise PhotoTooLarge("upright_copy_too_large", max_bytes=int(max_bytes))
