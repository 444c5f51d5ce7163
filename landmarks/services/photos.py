"""From bytes or an address to a photo: fetched, decoded, stored, or published under a temporary link."""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from functools import cache
from tempfile import TemporaryFile

from django.conf import settings
from django.core.files.base import File

from landmarks.core.errors import AddressInvalid, Busy, FetchError, PhotoError
from landmarks.models import Owner, Photo, Result
from landmarks.net.fetch import Fetched, FetchLimits, fetch_photo
from landmarks.photos.decode import read_photo
from landmarks.photos.decoder_pool import DecoderPool, Reserve, no_reservation
from landmarks.photos.encode import write_photo_within
from landmarks.photos.photo import Photo as Picture
from landmarks.photos.photo import PhotoLimits
from landmarks.runtime import concurrency
from landmarks.services import engines
from landmarks.services.publishing import read_upload
from landmarks.storage import results as storage
from landmarks.storage.errors import storage_errors
from landmarks.storage.temporary_files import UPLOADS

logger = logging.getLogger(__name__)


def max_upload_mb() -> int:
    return int(settings.MAX_UPLOAD_MB)


def max_upload_bytes() -> int:
    return max_upload_mb() * 2**20


def fetch(address: str) -> Fetched:
    """Fetch a photo; an upload to this site is read from the disk.

    Raises FetchError, Busy, or PhotoTooLarge.
    """
    if (upload := read_upload(address)) is not None:
        return Fetched(upload, "upload.jpg")  # of an address that soon expires, and that others need not reach
    try:
        return fetch_photo(address, FetchLimits(max_upload_bytes(), allowed_networks=settings.FETCH_ALLOW_NETWORKS))
    except AddressInvalid:
        raise  # not logged: the address may contain anything that was typed
    except FetchError as exc:
        logger.info("A photo could not be fetched: %s", exc.detail or exc.message)
        raise


# --- decoding --------------------------------------------------------------------------------------------------------


def decode(data: bytes, *, whole: bool = True, reserve: Reserve = no_reservation) -> Picture:
    """Raises PhotoError, or Busy."""
    limits = PhotoLimits(max_upload_bytes(), settings.MAX_PIXELS)
    return decoders().read(data, limits, whole=whole, reserve=reserve)


@cache
def decoders() -> DecoderPool:
    """The processes in which this one has photos decoded."""
    return DecoderPool()


@dataclass(frozen=True)
class Slot:
    """One of the runs that this process does at a time, with memory for its picture."""

    is_hosted: bool
    reserve: Reserve

    def decode(self, data: bytes, *, whole: bool = True) -> Picture:
        """Raises PhotoError, or Busy: decoding for a hosted engine takes a second slot, among the embedded ones."""
        with concurrency.DETECTION.slot() if self.is_hosted else nullcontext():
            return decode(data, whole=whole, reserve=self.reserve)


@contextmanager
def slot(engine_name: str) -> Iterator[Slot]:
    """A slot for an engine. Raises Busy when none is free in time.

    The picture must be freed when the block ends, because its memory is given to another run.
    """
    is_hosted = engines.is_hosted(engine_name)
    runs = concurrency.HOSTED_CALLS if is_hosted else concurrency.DETECTION
    memory = concurrency.HOSTED_PIXELS if is_hosted else concurrency.LOCAL_PIXELS
    with runs.slot(), ExitStack() as held:
        yield Slot(is_hosted, lambda pixels: held.enter_context(concurrency.picture_memory(memory, pixels)))


# --- storing ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StoredPhoto:
    """A stored photo under the name that its results get."""

    row: Photo
    name: str
    """Name of the file or the URL that was sent."""
    address: str = ""
    """URL from which it was fetched; empty for an upload."""
    note: str = ""
    """The owner's text, which the result of its first run gets."""
    picture: Picture | None = None
    """The photo as it was decoded when it was sent just now; the stored copy is a JPEG, and not quite the same."""


def store(
    data: bytes, owner: Owner, slot: Slot, *, name: str, note: str = "", source: Fetched | None = None
) -> StoredPhoto:
    """Decode a photo and store it; a copy that the owner sent before is not stored again.

    `source` is where it was fetched; None for a file.

    Raises PhotoError, Busy or StorageError, and then leaves nothing behind.
    """
    picture = replace(slot.decode(data), address=source.public_address if source else "")
    row = storage.store_photo(owner, digest(data), picture)
    return StoredPhoto(row, name, source.address if source else "", note, picture)


def stored(result: Result) -> StoredPhoto:
    """The photo of a result. Raises PhotoError where it is deleted, or StorageError."""
    return StoredPhoto(storage.photo_of(result), result.name, result.address)


def load(photo: StoredPhoto, slot: Slot) -> Picture:
    """Decode a stored photo. Raises PhotoError where its file is lost, Busy or StorageError.

    A hosted engine can use a public address, so for that the photo is fetched again, if it still is the same file.
    """
    if photo.address and slot.is_hosted:
        with suppress(FetchError, PhotoError, Busy):
            fetched = fetch(photo.address)
            if fetched.is_public and digest(fetched.data) == photo.row.digest:
                return replace(slot.decode(fetched.data), address=fetched.address)
    data, pixels = storage.stored_bytes(photo.row), photo.row.width * photo.row.height
    slot.reserve(pixels)
    # A stored photo is always accepted, whatever the limits are now.
    return read_photo(data, PhotoLimits(len(data), pixels))


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


# --- uploads of programs ---------------------------------------------------------------------------------------------


def upload(data: bytes, here: str) -> str:
    """Keep a photo for a while, upright and without metadata. Raises PhotoError, Busy or StorageError.

    Returns its address, which begins with `here`, that of the site as the caller reached it, or with PUBLIC_URL.
    """
    with storage_errors(), TemporaryFile() as jpeg:
        with slot(engines.EMBEDDED) as embedded:
            # Whatever is served here must be small enough to be accepted again.
            write_photo_within(embedded.decode(data).image, jpeg, max_upload_bytes())
        return (settings.PUBLIC_URL or here) + UPLOADS.url(UPLOADS.save(File(jpeg)))
