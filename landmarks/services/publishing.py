"""Photos under temporary links: for the hosted engine to fetch, and what programs upload."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.signing import BadSignature

from landmarks.core.errors import EngineUnavailable, FetchError
from landmarks.storage.temporary_files import CALLS, UPLOADS

AT_ONCE = 3
"""Copies that are out at the same time. A thread of the server waits for each, and one more must give them out."""
places = threading.BoundedSemaphore(AT_ONCE)


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
        raise EngineUnavailable("busy_publishing", limit=AT_ONCE)
    try:
        yield
    finally:
        places.release()


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
        raise FetchError("upload_expired", lifetime=UPLOADS.expires.seconds)
    with copy:
        return bytes(copy.read())
