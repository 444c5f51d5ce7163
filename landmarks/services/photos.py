"""From bytes or an address to a photo: read, fetched, stored for a while."""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from functools import cache
from tempfile import TemporaryFile

from django.conf import settings
from django.core.files.base import File

from landmarks.core.errors import AddressInvalid, FetchError
from landmarks.net.fetch import Fetched, FetchLimits, fetch_photo
from landmarks.photos.decoder_pool import DecoderPool, MakeRoom, there_is_room
from landmarks.photos.encode import write_fitting
from landmarks.photos.photo import Photo, PhotoLimits
from landmarks.runtime import concurrency
from landmarks.services import engines
from landmarks.services.publishing import read_upload
from landmarks.storage import files
from landmarks.storage.temporary_files import UPLOADS

logger = logging.getLogger(__name__)


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


def upload(data: bytes, here: str) -> str:
    """Keep a photo for a while, upright and without metadata; raise PhotoError, Busy or StorageError.

    Returns its address, which begins with that of the site as the caller reached it, unless PUBLIC_URL is set.
    """
    with files.storage_errors(), TemporaryFile() as jpeg:
        with place(engines.EMBEDDED) as make_room:
            # What is given out here must be small enough to be taken in again.
            write_fitting(read(data, make_room=make_room).image, jpeg, max_upload_bytes())
        return (settings.PUBLIC_URL or here) + UPLOADS.link(UPLOADS.put(File(jpeg)))


@contextmanager
def place(engine_name: str) -> Iterator[MakeRoom]:
    """One of the places of those who look at photos in this process, where room can be made for a picture.

    Raises Busy when all are taken.
    """
    is_hosted = engines.is_hosted(engine_name)
    places = concurrency.CALLS if is_hosted else concurrency.LOOKS
    pictures = concurrency.CALLED_PICTURES if is_hosted else concurrency.PICTURES
    with places.place(), ExitStack() as held:
        yield lambda pixels: held.enter_context(concurrency.room(pictures, pixels))


def read_in_place(data: bytes, engine_name: str, make_room: MakeRoom, *, whole: bool = True) -> Photo:
    """Raises PhotoError, or Busy: who waits for a hosted engine has a place there, and needs another to read."""
    with concurrency.LOOKS.place() if engines.is_hosted(engine_name) else nullcontext():
        return read(data, whole=whole, make_room=make_room)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
