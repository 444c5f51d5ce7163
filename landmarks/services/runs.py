"""The sequence, told once: intake, engine, store; what doors call."""

import logging
from contextlib import suppress
from dataclasses import replace

from django.conf import settings
from PIL import Image

from landmarks import models
from landmarks.core.errors import Busy, EngineError, FetchError, PhotoError
from landmarks.core.faces import Face
from landmarks.core.finding import Finding, Options
from landmarks.photos.decode import read_photo
from landmarks.photos.decoder_pool import MakeRoom
from landmarks.photos.encode import encode_photo
from landmarks.photos.photo import Photo, PhotoLimits
from landmarks.services import engines
from landmarks.services.photos import digest, fetch, place, read, read_in_place
from landmarks.storage import files, locks
from landmarks.storage import results as storage_results

logger = logging.getLogger(__name__)

Size = tuple[int, int]

# --- from a photo to a result ----------------------------------------------------------------------------------------

LONGEST_RUN = 180
"""Seconds after which a run that was not heard of any more is taken for broken off."""


def ask(*, largest_only: bool = False, rotate: bool = False, face_model_version: str = "3.0") -> Options:
    return Options(settings.MAX_FACES, largest_only, rotate, face_model_version)


def look(data: bytes, asked: Options, engine_name: str, address: str = "") -> tuple[Photo, Finding]:
    """Look at a photo and keep nothing; raise PhotoError or EngineError."""
    photo = replace(read(data, whole=False), address=address)
    return photo, engines.engine(engine_name).find(photo, asked)


def look_behind(address: str, asked: Options) -> tuple[Size, Finding]:
    """Look at the photo behind an address, by the default engine, and keep nothing, not even the picture.

    Raises FetchError, PhotoError, Busy or EngineError.
    """
    fetched, name = fetch(address), engines.default_engine()
    with place(name) as make_room:
        photo = replace(read_in_place(fetched.data, name, make_room, whole=False), address=fetched.address)
        size, finding = (photo.width, photo.height), engines.engine(name).find(photo, asked)
        del photo
        return size, finding


def submit_address(address: str, owner: str, asked: Options, engine_name: str) -> models.Result:
    """Fetch a photo, look at it and keep the result; raise FetchError, PhotoError, Busy or StorageError."""
    fetched = fetch(address)
    return submit(fetched.data, fetched.name, owner, asked, engine_name, fetched.address)


def submit(data: bytes, name: str, owner: str, asked: Options, engine_name: str, address: str = "") -> models.Result:
    """Look at a photo and keep the result, also that of an engine that failed.

    Raises PhotoError, Busy or StorageError.
    """
    row = models.Result(owner=owner, name=models.fitting("name", name), address=address)
    with place(engine_name) as make_room:
        return look_and_keep(row, data, asked, engine_name, make_room)


def look_and_keep(
    row: models.Result, data: bytes, asked: Options, engine_name: str, make_room: MakeRoom
) -> models.Result:
    """With its own end the picture is gone, before the room for it is."""
    photo = replace(read_in_place(data, engine_name, make_room), address=row.address)
    faces = run(row, photo, asked, engine_name)
    return storage_results.keep(row, photo, digest(data), faces)


def asked_before(result: models.Result) -> Options:
    """What was asked of the engine for a result, with the limits of now."""
    return ask(
        largest_only=result.largest_only, rotate=result.rotate, face_model_version=result.asked_face_model_version
    )


def try_again(result: models.Result, engine_name: str, asked: Options | None = None) -> models.Result:
    """A new result over the same photo, asked for the same unless told; raise PhotoError, Busy or StorageError.

    Of several who ask at once one is given a run, which may cost money, and those who come in while it ends its result.
    """
    asked = asked or asked_before(result)
    key = f"run {result.photo_id} {engine_name} {asked}"
    with locks.alone(key, LONGEST_RUN, "run_in_progress"):
        return made_meanwhile(result, engine_name, asked) or run_again(result, engine_name, asked)


def made_meanwhile(result: models.Result, engine_name: str, asked: Options) -> models.Result | None:
    """What another run that was asked for the same made of the photo since that result."""
    return (
        models.Result.objects.kept()
        .filter(photo_id=result.photo_id, engine=engine_name, error_code="", created__gt=result.created)
        .filter(largest_only=asked.largest_only, rotate=asked.rotate)
        .filter(asked_face_model_version=asked.face_model_version)
        .newest_first()
        .first()
    )


def run_again(result: models.Result, engine_name: str, asked: Options) -> models.Result:
    kept = storage_results.photo_of(result)
    with place(engine_name) as make_room:
        return look_and_keep_again(result, kept, engine_name, asked, make_room)


def look_and_keep_again(
    result: models.Result, kept: models.Photo, engine_name: str, asked: Options, make_room: MakeRoom
) -> models.Result:
    photo = photo_again(result, kept, engine_name, make_room)
    row = models.Result(owner=kept.owner, name=result.name, address=result.address)
    faces = run(row, photo, asked, engine_name)
    return storage_results.keep_again(row, kept, photo, faces)


def photo_again(result: models.Result, kept: models.Photo, engine_name: str, make_room: MakeRoom) -> Photo:
    """The photo from its address, for an engine that can use that, if the same file is still there; else our copy."""
    if result.address and engines.is_hosted(engine_name):
        with suppress(FetchError, PhotoError, Busy):
            fetched = fetch(result.address)
            if digest(fetched.data) == kept.digest:
                return replace(read_in_place(fetched.data, engine_name, make_room), address=fetched.address)
    data = files.stored_bytes(kept)
    make_room(kept.width * kept.height)
    # What was once taken is taken again, whatever the limits are now.
    return read_photo(data, PhotoLimits(len(data), kept.width * kept.height))


def run(row: models.Result, photo: Photo, asked: Options, engine_name: str) -> tuple[Face, ...]:
    """Let an engine look; note in the row what was asked and what came of it, also when that is a failure."""
    row.engine = engine_name
    row.largest_only, row.rotate = asked.largest_only, asked.rotate
    row.face_model_version = row.asked_face_model_version = asked.face_model_version
    try:
        finding = engines.engine(engine_name).find(photo, asked)
    except EngineError as exc:
        trace = exc.trace_id or "-"
        logger.error("Engine %s failed (%s, trace %s): %s %s", engine_name, exc.code, trace, exc.message, exc.detail)
        row.note_error(exc)
        return ()
    row.note_finding(finding)
    return finding.faces


def warm_engine() -> None:
    """Let the embedded engine load its models and look at little, so that no visitor waits for that.

    Raises EngineError where it is the default; beside a hosted one it is only missed.
    """
    try:
        engines.engine(engines.EMBEDDED).find(read(encode_photo(Image.new("RGB", (64, 64)))), ask())
    except EngineError as exc:
        if engines.default_engine() == engines.EMBEDDED:
            raise
        logger.error("The embedded engine cannot run: %s %s", exc.message, exc.detail)


# --- requests of programs --------------------------------------------------------------------------------------------


# --- looking at results ----------------------------------------------------------------------------------------------
