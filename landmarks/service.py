"""The sequence, told once: intake, engine, store; what doors call."""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import replace
from functools import cache
from tempfile import TemporaryFile

from django.conf import settings
from django.core.files.base import File
from PIL import Image

from landmarks import capacity, choice, models, rates, store
from landmarks.engines import Finding, Options
from landmarks.errors import AddressInvalid, Busy, EngineError, FetchError, PhotoError
from landmarks.faces import Face
from landmarks.handover import UPLOADS, read_upload
from landmarks.intake.fetch import Fetched, FetchLimits, fetch_photo
from landmarks.intake.photo import Photo, PhotoLimits, encode_photo, read_photo, write_fitting
from landmarks.intake.pool import DecoderPool, MakeRoom, there_is_room
from landmarks.sources import Source, read_file

logger = logging.getLogger(__name__)

Size = tuple[int, int]

# --- from a photo to a result ----------------------------------------------------------------------------------------

LONGEST_RUN = 180
"""Seconds after which a run that was not heard of any more is taken for broken off."""
UNDER_WAY = "This engine is looking at this photo already. Its result will be in the history in a moment."


def ask(*, largest_only: bool = False, rotate: bool = False, face_model_version: str = "3.0") -> Options:
    return Options(settings.MAX_FACES, largest_only, rotate, face_model_version)


def max_upload_mb() -> int:
    return int(settings.MAX_UPLOAD_MB)


def max_upload_bytes() -> int:
    return max_upload_mb() * 2**20


def read(data: bytes, *, whole: bool = True, make_room: MakeRoom = there_is_room) -> Photo:
    """Raises PhotoError, or Busy."""
    limits = PhotoLimits(max_upload_bytes(), settings.MAX_PIXELS)
    return decoders().read(data, limits, whole=whole, make_room=make_room)


@cache
def decoders() -> DecoderPool:
    """The processes in which this one has photos decoded."""
    return DecoderPool()


def fetch(address: str) -> Fetched:
    """What was uploaded here is read from the disk, everything else fetched.

    Raises FetchError, Busy, or PhotoTooLarge.
    """
    if (upload := read_upload(address)) is not None:
        return Fetched(upload, "upload.jpg")  # of an address that is soon over, and that others need not reach
    try:
        return fetch_photo(address, FetchLimits(max_upload_bytes(), allowed_networks=settings.FETCH_ALLOW_NETWORKS))
    except AddressInvalid:
        raise  # there is nothing to find out, and who knows what was typed
    except FetchError as exc:
        logger.info("A photo could not be fetched: %s", exc.detail or exc.message)
        raise


def read_source(source: Source) -> Fetched:
    """What is behind a file's name or an address; raise PhotoError or FetchError."""
    return Fetched(read_file(source.path, max_upload_bytes()), source.name) if source.path else fetch(source.name)


def look(data: bytes, asked: Options, engine_name: str, address: str = "") -> tuple[Photo, Finding]:
    """Look at a photo and keep nothing; raise PhotoError or EngineError."""
    photo = replace(read(data, whole=False), address=address)
    return photo, choice.engine(engine_name).find(photo, asked)


def look_behind(address: str, asked: Options) -> tuple[Size, Finding]:
    """Look at the photo behind an address, by the default engine, and keep nothing, not even the picture.

    Raises FetchError, PhotoError, Busy or EngineError.
    """
    fetched, name = fetch(address), choice.default_engine()
    with place(name) as make_room:
        photo = replace(read_in_place(fetched.data, name, make_room, whole=False), address=fetched.address)
        size, finding = (photo.width, photo.height), choice.engine(name).find(photo, asked)
        del photo
        return size, finding


def upload(data: bytes, here: str) -> str:
    """Keep a photo for a while, upright and without metadata; raise PhotoError, Busy or StorageError.

    Returns its address, which begins with that of the site as the caller reached it, unless PUBLIC_URL is set.
    """
    with store.storage_errors(), TemporaryFile() as jpeg:
        with place(choice.EMBEDDED) as make_room:
            # What is given out here must be small enough to be taken in again.
            write_fitting(read(data, make_room=make_room).image, jpeg, max_upload_bytes())
        return (settings.PUBLIC_URL or here) + UPLOADS.link(UPLOADS.put(File(jpeg)))


@contextmanager
def place(engine_name: str) -> Iterator[MakeRoom]:
    """One of the places of those who look at photos in this process, where room can be made for a picture.

    Raises Busy when all are taken.
    """
    is_hosted = choice.is_hosted(engine_name)
    places = capacity.CALLS if is_hosted else capacity.LOOKS
    pictures = capacity.CALLED_PICTURES if is_hosted else capacity.PICTURES
    with places.place(), ExitStack() as held:
        yield lambda pixels: held.enter_context(capacity.room(pictures, pixels))


def read_in_place(data: bytes, engine_name: str, make_room: MakeRoom, *, whole: bool = True) -> Photo:
    """Raises PhotoError, or Busy: who waits for a hosted engine has a place there, and needs another to read."""
    with capacity.LOOKS.place() if choice.is_hosted(engine_name) else nullcontext():
        return read(data, whole=whole, make_room=make_room)


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
    return store.keep(row, photo, digest(data), faces)


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
    with rates.alone(key, LONGEST_RUN, UNDER_WAY):
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
    kept = store.photo_of(result)
    with place(engine_name) as make_room:
        return look_and_keep_again(result, kept, engine_name, asked, make_room)


def look_and_keep_again(
    result: models.Result, kept: models.Photo, engine_name: str, asked: Options, make_room: MakeRoom
) -> models.Result:
    photo = photo_again(result, kept, engine_name, make_room)
    row = models.Result(owner=kept.owner, name=result.name, address=result.address)
    faces = run(row, photo, asked, engine_name)
    return store.keep_again(row, kept, photo, faces)


def photo_again(result: models.Result, kept: models.Photo, engine_name: str, make_room: MakeRoom) -> Photo:
    """The photo from its address, for an engine that can use that, if the same file is still there; else our copy."""
    if result.address and choice.is_hosted(engine_name):
        with suppress(FetchError, PhotoError, Busy):
            fetched = fetch(result.address)
            if digest(fetched.data) == kept.digest:
                return replace(read_in_place(fetched.data, engine_name, make_room), address=fetched.address)
    data = store.stored_bytes(kept)
    make_room(kept.width * kept.height)
    # What was once taken is taken again, whatever the limits are now.
    return read_photo(data, PhotoLimits(len(data), kept.width * kept.height))


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def run(row: models.Result, photo: Photo, asked: Options, engine_name: str) -> tuple[Face, ...]:
    """Let an engine look; note in the row what was asked and what came of it, also when that is a failure."""
    row.engine = engine_name
    row.largest_only, row.rotate = asked.largest_only, asked.rotate
    row.face_model_version = row.asked_face_model_version = asked.face_model_version
    try:
        finding = choice.engine(engine_name).find(photo, asked)
    except EngineError as exc:
        trace = exc.trace_id or "-"
        logger.error("Engine %s failed (%s, trace %s): %s %s", engine_name, exc.code, trace, exc.message, exc.detail)
        row.note_error(exc)
        return ()
    row.note_finding(finding)
    return finding.faces


def describe(result: models.Result, *, name: str | None = None, note: str | None = None) -> None:
    """Give a result another name or note; None leaves it as it is. Raises StorageError."""
    sent = {"name": name, "note": note}
    store.write_words(result, {column: text for column, text in sent.items() if text is not None})


def warm_engine() -> None:
    """Let the embedded engine load its models and look at little, so that no visitor waits for that.

    Raises EngineError where it is the default; beside a hosted one it is only missed.
    """
    try:
        choice.engine(choice.EMBEDDED).find(read(encode_photo(Image.new("RGB", (64, 64)))), ask())
    except EngineError as exc:
        if choice.default_engine() == choice.EMBEDDED:
            raise
        logger.error("The embedded engine cannot run: %s %s", exc.message, exc.detail)


# --- requests of programs --------------------------------------------------------------------------------------------


def count_request(token: models.Token) -> None:
    """Raises RateExceeded when the token has had its share."""
    rate = rates.parse_rate(token.rate or settings.API_RATE)
    if rate:
        rates.claim(f"token {token.pk}", rate)


# --- looking at results ----------------------------------------------------------------------------------------------


def is_history_shared() -> bool:
    return bool(settings.HISTORY == "shared")


def results_of_same_photo(result: models.Result, seen: models.ResultQuerySet) -> models.ResultQuerySet:
    """The other runs over a result's photo among those that may be seen."""
    return seen.filter(photo_id=result.photo_id).exclude(pk=result.pk)


def results_seen_by(owner: str | None) -> models.ResultQuerySet:
    """What this owner may see: its own results, or everybody's in a shared history."""
    return all_results_of(owner).kept()


def all_results_of(owner: str | None) -> models.ResultQuerySet:
    """Those, and those that were deleted and are not gone yet."""
    results = models.Result.objects.all()
    if is_history_shared():
        return results
    return results.owned_by(owner) if owner else results.none()
