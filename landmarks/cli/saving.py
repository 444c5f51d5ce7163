"""Photos that `manage.py analyze --save` stores: each is a job of a collection, and reported from its result."""

import shutil
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError
from django.db import close_old_connections
from django.utils import timezone
from PIL import Image

from landmarks.cli.analyze_usage import LIST
from landmarks.cli.overlays import write_overlay
from landmarks.cli.report import Report
from landmarks.cli.sources import Source, printable, read_file
from landmarks.cli.tasks import Answer, Failure, Outcome, Saving, Task
from landmarks.core.errors import Busy, LandmarksError, NotFound, QuotaExceeded, RequestInvalid, StorageError
from landmarks.core.finding import Finding, Options
from landmarks.models import Collection, Job, JobStatus, Owner, Result
from landmarks.services import collection_runs, collections, exporting, photos
from landmarks.storage import collections as storage
from landmarks.storage.errors import storage_errors

OWNER = "analyze"
"""Whose photos they are if nobody is named."""

# --- the collection --------------------------------------------------------------------------------------------------


def begin(engine: str, how: Options, options: dict[str, Any]) -> Saving:
    """A new collection, or with `--resume` the newest one of that name. Raises CommandError."""
    owner = Owner(kind=Owner.Kind.TOKEN, key=options["owner"] or OWNER).saved()
    name = options["collection"] or default_name(options["photos"][0])
    try:
        found = collection_runs.newest_called(owner, name) if options["resume"] else None
        collection = found or collections.create(owner, name, how, engine)
        if collection.is_paused:
            storage.resume(collection)
    except RequestInvalid as exc:
        raise CommandError(exc.message, returncode=2) from exc
    except StorageError as exc:
        raise CommandError(exc.message) from exc
    if found and not collection_runs.has_options(found, how, engine):
        raise CommandError(
            f"The collection {found.name} was analysed with other options. Use the same ones, or leave out --resume.",
            returncode=2,
        )
    return Saving(collection.pk, timezone.now(), is_resumed=bool(found))


def default_name(named: str) -> str:
    """Of a collection, by the first thing on the command line: the name of the folder or photo."""
    return printable(Path(named).resolve().name) if named != LIST else ""


def summary(saving: Saving, report: Report) -> str:
    collection = collection_called(saving.collection)
    known = f", {report.known:,} had been before" if report.known else ""
    return (
        f"{report.analyzed:,} photo{'' if report.analyzed == 1 else 's'} analysed now{known}. "
        f"They are in the collection {collection.name} of {collection.owner.key} ({collection.pk})."
    )


# --- in each process -------------------------------------------------------------------------------------------------


def analyze(task: Task, saving: Saving) -> Outcome:
    """Store a photo, run the engine over it unless that was done before, and read its result."""
    close_old_connections()
    source = task.source
    try:
        job, is_known = run(source, collection_called(saving.collection), saving)
        if job.status != JobStatus.DONE:
            return Outcome(source, Failure(job.error_code or job.status, job.error_message))
        result = read_result(job)
        if task.upright:
            copy_photo(result, task)
        failure = draw(result, task)
        return Outcome(source, answer_of(result), failure, is_known)
    except (Busy, QuotaExceeded, StorageError) as exc:
        return Outcome(source, Failure(exc.code, exc.message), is_last=True)
    except LandmarksError as exc:
        return Outcome(source, Failure(exc.code, exc.message))


@lru_cache(1)
def collection_called(id: UUID) -> Collection:
    """Raises NotFound where it was deleted, or StorageError."""
    with storage_errors():
        found = Collection.objects.select_related("owner").filter(pk=id).first()
    if found is None:
        raise NotFound("collection_not_found")
    return found


def run(source: Source, collection: Collection, saving: Saving) -> tuple[Job, bool]:
    """The job of the photo, which is over, and whether it was before. Raises LandmarksError."""
    if source.path is None:
        return collection_runs.analyze_address(collection, source.name, saving.began)
    name = printable(source.output.as_posix())
    if saving.is_resumed:
        collection_runs.forget_unread(collection, name)
    read = partial(read_file, source.path, photos.max_upload_bytes())
    return collection_runs.analyze(collection, read, name, saving.began)


def read_result(job: Job) -> Result:
    """With its photo. Raises NotFound where it was deleted, or StorageError."""
    with storage_errors():
        result = Result.objects.kept().select_related("photo").filter(jobs=job).first()
    if result is None:
        raise NotFound("result_not_found")
    return result


def answer_of(result: Result) -> Answer:
    """Raises StorageError."""
    with storage_errors():
        faces = result.found_faces()
    finding = Finding(faces, result.tried(), result.engine, result.engine_version, result.elapsed_ms or 0.0)
    photo = result.photo
    return Answer(photo.width, photo.height, photo.orientation, result.face_model_version, finding)


def copy_photo(result: Result, task: Task) -> None:
    """The stored photo is upright already. Raises NotFound where its file is lost, or StorageError."""
    assert task.upright  # noqa: S101  only called with one
    with exporting.open_photo(str(result.photo.file)) as stored, task.upright.open("wb") as file:
        shutil.copyfileobj(stored, file)


def draw(result: Result, task: Task) -> str:
    """Write the overlay, if one is wanted; returns why that failed."""
    if task.overlay is None:
        return ""
    try:
        with exporting.open_photo(str(result.photo.file)) as stored, Image.open(stored, formats=["JPEG"]) as picture:
            picture.load()  # otherwise Pillow would draw on a copy
            return write_overlay(picture, result.found_faces(), task.overlay)
    except LandmarksError as exc:
        return exc.message
