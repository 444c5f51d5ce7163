"""Pictures of results: the photo with its points, and the overlay as SVG."""

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


def draw(result: models.Result, style: Style) -> IO[bytes]:
    """PNG of the photo with its overlay, in a file without a name: it may have more bytes than the photo has pixels.

    Raises Busy when too many are drawn already.
    """
    photo = result.photo
    with (
        ExitStack() as undo,
        concurrency.DRAWINGS.place(),
        concurrency.room(concurrency.PICTURES, photo.width * photo.height),
    ):
        file = undo.enter_context(TemporaryFile())
        write_drawing(result, style, file)
        file.seek(0)
        undo.pop_all()
    return file


def write_drawing(result: models.Result, style: Style, file: IO[bytes]) -> None:
    """With its end the picture is gone, before the room for it is."""
    faces = result.found_faces()
    with result.photo.file.open("rb") as stored, Image.open(stored, formats=["JPEG"]) as picture:
        picture.load()  # of a picture that was not loaded before, Pillow makes a copy to draw on
        draw_on(picture, faces, style)
        # Of photos both faster and smaller than what zlib does at its usual levels, which look for what comes again.
        picture.save(file, "PNG", compress_level=1, compress_type=zlib.Z_RLE)


def draw_vector(result: models.Result, style: Style) -> str:
    """The overlay alone as an SVG file in the photo's size."""
    return draw_standalone_svg(result.photo.width, result.photo.height, result.found_faces(), style)
