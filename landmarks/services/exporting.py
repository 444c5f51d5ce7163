"""Results as files in every export format, and as the vendor's API answers."""

from collections.abc import Iterator
from dataclasses import dataclass

from landmarks import models
from landmarks.core.analysis import Analysis
from landmarks.core.finding import Finding
from landmarks.exports.registry import FORMATS
from landmarks.wire.acedata import Answer, answer_to_wire


@dataclass(frozen=True)
class Export:
    """A result as a file."""

    content: bytes
    content_type: str
    suffix: str


@dataclass(frozen=True)
class ExportStream:
    """Several results as one file, read from the database piece by piece."""

    pieces: Iterator[bytes]
    content_type: str
    suffix: str


def export_formats() -> tuple[str, ...]:
    return tuple(FORMATS)


def export_content_types() -> tuple[str, ...]:
    return tuple(each.content_type for each in FORMATS.values())


def export(result: models.Result, format_name: str) -> Export:
    """Raises KeyError for an unknown format."""
    file_format = FORMATS[format_name]
    return Export(file_format.write(analysis_of(result)), file_format.content_type, file_format.suffix)


def export_many(results: models.ResultQuerySet, format_name: str) -> ExportStream:
    """Raises KeyError for an unknown format."""
    file_format = FORMATS[format_name]
    rows = results.select_related("photo").prefetch_related("faces").iterator(20)
    pieces = file_format.write_many(map(analysis_of, rows))
    return ExportStream(pieces, file_format.content_type, file_format.suffix)


def answer(result: models.Result) -> Answer:
    """What the vendor's API would answer."""
    return answer_to_wire(analysis_of(result))


def answer_for_run(width: int, height: int, finding: Finding, requested_version: str) -> Answer:
    """What the vendor's API would answer, for a run over a photo of this size that isn't stored."""
    version = finding.face_model_version or requested_version
    return answer_to_wire(Analysis("", width, height, version, finding.faces))


def analysis_of(result: models.Result) -> Analysis:
    photo = result.photo
    faces = result.found_faces()
    return Analysis(result.name, photo.width, photo.height, result.face_model_version, faces, str(result.pk))
