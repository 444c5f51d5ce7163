"""What is made of a result for those who look at it or take it away: pictures, answers and files."""

import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO

from PIL import Image

from landmarks import capacity, models
from landmarks.drawing.overlay import draw_on
from landmarks.drawing.style import Style
from landmarks.drawing.svg import draw_standalone_svg
from landmarks.engines import Finding
from landmarks.exports import FORMATS
from landmarks.exports.sheet import Sheet
from landmarks.exports.vendor_json import Answer, to_answer


def draw(result: models.Result, style: Style) -> IO[bytes]:
    """PNG of the photo with its overlay, in a file without a name: it may have more bytes than the photo has pixels.

    Raises Busy when too many are drawn already.
    """
    photo = result.photo
    with (
        ExitStack() as undo,
        capacity.DRAWINGS.place(),
        capacity.room(capacity.PICTURES, photo.width * photo.height),
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


@dataclass(frozen=True)
class Export:
    """A result in a form to take away."""

    content: bytes
    content_type: str
    suffix: str


def export_formats() -> tuple[str, ...]:
    return tuple(FORMATS)


def export_content_types() -> tuple[str, ...]:
    return tuple(each.content_type for each in FORMATS.values())


def sheet_of(result: models.Result) -> Sheet:
    photo = result.photo
    faces = result.found_faces()
    return Sheet(result.name, photo.width, photo.height, result.face_model_version, faces, str(result.pk))


def answer(result: models.Result) -> Answer:
    """What the vendor's API would answer."""
    return to_answer(sheet_of(result))


def answer_to(width: int, height: int, finding: Finding, asked_version: str) -> Answer:
    """What the vendor's API would answer, of a run that is not kept."""
    version = finding.face_model_version or asked_version
    return to_answer(Sheet("", width, height, version, finding.faces))


def export(result: models.Result, format_name: str) -> Export:
    """Raises KeyError for a format that does not exist."""
    chosen = FORMATS[format_name]
    return Export(chosen.write(sheet_of(result)), chosen.content_type, chosen.suffix)


def export_several(results: models.ResultQuerySet, format_name: str) -> tuple[Iterator[bytes], str, str]:
    """The pieces of one file for several, its content type and suffix; raise KeyError for a format that is none."""
    chosen = FORMATS[format_name]
    rows = results.select_related("photo").prefetch_related("faces").iterator(20)
    return chosen.write_several(map(sheet_of, rows)), chosen.content_type, chosen.suffix
