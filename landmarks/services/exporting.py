"""Results as files in every export format, and as the vendor's API answers."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import fields, replace
from functools import partial
from typing import IO, TypeAlias
from uuid import UUID

from django.conf import settings
from django.db.models import TextField
from django.db.models.functions import Cast
from pydantic_core import from_json

from landmarks import models
from landmarks.core import faces as values
from landmarks.core.analysis import Analysis
from landmarks.core.errors import NotFound
from landmarks.core.finding import Finding
from landmarks.core.text import file_stem
from landmarks.exports.formats import Exported, Format
from landmarks.exports.options import Options
from landmarks.exports.registry import FORMATS
from landmarks.models import Result, ResultQuerySet
from landmarks.runtime import concurrency
from landmarks.services import rendering
from landmarks.storage import files
from landmarks.storage.errors import storage_errors
from landmarks.storage.time_limits import limited
from landmarks.wire.acedata import Answer, answer_to_wire

RESULT_COLUMNS = ("face_model_version", "engine", "elapsed_ms")
FACE_COLUMNS = ("points", "uncertainty", "pose")
"""Columns of JSON that nearly every format holds; others are read where one needs them."""
NOT_EXPORTED = {field.name: None for field in fields(values.Face) if field.name not in FACE_COLUMNS}
CHUNK = 100
"""Results that are read at a time, so that no statement or transaction lasts as long as an export."""
ALL = Options()
Positions: TypeAlias = "array[int]"
"""Of results in the history, in the order in which they are exported."""


def export_formats() -> tuple[str, ...]:
    return tuple(FORMATS)


def export_content_types() -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.content_type for each in FORMATS.values()))


def format_called(name: str) -> Format:
    """Raises NotFound."""
    if name not in FORMATS:
        raise NotFound("format_not_found", formats=", ".join(FORMATS))
    return FORMATS[name]


def export(result: Result, format_name: str, options: Options = ALL) -> Exported:
    """A result as a file. Raises NotFound for an unknown format, or where the photo is needed and lost."""
    options = replace(options, several=False, drawing=rendering.drawing_slot)
    return started(format_called(format_name), [analysis_of(result)], options, nullcontext)


def positions_of(results: ResultQuerySet) -> Positions:
    """Where the finished ones are in the history, newest first: a selection that does not change any more."""
    with storage_errors():
        return array("q", results.done().newest_first().values_list("position", flat=True).iterator(20 * CHUNK))


def export_many(positions: Positions, format_name: str, options: Options = ALL) -> Exported:
    """Results as one file, read from the database piece by piece. Those that are deleted meanwhile are left out.

    Raises NotFound for an unknown format, or Busy; whatever goes wrong later breaks the file off.
    """
    options = replace(options, several=True, drawing=rendering.drawing_slot)
    file_format = format_called(format_name)
    needed = (*FACE_COLUMNS, *(name for each in (format_name, *options.inside) for name in FORMATS[each].needs))
    analyses = analyses_at(positions, tuple(dict.fromkeys(needed)))
    return started(file_format, analyses, options, concurrency.EXPORTING.slot)


def started(
    file_format: Format,
    analyses: Iterable[Analysis],
    options: Options,
    slot: Callable[[], AbstractContextManager[None]],
) -> Exported:
    """The file, of which the first piece is there: until then, an error can be answered."""
    exported = file_format.export(analyses, options)

    def pieces() -> Iterator[bytes]:
        with slot():
            first = next(exported.pieces, b"")
            yield b""
            yield first
            yield from exported.pieces

    running = pieces()
    next(running)
    return replace(exported, pieces=running)


def source_of(result: Result) -> Iterator[bytes]:
    """All that the files of a result are made from, but the photo."""
    return FORMATS["jsonl"].export([analysis_of(result)], ALL).pieces


def answer(result: Result) -> Answer:
    """What the vendor's API would answer."""
    return answer_to_wire(analysis_of(result))


def answer_for_run(width: int, height: int, finding: Finding, requested_version: str) -> Answer:
    """What the vendor's API would answer, for a run over a photo of this size that isn't stored."""
    version = finding.face_model_version or requested_version
    return answer_to_wire(Analysis("", width, height, version, finding.faces))


# --- results ---------------------------------------------------------------------------------------------------------


def analyses_at(positions: Positions, columns: Sequence[str]) -> Iterator[Analysis]:
    """Results in that order, without those that are deleted."""
    for start in range(0, len(positions), CHUNK):
        with storage_errors(), limited(settings.DATABASE_STATEMENT_TIMEOUT):
            analyses = read_analyses(positions[start : start + CHUNK], columns)
        yield from analyses


def read_analyses(positions: Positions, columns: Sequence[str]) -> list[Analysis]:
    """With these columns of the faces. No more than is exported is read, no rows are made of it, and JSON is not read
    by the standard library: together that takes a third of the time.
    """
    rows = list(
        Result.objects.kept()
        .filter(position__in=list(positions))
        .newest_first()
        .values_list("pk", "name", "photo__width", "photo__height", "photo__file", *RESULT_COLUMNS)
    )
    faces = defaultdict[UUID, list[values.Face]](list)
    found = models.Face.objects.filter(result__in=[row[0] for row in rows]).order_by("result", "number")
    for id, score, *texts in found.values_list("result_id", "score", *(Cast(name, TextField()) for name in columns)):
        known = {name: from_json(text) if text else None for name, text in zip(columns, texts, strict=True)}
        faces[id].append(values.Face.from_dict({**NOT_EXPORTED, "score": score, **known}))
    return [
        Analysis(
            source=name,
            width=width,
            height=height,
            face_model_version=version,
            faces=tuple(faces[id]),
            result=str(id),
            file=file_name(name, id),
            engine=engine,
            elapsed_ms=elapsed_ms,
            open_photo=partial(open_photo, file),
        )
        for id, name, width, height, file, version, engine, elapsed_ms in rows
    ]


def file_name(name: str, id: UUID) -> str:
    """Of a photo, unlike that of any other; the result is found by it when such a file comes back."""
    return f"{file_stem(name)}-{id}.jpg"


def analysis_of(result: models.Result) -> Analysis:
    photo = result.photo
    return Analysis(
        source=result.name,
        width=photo.width,
        height=photo.height,
        face_model_version=result.face_model_version,
        faces=result.found_faces(),
        result=str(result.pk),
        file=file_name(result.name, result.pk),
        engine=result.engine,
        elapsed_ms=result.elapsed_ms,
        open_photo=partial(open_photo, str(photo.file)),
    )


def open_photo(name: str) -> IO[bytes]:
    """A stored photo. Raises NotFound where it is lost, or StorageError."""
    try:
        return files.open_file(name)
    except files.FileMissing as exc:
        raise NotFound("file_missing") from exc
