"""Copies of photos under signed, expiring links: for the hosted engine to fetch, and of what programs upload."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse
from django.utils import timezone

from landmarks import store
from landmarks.errors import EngineUnavailable, FetchError, StorageError

logger = logging.getLogger(__name__)

AT_ONCE = 3
"""Copies that are out at the same time. A thread of the server waits for each, and one more must give them out."""

places = threading.BoundedSemaphore(AT_ONCE)

# --- shelves ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shelf:
    """Where copies lie that are given out under links of one kind."""

    name: str
    """Of the folder, and of the address under which the copies are given out."""
    expires: timedelta

    def put(self, jpeg: "File[bytes]") -> str:
        """Keep a copy; its name, which whoever has the signed form of it can read. Raises StorageError."""
        self.remove_stale()
        copy = str(uuid4())
        try:
            with store.storage_errors():
                default_storage.save(self.path(copy), jpeg)
        except StorageError:
            self.remove(copy)  # which may be there in part
            raise
        return copy

    def link(self, copy: str) -> str:
        """The path of the link."""
        return reverse(f"landmarks:{self.name}", args=[self.signer().sign(copy)])

    def open(self, signed: str) -> "File[bytes] | None":
        """The copy behind a link; None for a link that is not ours or not any more."""
        try:
            copy = self.signer().unsign(signed, max_age=self.expires)
            return default_storage.open(self.path(copy), "rb")
        except (BadSignature, FileNotFoundError):
            return None

    def remove(self, copy: str) -> None:
        store.remove(default_storage, self.path(copy))

    def remove_stale(self) -> None:
        """Those whose time is over, and those of processes that were killed within a call."""
        oldest = timezone.now() - self.expires
        try:
            for name in default_storage.listdir(self.name)[1]:
                if default_storage.get_modified_time(f"{self.name}/{name}") < oldest:
                    store.remove(default_storage, f"{self.name}/{name}")
        except FileNotFoundError:
            pass  # nothing ever lay here, or a call of another thread just ended
        except OSError as exc:
            logger.error("Old copies of photos could not be looked for in %s (%s).", self.name, exc.strerror)

    def signer(self) -> TimestampSigner:
        # Its default separator is a colon, which not every reader of links takes in a path.
        return TimestampSigner(salt=f"landmarks.{self.name}", sep=".")

    def path(self, copy: str) -> str:
        return f"{self.name}/{copy}.jpg"


CALLS = Shelf("handover", timedelta(minutes=5))
"""For the hosted engine. A call takes a minute at most, with all its tries."""
UPLOADS = Shelf("uploads", timedelta(minutes=15))
"""What programs upload before they name it in a request."""
SHELVES = {shelf.name: shelf for shelf in (CALLS, UPLOADS)}


def remove_stale_copies() -> None:
    for shelf in SHELVES.values():
        shelf.remove_stale()


# --- for the hosted engine -------------------------------------------------------------------------------------------


@contextmanager
def publish(jpeg: bytes) -> Iterator[str]:
    """The link under which the copy can be fetched within this block, and no longer.

    Raises StorageError, or EngineUnavailable when too many copies are out.
    """
    with place():
        copy = CALLS.put(ContentFile(jpeg))
        try:
            yield settings.PUBLIC_URL + CALLS.link(copy)
        finally:
            CALLS.remove(copy)


@contextmanager
def place() -> Iterator[None]:
    """One of the places for copies; who waited for one would keep a thread from those who fetch the others."""
    if not places.acquire(blocking=False):
        raise EngineUnavailable(
            f"{AT_ONCE} photos are on their way to the hosted engine already, which is the most that this site hands "
            "over at a time. Try again in a moment."
        )
    try:
        yield
    finally:
        places.release()


# --- for programs ----------------------------------------------------------------------------------------------------


def signed_in(address: str) -> str:
    """The signed name of an upload as an address of it ends, whatever host it names; empty where there is none."""
    _, found, name = address.rpartition(f"/{UPLOADS.name}/")
    return name.removesuffix(".jpg") if found else ""


def is_upload(address: str) -> bool:
    """Whether the address was given out here for an upload, which may be gone by now."""
    try:
        UPLOADS.signer().unsign(signed_in(address))
    except BadSignature:
        return False
    return True


def read_upload(address: str) -> bytes | None:
    """The upload behind its address, from the disk; None for any other address. Raises FetchError when it is gone."""
    if not is_upload(address):
        return None
    copy = UPLOADS.open(signed_in(address))
    if copy is None:
        minutes = UPLOADS.expires.seconds // 60
        raise FetchError(f"This upload is gone: uploads are kept for {minutes} minutes. Upload the photo again.")
    with copy:
        return bytes(copy.read())
