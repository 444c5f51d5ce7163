"""What is made of a result for those who look at it or take it away: pictures, answers and files."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from landmarks import capacity, models
from landmarks.drawing.overlay import draw_overlay
from landmarks.drawing.style import Style
from landmarks.drawing.svg import draw_standalone_svg
from landmarks.engines import Finding
from landmarks.exports import FORMATS
from landmarks.exports.sheet import Sheet
from landmarks.exports.vendor_json import Answer, to_answer
from landmarks.intake.photo import Photo


def draw(result: models.Result, style: Style) -> bytes:
    """PNG of the photo with its overlay; raise Busy when too many are drawn already."""
    faces = result.found_faces()
    with capacity.DRAWINGS.place():
        with result.photo.file.open("rb") as file, Image.open(file, formats=["JPEG"]) as image:
            picture = draw_overlay(image, faces, style)
        stream = BytesIO()
        picture.save(stream, "PNG", compress_level=3)
        return stream.getvalue()


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


def answer_to(photo: Photo, finding: Finding, asked_version: str) -> Answer:
    """What the vendor's API would answer, of a run that is not kept."""
    version = finding.face_model_version or asked_version
    return to_answer(Sheet("", photo.width, photo.height, version, finding.faces))


def export(result: models.Result, format_name: str) -> Export:
    """Raises KeyError for a format that does not exist."""
    chosen = FORMATS[format_name]
    return Export(chosen.write(sheet_of(result)), chosen.content_type, chosen.suffix)


def export_several(results: models.ResultQuerySet, format_name: str) -> tuple[Iterator[bytes], str, str]:
    """The pieces of one file for several, its content type and suffix; raise KeyError for a format that is none."""
    chosen = FORMATS[format_name]
    rows = results.select_related("photo").prefetch_related("faces").iterator(20)
    return chosen.write_several(map(sheet_of, rows)), chosen.content_type, chosen.suffix
