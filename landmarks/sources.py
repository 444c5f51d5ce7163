"""Photos as they are named on a command line: files, folders and addresses."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from landmarks.errors import PhotoError
from landmarks.intake.formats import ACCEPTED_SUFFIXES

SCHEMES = ("http://", "https://")
UNSAFE = re.compile(r"[^\w.-]+")


@dataclass(frozen=True)
class Source:
    """One photo: what it is called in output, and where files made from it go below an output folder."""

    name: str
    place: Path

    @property
    def is_address(self) -> bool:
        return self.name.lower().startswith(SCHEMES)


def expand(names: Iterable[str]) -> Iterator[Source]:
    """Each photo once a mention; folders are walked, and files in them that are no photos by name passed over."""
    for name in names:
        if name.lower().startswith(SCHEMES):
            yield Source(name, Path(UNSAFE.sub("_", name)[-120:]))
        elif Path(name).is_dir():
            yield from walk(Path(name))
        else:
            yield Source(name, Path(Path(name).name))


def walk(folder: Path) -> Iterator[Source]:
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in ACCEPTED_SUFFIXES and path.is_file():
            yield Source(str(path), path.relative_to(folder))


def read_file(source: Source, max_bytes: int) -> bytes:
    """At most one byte more than allowed, so that a huge file is refused without being read; raise PhotoError."""
    try:
        with Path(source.name).open("rb") as file:
            return file.read(max_bytes + 1)
    except OSError as exc:
        raise PhotoError(f"This file cannot be read: {exc.strerror}. Check its name and who may read it.") from exc
