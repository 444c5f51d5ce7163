"""Photos as they are named on a command line: files, folders and addresses."""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from landmarks.core.errors import PhotoError
from landmarks.core.text import escape_invisible
from landmarks.net.addresses import trimmed
from landmarks.net.fetch import Fetched
from landmarks.photos.folders import is_system
from landmarks.photos.formats import ACCEPTED_SUFFIXES
from landmarks.services import photos

SCHEMES = ("http://", "https://")
UNSAFE = re.compile(r"[^\w.-]+")
LONGEST_NAME = 200
"""Bytes of a file's name, which leave space for a suffix within the 255 that file systems allow."""


@dataclass(frozen=True)
class Source:
    """One photo on the command line."""

    name: str
    """The path or the URL, as it is called in the output; undecodable bytes and invisible characters are escaped."""
    path: Path | None
    """None for a URL."""
    output: Path
    """Path below an output folder for files made from it."""


@dataclass
class PassedOver:
    """How many files in folders are no sources, and why."""

    system: int = 0
    """Files of systems and programs, and all files in their folders."""
    others: int = 0
    """Files without the suffix of a photo."""

    def __str__(self) -> str:
        """As a sentence; empty if there were none."""
        counts = ((self.system, "hidden or system"), (self.others, "of another type"))
        parts = [f"{count} {kind}" for count, kind in counts if count]
        return f"Files skipped in folders: {', '.join(parts)}." if parts else ""


def expand(names: Iterable[str], passed_over: PassedOver | None = None) -> Iterator[Source]:
    """Each photo as often as it is named; folders are walked, and files in them that are no photos counted."""
    passed_over = passed_over or PassedOver()
    for name in names:
        if (address := trimmed(name)).lower().startswith(SCHEMES):
            yield Source(address, None, Path(UNSAFE.sub("_", address)[-120:]))
        elif os.path.isdir(name):
            yield from walk(Path(name), passed_over)
        else:
            yield file_source(Path(name), Path(Path(name).name))


def walk(folder: Path, passed_over: PassedOver) -> Iterator[Source]:
    """The photos below a folder; a folder that cannot be read is a source, too, so that it is reported."""
    unread: list[OSError] = []
    for here, folders, files in os.walk(folder, onerror=unread.append):
        folders.sort()
        is_hidden = any(is_system(part) for part in Path(here).relative_to(folder).parts)
        for name in sorted(files):
            path = Path(here, name)
            if is_hidden or is_system(name):
                passed_over.system += 1
            elif path.suffix.lower() in ACCEPTED_SUFFIXES and not path.is_fifo():
                yield file_source(path, path.relative_to(folder))
            else:
                passed_over.others += 1
    for error in unread:
        path = Path(error.filename)
        if not any(is_system(part) for part in path.relative_to(folder).parts):
            yield file_source(path, Path(path.name))


def file_source(path: Path, output: Path) -> Source:
    output = output.with_name(shortened(output.name)) if output.name else Path("photo")
    return Source(printable(str(path)), path, output)


def printable(text: str) -> str:
    return escape_invisible(os.fsencode(text).decode("utf-8", "backslashreplace"))


def shortened(name: str) -> str:
    return os.fsdecode(os.fsencode(name)[-LONGEST_NAME:])


def read_file(path: Path, max_bytes: int) -> bytes:
    """At most one byte more than allowed, so that a huge file is refused without being read. Raises PhotoError."""
    try:
        if path.is_fifo():
            raise PhotoError("path_is_pipe")
        with path.open("rb") as file:
            return file.read(max_bytes + 1)
    except OSError as exc:
        raise PhotoError("path_unreadable", reason=exc.strerror or str(exc)) from exc


def read_source(source: Source) -> Fetched:
    """The bytes of a file or URL. Raises PhotoError or FetchError."""
    if source.path:
        return Fetched(BytesIO(read_file(source.path, photos.max_upload_bytes())), source.name)
    return photos.fetch(source.name)
