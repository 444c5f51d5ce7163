"""Photos under temporary links: for the hosted engine to fetch, and what programs upload."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.signing import BadSignature
from django.urls import get_script_prefix

from landmarks.core.errors import FetchError
from landmarks.runtime import concurrency
from landmarks.storage.temporary_files import CALLS, UPLOADS


@contextmanager
def publish(jpeg: bytes) -> Iterator[str]:
    """A link under which the photo can be fetched within this block, and no longer.

    Raises StorageError, or EngineUnavailable when too many links exist.
    """
    with concurrency.TEMPORARY_LINKS.slot():
        name = CALLS.save(ContentFile(jpeg))
        try:
            yield public_base() + CALLS.url(name)
        finally:
            CALLS.delete(name)


def public_base() -> str:
    """What stands before the paths of public links, which begin with that of the site; empty without PUBLIC_URL."""
    base: str = settings.PUBLIC_URL
    return base.removesuffix(get_script_prefix().rstrip("/"))


def signed_in(address: str) -> str:
    """The signed name at the end of an upload's address, whatever its host; empty where there is none."""
    _, found, name = address.rpartition(f"/{UPLOADS.name}/")
    return name.removesuffix(".jpg") if found else ""


def is_upload(address: str) -> bool:
    """Whether this site signed the address for an upload, which may be deleted by now."""
    try:
        UPLOADS.signer().unsign(signed_in(address))
    except BadSignature:
        return False
    return True


def open_upload(address: str) -> "File[bytes] | None":
    """The upload behind its address; None for any other address. Raises FetchError when it is deleted."""
    if not is_upload(address):
        return None
    copy = UPLOADS.open(signed_in(address))
    if copy is None:
        raise FetchError("upload_expired", lifetime=UPLOADS.expires.seconds)
    return copy
