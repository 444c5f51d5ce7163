"""PNG and JPEG: the photos with their points."""

import zlib
from collections.abc import Callable, Iterator, Sequence
from tempfile import TemporaryFile
from typing import IO

from PIL import Image

from landmarks.core.analysis import Analysis
from landmarks.core.errors import NotFound
from landmarks.core.faces import Face
from landmarks.core.pixels import Transform
from landmarks.drawing.raster import draw_on
from landmarks.drawing.style import Style
from landmarks.exports.archive import PIECE, Entry
from landmarks.exports.options import Options

QUALITY = 92
"""Of a JPEG: its marks have sharp edges."""

Save = Callable[[Image.Image, IO[bytes]], None]


def save_png(picture: Image.Image, file: IO[bytes]) -> None:
    # For photos this is both faster and smaller than zlib's usual levels, which search for repetitions.
    picture.save(file, "PNG", compress_level=1, compress_type=zlib.Z_RLE)


def save_jpeg(picture: Image.Image, file: IO[bytes]) -> None:
    picture.save(file, "JPEG", quality=QUALITY, subsampling=0)


def draw(stored: IO[bytes], faces: Sequence[Face], style: Style, scale: int, save: Save, file: IO[bytes]) -> None:
    """Draw the faces on a photo, a JPEG that is enlarged by a whole factor, and write it to a file."""
    with stored, Image.open(stored, formats=["JPEG"]) as photo:
        photo.load()  # otherwise Pillow would draw on a copy
        size = photo.width * scale, photo.height * scale
        picture = photo.resize(size, Image.Resampling.BICUBIC) if scale > 1 else photo
        draw_on(picture, enlarged(faces, scale), style)
        save(picture, file)


def enlarged(faces: Sequence[Face], scale: int) -> Sequence[Face]:
    """The faces in an enlarged picture."""
    return faces if scale == 1 else tuple(face.transformed(Transform.scale(scale)) for face in faces)


def png_files(analysis: Analysis, options: Options) -> Iterator[Entry]:
    yield Entry(f"{analysis.stem}.png", pieces(opened(analysis), analysis, options, save_png), is_compressed=True)


def jpeg_files(analysis: Analysis, options: Options) -> Iterator[Entry]:
    yield Entry(f"{analysis.stem}.jpg", pieces(opened(analysis), analysis, options, save_jpeg), is_compressed=True)


def pieces(photo: IO[bytes], analysis: Analysis, options: Options, save: Save) -> Iterator[bytes]:
    """The picture, which is in an unnamed file while it is read: it may have more bytes than the photo has pixels."""
    with TemporaryFile() as file:
        with options.drawing(analysis.width * analysis.height * options.scale**2):
            draw(photo, analysis.faces, options.drawn, options.scale, save, file)
        file.seek(0)
        yield from read(file)


def opened(analysis: Analysis) -> IO[bytes]:
    """Raises NotFound where the photo is lost."""
    if analysis.open_photo is None:
        raise NotFound("file_missing")
    return analysis.open_photo()


def read(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece
