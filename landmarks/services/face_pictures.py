"""Pictures made of one face or without any: aligned crops, masks of regions, and the photo with its faces blurred."""

import json
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from landmarks import models
from landmarks.core.errors import NotFound
from landmarks.core.faces import Face
from landmarks.core.pixels import Transform
from landmarks.drawing.blur import blur_faces
from landmarks.drawing.face_crop import Crop, cut, transform_to
from landmarks.drawing.region_masks import Polygon, draw_mask, polygon_of
from landmarks.photos.encode import write_photo
from landmarks.runtime import concurrency
from landmarks.storage import files
from landmarks.storage.connections import close_connection
from landmarks.storage.errors import storage_errors

Matrix = tuple[tuple[float, float, float], tuple[float, float, float]]


@dataclass(frozen=True)
class CroppedFace:
    """A face and where a crop has it."""

    face: Face
    crop: Crop
    transform: Transform
    """From the pixels of the photo to those of the crop."""

    @property
    def matrix(self) -> Matrix:
        """The transform: x' = a·x + b·y + c, y' = d·x + e·y + f, where whole numbers are centres of pixels."""
        across, down = self.transform.rows()
        return _rounded(across), _rounded(down)

    @property
    def matrix_text(self) -> str:
        return json.dumps(self.matrix)


def _rounded(row: tuple[float, float, float]) -> tuple[float, float, float]:
    first, second, third = (round(value, 9) for value in row)
    return first, second, third


def face_of(result: models.Result, number: int) -> Face:
    """The face of that number, from 1. Raises NotFound."""
    faces = result.found_faces()
    if not faces:
        raise NotFound("result_without_faces")
    if not 1 <= number <= len(faces):
        raise NotFound("face_not_found", count=len(faces))
    return faces[number - 1]


def crop_of(result: models.Result, number: int, crop: Crop) -> CroppedFace:
    """Raises NotFound."""
    face = face_of(result, number)
    return CroppedFace(face, crop, transform_to(face, crop))


def polygons_of(face: Face, regions: Collection[str]) -> dict[str, Polygon]:
    return {region: polygon_of(face, region) for region in regions}


def render_crop(result: models.Result, cropped: CroppedFace) -> bytes:
    """PNG with the matrix in it, as text under the key `matrix`.

    Raises Busy if too many are being drawn, FileMissing if the photo is gone, or StorageError.
    """
    with _opened_photo(result) as photo:
        picture = cut(photo, cropped.transform, cropped.crop.size)
    notes = PngInfo()
    notes.add_text("matrix", cropped.matrix_text)
    return _png(picture, notes)


def render_mask(result: models.Result, face: Face, regions: Collection[str], crop: Crop | None) -> bytes:
    """PNG whose pixels are the numbers of the regions, in the size of the photo or as the crop. Raises Busy."""
    photo = result.photo
    if crop:
        return _png(draw_mask(face.transformed(transform_to(face, crop)), regions, (crop.size, crop.size)))
    with _drawing(photo.width * photo.height):
        return _png(draw_mask(face, regions, (photo.width, photo.height)))


def render_blurred(result: models.Result) -> IO[bytes]:
    """JPEG of the photo with every face that was found blurred, in an unnamed file.

    Raises Busy if too many are being drawn, FileMissing if the photo is gone, or StorageError.
    """
    with ExitStack() as undo:
        with _opened_photo(result) as photo:
            blur_faces(photo, result.found_faces())
            file = undo.enter_context(TemporaryFile())
            write_photo(photo, file)
            file.seek(0)
        undo.pop_all()
    return file


@contextmanager
def _opened_photo(result: models.Result) -> Iterator[Image.Image]:
    photo = result.photo
    with (
        _drawing(photo.width * photo.height),
        storage_errors(),  # of a stored photo that is damaged
        files.open_file(str(photo.file)) as stored,
        Image.open(stored, formats=["JPEG"]) as opened,
    ):
        opened.load()
        yield opened


@contextmanager
def _drawing(pixels: int) -> Iterator[None]:
    with (
        concurrency.REQUESTS.slot(),
        concurrency.DRAWING.slot(before_wait=close_connection),
        concurrency.picture_memory(concurrency.LOCAL_PIXELS, pixels),
    ):
        yield


def _png(picture: Image.Image, notes: PngInfo | None = None) -> bytes:
    stream = BytesIO()
    picture.save(stream, "PNG", pnginfo=notes)
    return stream.getvalue()
