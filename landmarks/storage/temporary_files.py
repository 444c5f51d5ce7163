"""Copies of photos under signed, expiring links: for the hosted engine to fetch, and of what programs upload."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse
from django.utils import timezone

from landmarks.core.errors import StorageError
from landmarks.storage import files

logger = logging.getLogger(__name__)


# --- shelves ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TemporaryFileStore:
    """Where copies lie that are given out under links of one kind."""

    name: str
    """Of the folder, and of the address under which the copies are given out."""
    expires: timedelta

    def put(self, jpeg: "File[bytes]") -> str:
        """Keep a copy; its name, which whoever has the signed form of it can read. Raises StorageError."""
        self.remove_stale()
        copy = str(uuid4())
        try:
            with files.storage_errors():
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
        files.remove(default_storage, self.path(copy))

    def remove_stale(self) -> None:
        """Those whose time is over, and those of processes that were killed within a call."""
        oldest = timezone.now() - self.expires
        try:
            for name in default_storage.listdir(self.name)[1]:
                if default_storage.get_modified_time(f"{self.name}/{name}") < oldest:
                    files.remove(default_storage, f"{self.name}/{name}")
        except FileNotFoundError:
            pass  # nothing ever lay here, or a call of another thread just ended
        except OSError as exc:
            logger.error("Old copies of photos could not be looked for in %s (%s).", self.name, exc.strerror)

    def signer(self) -> TimestampSigner:
        # Its default separator is a colon, which not every reader of links takes in a path.
        return TimestampSigner(salt=f"landmarks.{self.name}", sep=".")

    def path(self, copy: str) -> str:
        return f"{self.name}/{copy}.jpg"


CALLS = TemporaryFileStore("handover", timedelta(minutes=5))
"""For the hosted engine. A call takes a minute at most, with all its tries."""
UPLOADS = TemporaryFileStore("uploads", timedelta(minutes=15))
"""What programs upload before they name it in a request."""
STORES = {store.name: store for store in (CALLS, UPLOADS)}


def remove_stale_copies() -> None:
    for store in STORES.values():
        store.remove_stale()


# --- for the hosted engine -------------------------------------------------------------------------------------------


# --- for programs ----------------------------------------------------------------------------------------------------
