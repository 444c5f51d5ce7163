"""The file of a backup: a tar of the database, the secret key, photos and thumbnails, and a manifest at its end."""

import hashlib
import os
import re
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, ValidationError

from landmarks.storage.backup_errors import BackupError

FORMAT = 1
MANIFEST, KEY, MEDIA = "manifest.json", "secret_key", "media/"
DATABASE = {"sqlite": "database.sqlite3", "postgresql": "database.sql"}
MOST_MANIFEST, MOST_KEY = 512 * 2**20, 64 * 2**10
"""Bytes that are read into memory."""
STORED_NAME = r"(?:photos|thumbnails)(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+"
SAFE_NAME = re.compile(f"{MEDIA}{STORED_NAME}")
CHUNK = 2**20
BLOCK = tarfile.BLOCKSIZE
PLAIN_FILE = (tarfile.REGTYPE, tarfile.AREGTYPE)

Progress = Callable[[int], object]
"""Called with the number of bytes that were done since the last time."""
StoredName = Annotated[str, Field(pattern=f"^{STORED_NAME}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Head(BaseModel):
    """What the manifest of every format has."""

    format: int
    version: str
    """Of the program."""


class Manifest(Head):
    """What the archive holds and where it comes from."""

    model_config = ConfigDict(extra="forbid")

    created: str
    """ISO 8601, in UTC."""
    database: Literal["sqlite", "postgresql"]
    migrations: list[tuple[str, str]]
    """The version of the schema: app and name of each migration that was applied."""
    counts: dict[str, NonNegativeInt]
    """Rows, by table."""
    deleted: list[StoredName]
    """Photos and thumbnails that were deleted while the backup was made; the database still names them."""
    missing: list[StoredName]
    """Those that were lost before it was made."""
    files: dict[str, tuple[NonNegativeInt, Sha256]]
    """Bytes and SHA-256 of everything else in the archive, by its name there."""

    @property
    def media(self) -> list[str]:
        """Names in the storage of the photos and thumbnails."""
        return [name.removeprefix(MEDIA) for name in self.files if name.startswith(MEDIA)]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(size for size, _ in self.files.values())


class Output:
    """A stream, perhaps a pipe, that knows its position."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream, self.position = stream, 0

    def write(self, data: bytes) -> int:
        self.stream.write(data)
        self.position += len(data)
        return len(data)

    def tell(self) -> int:
        return self.position


class Hashing:
    """A file that is read, with the SHA-256 of what was read so far."""

    def __init__(self, file: IO[bytes], progress: Progress) -> None:
        self.file, self.progress, self.digest = file, progress, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size)
        self.digest.update(data)
        self.progress(len(data))
        return data


# --- writing ---------------------------------------------------------------------------------------------------------


class ArchiveWriter:
    """Writes an archive to a stream, which need not be seekable."""

    def __init__(self, stream: IO[bytes], progress: Progress) -> None:
        self.tar = tarfile.TarFile(fileobj=Output(stream), mode="w", format=tarfile.GNU_FORMAT)  # type: ignore[arg-type]
        self.progress = progress
        self.files: dict[str, tuple[int, str]] = {}

    def add(self, name: str, file: IO[bytes], size: int) -> None:
        """Raises OSError where the file is shorter."""
        hashing = Hashing(file, self.progress)
        self.tar.addfile(header(name, size), hashing)
        # It would remember all of them.
        self.tar.members.clear()  # type: ignore[attr-defined]
        self.files[name] = size, hashing.digest.hexdigest()

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest, without which an archive is known to be incomplete."""
        data = manifest.model_dump_json().encode()
        self.tar.addfile(header(MANIFEST, len(data)), BytesIO(data))
        self.tar.close()


def header(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, 0o600, int(time.time())
    return info


def bytes_in_tar(sizes: list[int]) -> int:
    """How large a tar of files of these sizes is, about: each has a header and is padded."""
    return sum(sizes) + len(sizes) * 2 * BLOCK


# --- reading ---------------------------------------------------------------------------------------------------------


class ArchiveReader:
    """Reads an archive that may be damaged or made by an enemy. All methods raise BackupError."""

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self.path, self.file = path, file

    def read_manifest(self) -> Manifest:
        """The manifest, after a look at every header: safe names, plain files, all that it lists and nothing else."""
        sizes: dict[str, int] = {}
        data = b""
        for name, size, content in self.entries():
            if data:
                raise BackupError("backup_unsafe", path=str(self.path), name="something behind the manifest")
            if name in sizes:
                raise BackupError("backup_unsafe", path=str(self.path), name=f"{name} twice")
            if name == MANIFEST:
                with self.reading():
                    data = self.read_small(content, size, MOST_MANIFEST)
            else:
                sizes[name] = size
        if not data:
            raise BackupError("backup_incomplete" if sizes else "backup_not_one", path=str(self.path))
        manifest = self.parse(data)
        if sizes != {name: size for name, (size, _) in manifest.files.items()}:
            raise self.damage("its manifest lists other files than it holds")
        if not {KEY, DATABASE[manifest.database]} <= set(sizes):
            raise self.damage("its database or its secret key is missing")
        return manifest

    def parse(self, data: bytes) -> Manifest:
        try:
            head = Head.model_validate_json(data)
            if head.format != FORMAT:
                raise BackupError("backup_format_unknown", found=head.format, known=FORMAT, version=head.version)
            return Manifest.model_validate_json(data)
        except ValidationError as exc:
            raise self.damage("its manifest can't be read") from exc

    def extract(self, manifest: Manifest, target: Callable[[str], Path], progress: Progress) -> bytes:
        """Write each file to `target(name)`, which must not exist yet, and return the secret key.

        Raises BackupError unless sizes and hashes are those of the manifest.
        """
        key = b""
        for name, size, content in self.entries():
            if name == MANIFEST:
                continue
            hashing = Hashing(content, progress)
            with self.reading():
                if name == KEY:
                    key = self.read_small(hashing, size, MOST_KEY)
                else:
                    write_new(target(name), hashing)
            if manifest.files[name] != (size, hashing.digest.hexdigest()):
                raise self.damage(f"{name} isn't what was backed up")
        return key

    def entries(self) -> Iterator[tuple[str, int, IO[bytes]]]:
        """Name, size and content of each file. Links, devices, folders, sparse files and other names are refused."""
        self.file.seek(0)
        is_tar = False
        try:
            # Not compressed, so that it can't be larger than it is.
            with tarfile.open(fileobj=self.file, mode="r:") as tar:
                while (member := tar.next()) is not None:
                    tar.members.clear()  # type: ignore[attr-defined]
                    is_tar = True
                    yield member.name, member.size, self.open_member(tar, member)
        except (tarfile.TarError, EOFError, ValueError) as exc:
            raise BackupError("backup_incomplete" if is_tar else "backup_not_one", path=str(self.path)) from exc

    def open_member(self, tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
        name = member.name
        is_plain = member.type in PLAIN_FILE and not member.issparse() and not member.pax_headers
        is_known = name in (MANIFEST, KEY, *DATABASE.values()) or SAFE_NAME.fullmatch(name)
        content = tar.extractfile(member) if is_plain and is_known else None
        if content is None:
            raise BackupError("backup_unsafe", path=str(self.path), name=repr(name)[:80])
        return content

    @contextmanager
    def reading(self) -> Iterator[None]:
        """The content of a file, which may end too soon."""
        try:
            yield
        except tarfile.TarError as exc:
            raise BackupError("backup_incomplete", path=str(self.path)) from exc

    def read_small(self, file: "IO[bytes] | Hashing", size: int, most: int) -> bytes:
        data = file.read(size) if size <= most else b""
        if not data or len(data) != size:
            raise self.damage("a part of it is empty, too large or cut off")
        return data

    def damage(self, reason: str) -> BackupError:
        return BackupError("backup_damaged", path=str(self.path), reason=reason)


def write_new(path: Path, content: Hashing) -> None:
    """A new file for this user alone, in folders for this user alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        while data := content.read(CHUNK):
            file.write(data)
