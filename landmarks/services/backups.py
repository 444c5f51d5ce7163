"""Backs up the site while it runs: the database as it is at one moment, then every file that it names."""

import fcntl
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection

from landmarks.core.errors import StorageError
from landmarks.core.version import VERSION
from landmarks.models import Photo, Result
from landmarks.storage import files
from landmarks.storage.archives import (
    DATABASE,
    FORMAT,
    KEY,
    MEDIA,
    ArchiveWriter,
    Manifest,
    Progress,
    bytes_in_tar,
)
from landmarks.storage.backup_errors import BackupError
from landmarks.storage.errors import storage_errors
from landmarks.storage.snapshots import take_snapshot

Begin = Callable[[int], Progress]
"""Called with the number of bytes to come; what it returns is called as they are done."""


@dataclass(frozen=True)
class Report:
    """What a backup or a restore did."""

    manifest: Manifest
    seconds: float
    has_other_key: bool = False
    """Whether SECRET_KEY is set to another key than that of the backup that was restored."""


def back_up(target: Path | None, overwrite: bool, begin: Begin) -> Report:
    """Write an archive to `target`, or to standard output. Raises BackupError, and then leaves nothing behind.

    Whatever was stored when this begins is in it, unless it is deleted before this ends.
    """
    started = time.monotonic()
    try:
        with open_target(target, overwrite) as (stream, scratch):
            manifest = write_archive(stream, scratch, begin)
    except BackupError:
        raise
    except StorageError as exc:
        raise BackupError("backup_failed", reason=exc.detail) from exc
    except OSError as exc:
        raise BackupError("backup_failed", reason=exc.strerror or str(exc)) from exc
    return Report(manifest, time.monotonic() - started)


@contextmanager
def open_target(target: Path | None, overwrite: bool) -> Iterator[tuple[IO[bytes], Path]]:
    """The stream to write to, and a path for the copy of the database, which is deleted at the end.

    A file gets its name when it is complete and on the disk. What a killed backup left of it is overwritten.
    """
    if target is None:
        with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix="backup-") as folder:
            yield sys.stdout.buffer, Path(folder) / "database"
            sys.stdout.buffer.flush()
        return
    check_target(target, overwrite)
    draft, scratch = target.with_name(f"{target.name}.part"), target.with_name(f"{target.name}.part-database")
    with ExitStack() as undo:
        stream = undo.enter_context(open_draft(draft, target))
        undo.callback(scratch.unlink, missing_ok=True)
        undo.callback(draft.unlink, missing_ok=True)
        scratch.unlink(missing_ok=True)
        yield stream, scratch
        stream.flush()
        os.fsync(stream.fileno())
        # Somebody may have made it meanwhile.
        check_target(target, overwrite)
        os.replace(draft, target)
        sync_folder(target.parent)


def check_target(target: Path, overwrite: bool) -> None:
    if not target.parent.is_dir():
        raise BackupError("backup_folder_missing", path=str(target.parent))
    if target.is_dir() or (target.exists() and not overwrite):
        raise BackupError("backup_exists", path=str(target))


@contextmanager
def open_draft(draft: Path, target: Path) -> Iterator[IO[bytes]]:
    """The unfinished file, locked, so that no other backup writes to it, and for this user alone."""
    with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600), "wb") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            raise BackupError("backup_in_progress", path=str(target)) from exc
        os.fchmod(stream.fileno(), 0o600)
        stream.truncate()
        yield stream


def sync_folder(folder: Path) -> None:
    """Make names in this folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_archive(stream: IO[bytes], scratch: Path, begin: Begin) -> Manifest:
    created = datetime.now(UTC)
    snapshot = take_snapshot(scratch)
    sizes = {name: size for name in snapshot.files if (size := files.size(name)) is not None}
    key = "\n".join([settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]).encode() + b"\n"
    all_sizes = [*sizes.values(), scratch.stat().st_size, len(key)]
    check_space(scratch.parent, bytes_in_tar(all_sizes))
    writer = ArchiveWriter(stream, begin(sum(all_sizes)))
    writer.add(KEY, BytesIO(key), len(key))
    with scratch.open("rb") as database:
        writer.add(DATABASE[connection.vendor], database, scratch.stat().st_size)
    gone = [name for name in snapshot.files if name not in sizes or not add_file(writer, name)]
    lost = still_named(gone)
    manifest = Manifest(
        format=FORMAT,
        version=VERSION,
        created=created.isoformat(timespec="seconds"),
        database="sqlite" if connection.vendor == "sqlite" else "postgresql",
        migrations=snapshot.migrations,
        counts=snapshot.counts,
        deleted=[name for name in gone if name not in lost],
        missing=[name for name in gone if name in lost],
        files=writer.files,
    )
    writer.finish(manifest)
    return manifest


def add_file(writer: ArchiveWriter, name: str) -> bool:
    """Whether the photo or thumbnail is still there. Raises StorageError where it can't be read."""
    try:
        with files.open_file(name) as file:
            writer.add(f"{MEDIA}{name}", file, file.size)
    except files.FileMissing:
        return False
    return True


def still_named(names: list[str]) -> set[str]:
    """Those that rows still name: they are lost. The others were deleted since the copy of the database was made."""
    found: set[str] = set()
    with storage_errors():
        for start in range(0, len(names), 500):
            batch = names[start : start + 500]
            found.update(Photo.objects.filter(file__in=batch).values_list("file", flat=True))
            found.update(Result.objects.filter(thumbnail__in=batch).values_list("thumbnail", flat=True))
    return found


def check_space(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise BackupError("backup_no_space", path=str(folder), free=free, needed=needed)
