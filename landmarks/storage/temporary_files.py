"""Copies of photos under signed, expiring links: for the hosted engine to fetch, and of what programs upload."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from django.core.files.base import File
from django.core.signing import BadSignature, TimestampSigner, b62_decode
from django.urls import reverse
from django.utils import timezone

from landmarks.core.errors import StorageError
from landmarks.runtime.periods import is_over
from landmarks.storage import files


@dataclass(frozen=True)
class TemporaryFileStore:
    """A folder of JPEGs that are served under links of one kind until they expire."""

    name: str
    """Of the folder, and of the URL pattern that serves the files."""
    expires: timedelta

    def save(self, jpeg: "File[bytes]") -> str:
        """Store a file and return its name, which only a signed link gives access to. Raises StorageError."""
        self.delete_expired()
        name = str(uuid4())
        files.save(self.path(name), jpeg)
        return name

    def url(self, name: str) -> str:
        """The signed link, as a path on this site."""
        return reverse(f"landmarks:{self.name}", args=[self.signer().sign(name)])

    def open(self, signed: str) -> "File[bytes] | None":
        """The file behind a link; None for a link that this site did not sign, or that has expired."""
        try:
            name = self.signer().unsign(signed)
            return None if self.is_expired(signed) else files.open_file(self.path(name))
        except (BadSignature, files.FileMissing):
            return None

    def is_expired(self, signed: str) -> bool:
        """Whether a link is over that this site signed."""
        moment = datetime.fromtimestamp(b62_decode(signed.rsplit(".", 2)[1]), UTC)
        return is_over(moment, self.expires, timezone.now())

    def delete(self, name: str) -> None:
        files.delete(self.path(name))

    def delete_expired(self) -> None:
        """Also those that a killed process left behind. What fails is logged."""
        with suppress(StorageError):
            files.delete(*self.expired_paths(timedelta()))

    def expired_paths(self, overdue: timedelta) -> list[str]:
        """Files that should have been deleted for so long. Raises StorageError."""
        now = timezone.now()
        paths = [f"{self.name}/{name}" for name in files.list_folder(self.name)[1]]
        return [
            path for path in paths if (moment := files.modified(path)) and is_over(moment, self.expires + overdue, now)
        ]

    def signer(self) -> TimestampSigner:
        # Not every program accepts the default separator, a colon, in a path.
        return TimestampSigner(salt=f"landmarks.{self.name}", sep=".")

    def path(self, name: str) -> str:
        return f"{self.name}/{name}.jpg"


CALLS = TemporaryFileStore("handover", timedelta(minutes=5))
"""For the hosted engine. A call takes a minute at most, including retries."""
UPLOADS = TemporaryFileStore("uploads", timedelta(minutes=15))
"""What programs upload before they name it in a request."""
STORES = {store.name: store for store in (CALLS, UPLOADS)}


def delete_expired_files() -> None:
    for store in STORES.values():
        store.delete_expired()
