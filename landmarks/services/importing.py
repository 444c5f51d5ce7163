"""Corrected points of photos that are stored here: each corrected photo becomes a new result."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from time import perf_counter
from typing import IO

from django.conf import settings

from landmarks.core.errors import LandmarksError, NotFound, RequestInvalid
from landmarks.core.faces import Face, order_faces
from landmarks.core.finding import Finding
from landmarks.core.messages import render
from landmarks.core.version import VERSION
from landmarks.imports.corrections import CorrectedPhoto, corrected_face, matched
from landmarks.imports.registry import read_file
from landmarks.models import Result, ResultQuerySet
from landmarks.runtime import concurrency
from landmarks.services import engines, photos
from landmarks.storage.errors import storage_errors
from landmarks.storage.results import store_result

ENGINE = "import"
"""The name of the engine of such results."""
FACE_NUMBER = re.compile(r"_\d{1,4}$")
"""At the end of the name of a file of one face of several."""
MOST_NAMESAKES = 1000


class Outcome(StrEnum):
    IMPORTED = "imported"
    UNCHANGED = "unchanged"
    NOT_MATCHED = "not matched"


@dataclass(frozen=True)
class Imported:
    """What became of one photo in the file."""

    name: str
    """Of the photo, as in the file."""
    outcome: Outcome
    result: Result | None = None
    """The new one."""
    remarks: tuple[str, ...] = ()
    """Sentences: what could not be matched, and what is gone."""


def import_file(file: IO[bytes], name: str) -> Iterator[Imported]:
    """Store the corrections of a file photo by photo; what was stored before an error stays.

    Raises RequestInvalid for a file that cannot be read, or StorageError.
    """
    for photo in read_file(file, name):
        try:
            yield import_photo(photo)
        except LandmarksError as exc:
            if exc.status >= 500:
                raise
            yield Imported(photo.name, Outcome.NOT_MATCHED, remarks=(exc.message,))


def import_photo(photo: CorrectedPhoto) -> Imported:
    """Raises LandmarksError where it cannot be matched or stored."""
    result = result_of(photo)
    if photo.size and photo.size != (result.photo.width, result.photo.height):
        size = f"{photo.size[0]} × {photo.size[1]}", f"{result.photo.width} × {result.photo.height}"
        raise RequestInvalid("import_other_size", file_size=size[0], photo_size=size[1])
    started = perf_counter()
    old = result.found_faces()
    faces, remarks = correct(old, photo)
    if faces == old:
        return Imported(photo.name, Outcome.NOT_MATCHED if remarks else Outcome.UNCHANGED, remarks=remarks)
    new = store(result, faces, (perf_counter() - started) * 1000)
    return Imported(photo.name, Outcome.IMPORTED, new, remarks)


def result_of(photo: CorrectedPhoto) -> Result:
    """The result that the photo was exported from: by its id, or by the name of the photo. Raises NotFound."""
    with storage_errors():
        kept = Result.objects.kept().done().select_related("photo").newest_first()
        if photo.result:
            found = list(kept.filter(pk=photo.result))
        else:
            found = named(kept, photo.name if photo.is_whole else f"{photo.name}.pts")
            if not found and not photo.is_whole:
                found = named(kept, FACE_NUMBER.sub("", photo.name) + ".pts")
    if not found:
        raise NotFound("import_no_result" if photo.result else "import_no_name")
    if len({each.photo_id for each in found}) > 1:
        raise RequestInvalid("import_several_results", name=photo.name)
    return found[0]


def named(results: ResultQuerySet, name: str) -> list[Result]:
    """Those whose photo has this name, whatever kind of file it was."""
    stem = PurePath(name).stem
    return [each for each in results.filter(name__startswith=stem)[:MOST_NAMESAKES] if PurePath(each.name).stem == stem]


def correct(old: tuple[Face, ...], photo: CorrectedPhoto) -> tuple[tuple[Face, ...], tuple[str, ...]]:
    """The faces as the file has them, and what to say about it."""
    if not photo.faces:
        return old, (render("import_photo_without_faces", {}),) if old else ()
    if len(photo.faces) > settings.MAX_FACES:
        raise RequestInvalid("import_too_many_faces", count=len(photo.faces), most=settings.MAX_FACES)
    pairs = matched(old, photo.faces)
    new: list[Face] = []
    remarks = []
    for number, correction in enumerate(photo.faces):
        before = old[pairs[number]] if number in pairs else None
        if face := corrected_face(before, correction):
            new.append(face)
        else:
            remarks.append(render("import_face_not_matched", {"number": number + 1}))
    gone = [index for index in range(len(old)) if index not in pairs.values()]
    if photo.is_whole:
        remarks += [render("import_face_gone", {"number": index + 1}) for index in gone]
    else:
        new += [old[index] for index in gone]
    if len(new) > settings.MAX_FACES:
        raise RequestInvalid("import_too_many_faces", count=len(new), most=settings.MAX_FACES)
    if not new:
        return old, tuple(remarks)
    # Unchanged faces stay in the order in which they were.
    return (old if set(map(id, new)) == set(map(id, old)) else order_faces(new)), tuple(remarks)


def store(old: Result, faces: tuple[Face, ...], elapsed_ms: float) -> Result:
    """A new result of the same photo. Raises PhotoError where its file is lost, Busy or StorageError."""
    photo = photos.stored(old)
    new = Result(
        owner_id=photo.row.owner_id,
        photo=photo.row,
        name=old.name,
        address=old.address,
        note=old.note,
        engine=ENGINE,
        largest_only=old.largest_only,
        rotate=old.rotate,
        dense=old.dense,
        face_model_version=old.face_model_version,
        requested_face_model_version=old.requested_face_model_version,
    )
    remark = render("import_remark", {})
    new.note_finding(Finding(faces, (), ENGINE, VERSION, elapsed_ms, remark=remark))
    photos.check_room(photo.row.owner)
    with concurrency.REQUESTS.slot(), photos.slot(engines.EMBEDDED) as slot:
        store_result(new, photos.load(photo, slot).image, faces)
    return new
