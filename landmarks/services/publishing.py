"""Photos under temporary links: for the hosted engine to fetch, and what programs upload."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.signing import BadSignature

from landmarks.core.errors import FetchError
from landmarks.runtime import concurrency
from landmarks.storage.temporary_files import CALLS, UPLOADS


@contextmanager
def publish(jpeg: bytes) -> Iterator[str]:
    """The link under which the copy can be fetched within this block, and no longer.

    Raises StorageError, or EngineUnavailable when too many copies are out.
    """
    with concurrency.TEMPORARY_LINKS.slot():
        copy = CALLS.put(ContentFile(jpeg))
        try:
            yield settings.PUBLIC_URL + CALLS.link(copy)
        finally:
            CALLS.remove(copy)


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
