"""Results as pictures: the photo with its points, and the overlay as SVG."""

import zlib
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import IO

from PIL import Image

from landmarks import models
from landmarks.drawing.raster import draw_on
from landmarks.drawing.style import Style
from landmarks.drawing.svg import draw_standalone_svg
from landmarks.runtime import concurrency
from landmarks.storage import files
from landmarks.storage.errors import storage_errors


def render_png(result: models.Result, style: Style) -> IO[bytes]:
    """PNG of the photo with its overlay, in an unnamed file: it may have more bytes than the photo has pixels.

    Raises Busy if too many are being drawn, FileMissing if the photo is gone, or StorageError.
    """
    photo = result.photo
    with (
        ExitStack() as undo,
        concurrency.DRAWING.slot(),
        concurrency.picture_memory(concurrency.LOCAL_PIXELS, photo.width * photo.height),
    ):
        with storage_errors():  # a disk that is full, or a stored photo that is damaged
            file = undo.enter_context(TemporaryFile())
            _write_png(result, style, file)
            file.seek(0)
        undo.pop_all()
    return file


def render_svg(result: models.Result, style: Style) -> str:
    """The overlay alone as an SVG file in the size of the photo."""
    return draw_standalone_svg(result.photo.width, result.photo.height, result.found_faces(), style)


def _write_png(result: models.Result, style: Style, file: IO[bytes]) -> None:
    """A function of its own, so that the picture is freed before its share of the memory is released."""
    faces = result.found_faces()
    with files.open_file(str(result.photo.file)) as stored, Image.open(stored, formats=["JPEG"]) as picture:
        picture.load()  # otherwise Pillow would draw on a copy
        draw_on(picture, faces, style)
        # For photos this is both faster and smaller than zlib's usual levels, which search for repetitions.
        picture.save(file, "PNG", compress_level=1, compress_type=zlib.Z_RLE)
