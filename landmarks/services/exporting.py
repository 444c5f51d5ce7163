"""What is made of a result for those who look at it or take it away: pictures, answers and files."""

from collections.abc import Iterator
from dataclasses import dataclass

from landmarks import models
from landmarks.core.analysis import Analysis
from landmarks.core.finding import Finding
from landmarks.exports.registry import FORMATS
from landmarks.wire.acedata import Answer, to_answer


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


def sheet_of(result: models.Result) -> Analysis:
    photo = result.photo
    faces = result.found_faces()
    return Analysis(result.name, photo.width, photo.height, result.face_model_version, faces, str(result.pk))


def answer(result: models.Result) -> Answer:
    """What the vendor's API would answer."""
    return to_answer(sheet_of(result))


def answer_to(width: int, height: int, finding: Finding, asked_version: str) -> Answer:
    """What the vendor's API would answer, of a run that is not kept."""
    version = finding.face_model_version or asked_version
    return to_answer(Analysis("", width, height, version, finding.faces))


def export(result: models.Result, format_name: str) -> Export:
    """Raises KeyError for a format that does not exist."""
    chosen = FORMATS[format_name]
    return Export(chosen.write(sheet_of(result)), chosen.content_type, chosen.suffix)


def export_several(results: models.ResultQuerySet, format_name: str) -> tuple[Iterator[bytes], str, str]:
    """The pieces of one file for several, its content type and suffix; raise KeyError for a format that is none."""
    chosen = FORMATS[format_name]
    rows = results.select_related("photo").prefetch_related("faces").iterator(20)
    return chosen.write_several(map(sheet_of, rows)), chosen.content_type, chosen.suffix
