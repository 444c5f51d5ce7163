"""Photos in a zip archive, read one by one, whatever the archive says of itself.

An archive may claim to hold little and unpack to terabytes, hold millions of entries, or name paths outside of its
folder. So: its directory is read only if that is short, of each entry no more is unpacked than a photo may have, and of
a path only the last part is used, as a name.
"""

import lzma
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from landmarks.core.errors import PhotoError, RequestInvalid
from landmarks.photos.folders import is_system

END, END_LENGTH, LONGEST_COMMENT = b"PK\x05\x06", 22, 0xFFFF
ZIP64 = b"PK\x06\x07"
"""Begins what leads to the directory of an archive of more than 4 GB or 65,535 entries."""
LONGEST_DIRECTORY = 4 * 2**20
"""Bytes: of 40,000 entries."""
# OSError is how bz2 reports a broken entry; one that is encrypted is a RuntimeError, and one that is compressed in an
# unknown way a NotImplementedError.
DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, OSError, RuntimeError)
"""What reading an entry raises."""


@dataclass(frozen=True)
class Entry:
    """A file of an archive."""

    name: str
    archive: zipfile.ZipFile
    info: zipfile.ZipInfo
    max_bytes: int

    def read(self) -> bytes:
        """One byte more than allowed at most, which is enough to reject it. Raises PhotoError."""
        try:
            with self.archive.open(self.info) as file:
                return file.read(self.max_bytes + 1)
        except DAMAGED as exc:
            message_id = "archive_entry_encrypted" if self.info.flag_bits & 1 else "archive_entry_damaged"
            raise PhotoError(message_id) from exc


def photo_entries(file: BinaryIO, max_bytes: int) -> Iterator[Entry]:
    """The files that somebody put there, without those of systems. Raises RequestInvalid for what is no archive."""
    check_directory(file)
    try:
        archive = zipfile.ZipFile(file)
    # ValueError is for a directory that points before the file, NotImplementedError for an archive in several parts.
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as exc:
        raise RequestInvalid("archive_unreadable") from exc
    for info in archive.infolist():
        parts = [part for part in info.filename.replace("\\", "/").split("/") if part not in ("", ".", "..")]
        if not info.is_dir() and parts and not any(map(is_system, parts)):
            yield Entry(parts[-1], archive, info, max_bytes)


def check_directory(file: BinaryIO) -> None:
    """Before Python's reader takes all of it into memory."""
    length = file.seek(0, 2)
    file.seek(max(0, length - END_LENGTH - LONGEST_COMMENT))
    tail = b"".join(iter(partial(file.read, 2**16), b""))
    file.seek(0)
    start = tail.rfind(END)
    if start < 0 or len(tail) - start < END_LENGTH:
        raise RequestInvalid("archive_unreadable")
    size = int.from_bytes(tail[start + 12 : start + 16], "little")
    if ZIP64 in tail or size > LONGEST_DIRECTORY:
        raise RequestInvalid("archive_too_large")
