"""From bytes or an address to a photo: fetched, decoded, stored, or published under a temporary link."""

import hashlib
import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from functools import cache
from tempfile import TemporaryFile

from django.conf import settings
from django.core.files.base import File

from landmarks.core.errors import AddressInvalid, Busy, FetchError, PhotoError
from landmarks.models import Owner, Photo, Result
from landmarks.net import found
from landmarks.net.fetch import Fetched, FetchLimits, fetch_photo
from landmarks.net.ssrf_guard import parse_address
from landmarks.photos.decode import read_photo
from landmarks.photos.decoder_pool import DecoderPool, Reserve, no_reservation
from landmarks.photos.encode import LOWEST_FOR_ENGINES, write_photo_within
from landmarks.photos.formats import looks_accepted, unsupported_format
from landmarks.photos.photo import Photo as Picture
from landmarks.photos.photo import PhotoLimits
from landmarks.runtime import concurrency
from landmarks.services import engines
from landmarks.services.publishing import open_upload, public_base
from landmarks.storage import disk, quota
from landmarks.storage import results as storage
from landmarks.storage.connections import close_connection
from landmarks.storage.errors import storage_errors
from landmarks.storage.temporary_files import UPLOADS

logger = logging.getLogger(__name__)

PhotoFile = bytes | Callable[[], bytes]
"""Bytes, or what reads them when the photo gets its slot: many may wait for one, and needn't be in memory."""


def max_upload_mb() -> int:
    return int(settings.MAX_UPLOAD_MB)


def max_upload_bytes() -> int:
    return max_upload_mb() * 2**20


def fetch(address: str) -> Fetched:
    """Fetch a photo; an upload to this site is read from the disk.

    Raises FetchError, Busy, PhotoTooLarge, PhotoUnsupported for a page or data, or StorageError.
    """
    if (upload := open_upload(address)) is not None:
        return Fetched(upload, "upload.jpg")  # of an address that soon expires, and that others need not reach
    close_connection()  # fetching takes longer than opening another
    try:
        fetched = fetch_photo(address, fetch_limits())
    except AddressInvalid:
        raise  # not logged: the address may contain anything that was typed
    except FetchError as exc:
        logger.info("A photo could not be fetched: %s", exc.detail or exc.message)
        raise
    with ExitStack() as undo:
        undo.enter_context(fetched)
        check_is_photo(fetched)
        undo.pop_all()
    return fetched


def check_is_photo(fetched: Fetched) -> None:
    """Raise PhotoUnsupported for a page, data or an error message that was found instead of a photo."""
    fetched.file.seek(0)
    start = fetched.file.read(found.READ)
    if looks_accepted(start) or unsupported_format(start):
        return
    if what := found.find(start, fetched.content_type, fetched.final_address):
        raise found.error(what, parse_address(fetched.final_address).host)


def fetch_limits() -> FetchLimits:
    return FetchLimits(
        max_upload_bytes(), allowed_networks=settings.FETCH_ALLOW_NETWORKS, user_agent=settings.FETCH_USER_AGENT
    )


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
    with runs.slot(before_wait=close_connection), ExitStack() as held:
        yield Slot(is_hosted, lambda pixels: held.enter_context(concurrency.picture_memory(memory, pixels)))


# --- storing ---------------------------------------------------------------------------------------------------------


def check_room(owner: Owner) -> None:
    """Raise StorageFull or QuotaExceeded where a photo of the owner could not be stored, before it costs anything."""
    disk.check_space()
    quota.check_quota(owner)


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

    Raises PhotoError, Busy, QuotaExceeded or StorageError, and then leaves nothing behind.
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
        with suppress(FetchError, PhotoError, Busy), fetch(photo.address) as fetched:
            if fetched.is_public and digest(data := fetched.read()) == photo.row.digest:
                return replace(slot.decode(data), address=fetched.address)
    data, pixels = storage.stored_bytes(photo.row), photo.row.width * photo.row.height
    slot.reserve(pixels)
    # A stored photo is always accepted, whatever the limits are now.
    return read_photo(data, PhotoLimits(len(data), pixels))


def read(file: PhotoFile) -> bytes:
    return file if isinstance(file, bytes) else file()


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


# --- uploads of programs ---------------------------------------------------------------------------------------------


def upload(file: PhotoFile, here: str) -> str:
    """Keep a photo for a while, upright and without metadata. Raises PhotoError, Busy or StorageError.

    Returns its address, which begins with `here`, that of the site as the caller reached it, or with PUBLIC_URL.
    """
    disk.check_space()
    with concurrency.REQUESTS.slot(), storage_errors(), TemporaryFile() as jpeg:
        with slot(engines.EMBEDDED) as embedded:
            # Whatever is served here must be small enough to be accepted again.
            write_photo_within(embedded.decode(read(file)).image, jpeg, max_upload_bytes(), LOWEST_FOR_ENGINES)
        return (public_base() or here) + UPLOADS.url(UPLOADS.save(File(jpeg)))
