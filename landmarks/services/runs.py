"""Runs of an engine over photos: the one sequence that pages, API and commands call."""

import logging
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace

from django.conf import settings
from PIL import Image

from landmarks.access import visibility
from landmarks.core.errors import EngineError, NotFound, OwnerOnly, StorageError
from landmarks.core.faces import Face
from landmarks.core.finding import Finding, Options
from landmarks.core.names import composed
from landmarks.core.text import clean_line
from landmarks.models import Owner, Photo, Result, truncate
from landmarks.net.fetch import Fetched
from landmarks.photos.encode import encode_photo
from landmarks.photos.photo import Photo as Picture
from landmarks.runtime import concurrency, metrics
from landmarks.services import engines, photos
from landmarks.services.photos import PhotoFile, Slot, StoredPhoto
from landmarks.storage import deletion, locks
from landmarks.storage.errors import storage_errors
from landmarks.storage.results import PhotoGone, store_photo, store_result

logger = logging.getLogger(__name__)

Size = tuple[int, int]
UNNAMED = "photo"
"""For a file of whose name nothing can be seen."""


def run_options(
    *, largest_only: bool = False, rotate: bool = False, face_model_version: str = "3.0", dense: bool = False
) -> Options:
    return Options(settings.MAX_FACES, largest_only, rotate, face_model_version, dense)


# --- nothing is stored -----------------------------------------------------------------------------------------------


def analyze(data: bytes, options: Options, engine_name: str, address: str = "") -> tuple[Picture, Finding]:
    """Find the faces of a photo and store nothing. Raises PhotoError or EngineError."""
    photo = replace(photos.decode(data, whole=False), address=address)
    return photo, run_engine(engine_name, photo, options)


def analyze_address(address: str, options: Options) -> tuple[Size, Finding]:
    """Find the faces of the photo at an address by the default engine, and store nothing.

    Raises FetchError, PhotoError, Busy or EngineError.
    """
    name = engines.default_engine()
    with concurrency.REQUESTS.slot(), photos.fetch(address) as fetched, photos.slot(name) as slot:
        photo = replace(slot.decode(fetched.read(), whole=False), address=fetched.public_address)
        size, finding = (photo.width, photo.height), run_engine(name, photo, options)
        del photo  # before its memory is given to another run
        return size, finding


def run_engine(name: str, photo: Picture, options: Options) -> Finding:
    """Raises EngineError."""
    try:
        finding = engines.engine(name).find(photo, options)
    except EngineError as exc:
        metrics.count_engine_failure(name, exc.code)
        raise
    metrics.count_finding(name, finding.elapsed_ms / 1000, len(finding.faces))
    return finding


# --- store first, run after ------------------------------------------------------------------------------------------


def submit_address(
    address: str, owner: Owner, options: Options, engine_name: str, *, name: str = "", note: str = ""
) -> Result:
    """Fetch a photo, store it and run an engine over it.

    Raises FetchError, PhotoError, Busy, QuotaExceeded or StorageError.
    """
    photos.check_room(owner)
    with concurrency.REQUESTS.slot(), photos.fetch(address) as fetched, photos.slot(engine_name) as slot:
        sent = name or fetched.name
        return store_and_run(fetched.read(), sent, owner, options, engine_name, slot, fetched, note)


def submit(file: PhotoFile, name: str, owner: Owner, options: Options, engine_name: str, *, note: str = "") -> Result:
    """Store a photo and run an engine over it.

    Raises PhotoError, Busy, QuotaExceeded or StorageError, and then leaves nothing, or RequestInvalid
    where the engine takes no files.
    """
    engines.require_files(engine_name)
    photos.check_room(owner)
    with concurrency.REQUESTS.slot(), photos.slot(engine_name) as slot:
        return store_and_run(photos.read(file), name, owner, options, engine_name, slot, note=note)


def store_and_run(
    data: bytes,
    name: str,
    owner: Owner,
    options: Options,
    engine_name: str,
    slot: Slot,
    source: Fetched | None = None,
    note: str = "",
) -> Result:
    """A separate function, so that the picture is freed before its memory is given to another run."""
    with ExitStack() as undo:
        photo = photos.store(data, owner, slot, name=name, note=note, source=source)
        undo.callback(discard, photo.row)
        result = run(photo, engine_name, options, slot)
        undo.pop_all()
    return result


def discard(photo: Photo) -> None:
    """Delete a photo that got no result; where that fails, too, `manage.py sweep` deletes it."""
    with suppress(StorageError):
        deletion.delete_unused(photo)


def run(
    photo: StoredPhoto,
    engine_name: str,
    options: Options,
    slot: Slot,
    confirm: Callable[[Result], None] = lambda result: None,
) -> Result:
    """Run an engine over a stored photo and store the result, also that of an engine that failed.

    `confirm` is called in the transaction that stores it; if that raises anything, nothing is stored.

    Raises PhotoError where the photo is deleted or its file lost, Busy or StorageError, and then stores nothing.
    """
    picture = photo.picture or photos.load(photo, slot)
    result = Result(
        owner_id=photo.row.owner_id,
        photo=photo.row,
        name=clean_line(truncate("name", composed(photo.name))) or UNNAMED,
        address=photo.address,
        note=truncate("note", photo.note),
        engine=engine_name,
        largest_only=options.largest_only,
        rotate=options.rotate,
        dense=options.dense,
        face_model_version=options.face_model_version,
        requested_face_model_version=options.face_model_version,
    )
    faces = find(result, picture, options)
    try:
        store_result(result, picture.image, faces, confirm)
    except PhotoGone:
        if not photo.picture:
            raise
        # The owner had sent it before, and has deleted those results meanwhile; but it has just been sent again.
        result.photo = store_photo(photo.row.owner, photo.row.digest, picture)
        store_result(result, picture.image, faces, confirm)
    return result


def find(result: Result, picture: Picture, options: Options) -> tuple[Face, ...]:
    """Run the engine and note in the result what it found, or why it failed."""
    try:
        finding = run_engine(result.engine, picture, options)
    except EngineError as exc:
        trace = exc.trace_id or "-"
        logger.error("Engine %s failed (%s, trace %s): %s %s", result.engine, exc.code, trace, exc.message, exc.detail)
        result.note_error(exc)
        return ()
    result.note_finding(finding)
    return finding.faces


# --- run again -------------------------------------------------------------------------------------------------------


def options_of(result: Result) -> Options:
    """The options of a result, with today's limits."""
    return run_options(
        largest_only=result.largest_only,
        rotate=result.rotate,
        face_model_version=result.requested_face_model_version,
        dense=bool(result.dense),
    )


def may_run_again(result: Result, engine_name: str, by: Owner | None) -> bool:
    """In a shared history everybody may run the embedded engine, and only the owner one that sends the photo away."""
    return visibility.is_own(result, by) or not engines.is_hosted(engine_name)


def run_again(result: Result, engine_name: str, options: Options | None = None, *, by: Owner | None) -> Result:
    """A new result over the same photo, by default with the same options, for the owner of the photo.

    Raises OwnerOnly where `by` may not run this engine, NotFound where the result was deleted meanwhile, PhotoError,
    Busy, QuotaExceeded or StorageError.

    Of several identical requests at once only one starts a run, which may cost money. Those that come while it ends get
    its result, the others Busy.
    """
    if not may_run_again(result, engine_name, by):
        raise OwnerOnly("hosted_run_owner_only", engine=engines.engine_label(engine_name))
    options = options or options_of(result)
    with locks.lock(f"run {result.photo_id} {engine_name} {options}", "run_in_progress"):
        if finished := finished_since(result, engine_name, options):
            return finished
        photo = photos.stored(result)
        check_kept(result)
        photos.check_room(photo.row.owner)
        with concurrency.REQUESTS.slot(), photos.slot(engine_name) as slot:
            return run(photo, engine_name, options, slot)


def check_kept(result: Result) -> None:
    """Raise NotFound where the result was deleted since it was read, before its photo is sent anywhere."""
    with storage_errors():
        is_kept = Result.objects.kept().filter(pk=result.pk).exists()
    if not is_kept:
        raise NotFound("result_not_found")


def finished_since(result: Result, engine_name: str, options: Options) -> Result | None:
    """The newest result of an identical run over the photo, if it is newer than that result."""
    return (
        Result.objects.kept()
        .done()
        .filter(photo_id=result.photo_id, engine=engine_name, created__gt=result.created)
        .filter(largest_only=options.largest_only, rotate=options.rotate, dense=options.dense)
        .filter(requested_face_model_version=options.face_model_version)
        .newest_first()
        .first()
    )


# --- at start --------------------------------------------------------------------------------------------------------


def warm_engine() -> None:
    """Let the embedded engine load its models, so that no visitor waits for that.

    Raises EngineError where it is the default; beside a hosted engine the site does without it.
    """
    try:
        engines.engine(engines.EMBEDDED).find(photos.decode(encode_photo(Image.new("RGB", (64, 64)))), run_options())
    except EngineError as exc:
        if engines.default_engine() == engines.EMBEDDED:
            raise
        logger.error("The embedded engine cannot run: %s %s", exc.message, exc.detail)
