"""Restores a backup: all of it is checked before anything is touched, and a crash leaves the old site or the new one.

The order: database and photos of the archive are written beside the site's own and checked. New photos take their
names, which are random, so that they stand beside the old ones. The key file holds the new key and the old. The
database is replaced in one step. Then the old key and the old photos go.
"""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader

from landmarks.services.backups import Begin, Report, check_space, sync_folder
from landmarks.storage import database_swap, files
from landmarks.storage.archives import DATABASE, MEDIA, ArchiveReader, Manifest, bytes_in_tar
from landmarks.storage.backup_errors import BackupError
from landmarks.storage.existing_rows import DatabaseUnreadable, has_rows
from landmarks.storage.temporary_files import STORES

STAGING = "restore"
"""Folder of the photos of an archive, beside those of the site; what a killed restore left is deleted by the next."""
KEPT = ("photos", "thumbnails")


def restore(source: Path, is_replace: bool, begin: Begin) -> Report:
    """Put the site of an archive in the place of this one; the caller has seen that nothing uses it.

    Afterwards the database has the schema of the archive. Raises BackupError, and then nothing was changed.
    """
    started = time.monotonic()
    if files.root() is None:
        raise BackupError("restore_needs_disk", bucket=settings.S3_BUCKET)
    with open_archive(source) as reader:
        manifest = reader.read_manifest()
        check_fits(manifest)
        if not is_replace and not is_empty():
            raise BackupError("restore_not_empty")
        try:
            key = install(reader, manifest, begin)
        except OSError as exc:
            raise BackupError("restore_failed", reason=exc.strerror or str(exc)) from exc
    has_other_key = not (settings.IS_KEY_STORED or is_key_of_environment(key))
    return Report(manifest, time.monotonic() - started, has_other_key)


@contextmanager
def open_archive(source: Path) -> Iterator[ArchiveReader]:
    try:
        file = source.open("rb")
    except OSError as exc:
        raise BackupError("backup_unreadable", path=str(source), reason=exc.strerror or str(exc)) from exc
    with file:
        yield ArchiveReader(source, file)


# --- checks before anything is touched -------------------------------------------------------------------------------


def check_fits(manifest: Manifest) -> None:
    """Raises BackupError where this site can't take over the database."""
    if manifest.database != connection.vendor:
        names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
        used = names.get(connection.vendor, connection.vendor)
        raise BackupError("backup_other_database", found=names[manifest.database], used=used)
    loader = MigrationLoader(None)
    known = {*loader.disk_migrations} | {old for each in loader.replacements.values() for old in each.replaces}
    unknown = [f"{app}.{name}" for app, name in manifest.migrations if (app, name) not in known]
    if unknown:
        raise BackupError("backup_newer", version=manifest.version, migration=unknown[0])
    if manifest.database == "postgresql":
        database_swap.check_nobody_connected()
    check_space(settings.DATA_DIR, bytes_in_tar([size for size, _ in manifest.files.values()]))


def is_empty() -> bool:
    """A fresh key, an empty database, model and static files count as nothing, and so does an interrupted restore."""
    try:
        if has_rows(connection.settings_dict):
            return False
    except DatabaseUnreadable as exc:
        raise BackupError("restore_failed", reason=f"the present database can't be read ({exc})") from exc
    return staging_folder().exists() or not any(stored_files())


def stored_files() -> Iterator[Path]:
    """Files of results and temporary ones."""
    for name in (*KEPT, *STORES):
        yield from (path for path in (settings.MEDIA_ROOT / name).rglob("*") if not path.is_dir())


# --- the exchange ----------------------------------------------------------------------------------------------------


def install(reader: ArchiveReader, manifest: Manifest, begin: Begin) -> bytes:
    """Returns the secret key of the archive, with the older ones."""
    database = database_swap.staging_path(settings.DATA_DIR)
    names = {DATABASE[manifest.database]: database}
    clear(database)
    with ExitStack() as leave, ExitStack() as undo:
        leave.callback(clear, database)
        key = reader.extract(
            manifest,
            lambda name: names.get(name) or staging_folder() / name.removeprefix(MEDIA),
            begin(manifest.size),
        )
        database_swap.check_staged(database, manifest)
        connections.close_all()
        place_photos(manifest.media, undo)
        # All that was written, before the step that makes it count.
        os.sync()
        with exchanged_key(key):
            database_swap.swap_in(database, manifest)
        undo.pop_all()
        os.sync()
    delete_other_photos(set(manifest.media))
    return key


def staging_folder() -> Path:
    return Path(settings.MEDIA_ROOT) / STAGING


def clear(database: Path) -> None:
    database_swap.clear_staging(database)
    shutil.rmtree(staging_folder(), ignore_errors=True)


def place_photos(names: list[str], undo: ExitStack) -> None:
    """A photo has a random name and never changes, so this takes nothing from the old site."""
    folder = Path(settings.MEDIA_ROOT)
    undo.callback(files.delete, *[name for name in names if not (folder / name).exists()])
    for name in names:
        (folder / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.replace(staging_folder() / name, folder / name)


@contextmanager
def exchanged_key(key: bytes) -> Iterator[None]:
    """The key file, which during the block accepts old and new cookies: it and the database can't change as one."""
    path = settings.SECRET_KEY_PATH
    if not settings.IS_KEY_STORED and is_key_of_environment(key):
        yield
        return
    old = path.read_bytes() if path.is_file() else b""
    write_key(path, key + old)
    try:
        yield
    except BaseException:
        write_key(path, old) if old else path.unlink()
        raise
    write_key(path, key)


def is_key_of_environment(key: bytes) -> bool:
    return bool(settings.SECRET_KEY.encode() == key.split(b"\n")[0])


def write_key(path: Path, content: bytes) -> None:
    draft = path.with_name(f"{path.name}.restore")
    with open(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)
    sync_folder(path.parent)


def delete_other_photos(kept: set[str]) -> None:
    """Those of the old site. What fails is logged, and deleted by `sweep`."""
    names = (str(path.relative_to(settings.MEDIA_ROOT)) for path in stored_files())
    files.delete(*[name for name in names if name not in kept])
