"""The copy of a photo that the hosted engine may fetch: under a signed, expiring link, gone after the call."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse
from django.utils import timezone

from landmarks import store
from landmarks.errors import EngineUnavailable

logger = logging.getLogger(__name__)

FOLDER = "handover"
EXPIRES = timedelta(minutes=5)
"""A call takes a minute at most, with all its tries."""
AT_ONCE = 3
"""Copies that are out at the same time. A thread of the server waits for each, and one more must give them out."""

places = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def publish(jpeg: bytes) -> Iterator[str]:
    """The link under which the copy can be fetched within this block, and no longer.

    Raises StorageError, or EngineUnavailable when too many copies are out.
    """
    with place():
        remove_stale_copies()
        copy = str(uuid4())
        try:
            with store.storage_errors():
                default_storage.save(path(copy), ContentFile(jpeg))
            yield settings.PUBLIC_URL + reverse("landmarks:handover", args=[signer().sign(copy)])
        finally:
            store.remove(default_storage, path(copy))


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


def open_copy(signed: str) -> "File[bytes] | None":
    """The copy behind a link; None for a link that is not ours or not any more."""
    try:
        copy = signer().unsign(signed, max_age=EXPIRES)
        return default_storage.open(path(copy), "rb")
    except (BadSignature, FileNotFoundError):
        return None


def signer() -> TimestampSigner:
    # Its default separator is a colon, which not every reader of links takes in a path.
    return TimestampSigner(salt="landmarks.handover", sep=".")


def path(copy: str) -> str:
    return f"{FOLDER}/{copy}.jpg"


def remove_stale_copies() -> None:
    """Those of processes that were killed within a call."""
    oldest = timezone.now() - EXPIRES
    try:
        for name in default_storage.listdir(FOLDER)[1]:
            if default_storage.get_modified_time(f"{FOLDER}/{name}") < oldest:
                store.remove(default_storage, f"{FOLDER}/{name}")
    except FileNotFoundError:
        pass  # nothing was ever handed over, or a call of another thread just ended
    except OSError as exc:
        logger.error("Old copies of photos could not be looked for in %s (%s).", FOLDER, exc.strerror)
