"""Results as pictures: the photo with its points, and the overlay as SVG."""

import math
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from tempfile import TemporaryFile
from typing import IO

from landmarks import models
from landmarks.drawing.sizes import sizes_of
from landmarks.drawing.style import Style
from landmarks.drawing.svg import draw_standalone_svg
from landmarks.exports.pictures import draw, enlarged, save_png
from landmarks.runtime import concurrency
from landmarks.storage import files
from landmarks.storage.connections import close_connection
from landmarks.storage.errors import storage_errors

READABLE = 240.0
"""Side of a face in pixels from which marks do not hide it."""
LARGEST_SCALE = 8
LARGEST_ENLARGEMENT = 16_000_000
"""Pixels of an enlarged picture, which take about two seconds."""


def suggested_scale(result: models.Result) -> int:
    """The whole factor from which brows and mouth of the largest face can be told apart."""
    faces = result.found_faces()
    if not faces:
        return 1
    needed = math.ceil(READABLE / max(1.0, sizes_of(faces[0]).side))
    return min(needed, largest_scale(result.photo))


def largest_scale(photo: models.Photo) -> int:
    """The largest factor by which a picture may be enlarged; 1 for a photo that is large itself."""
    return max(1, min(LARGEST_SCALE, math.isqrt(LARGEST_ENLARGEMENT // (photo.width * photo.height))))


def render_png(result: models.Result, style: Style, scale: int = 1) -> IO[bytes]:
    """PNG of the photo, enlarged by a whole factor, with its overlay.

    It is in an unnamed file, since it may have more bytes than the photo has pixels. Raises Busy if too many are being
    drawn, FileMissing if the photo is gone, or StorageError.
    """
    photo = result.photo
    with ExitStack() as undo, drawing_slot(photo.width * photo.height * scale**2):
        with storage_errors():  # a disk that is full, or a stored photo that is damaged
            file = undo.enter_context(TemporaryFile())
            draw(files.open_file(str(photo.file)), result.found_faces(), style, scale, save_png, file)
            file.seek(0)
        undo.pop_all()
    return file


@contextmanager
def drawing_slot(pixels: int) -> Iterator[None]:
    """Wait until a picture of so many pixels may be drawn within the block. Raises Busy."""
    with (
        concurrency.REQUESTS.slot(),
        concurrency.DRAWING.slot(before_wait=close_connection),
        concurrency.picture_memory(concurrency.LOCAL_PIXELS, pixels),
    ):
        yield


def render_svg(result: models.Result, style: Style, scale: int = 1) -> str:
    """The overlay alone as an SVG file in the size of the photo, enlarged by a whole factor."""
    faces, photo = enlarged(result.found_faces(), scale), result.photo
    return draw_standalone_svg(photo.width * scale, photo.height * scale, faces, style)
