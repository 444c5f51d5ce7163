"""How much disk space is left where photos and the SQLite database are, and the reserve that photos leave alone."""

import shutil
from pathlib import Path

from django.conf import settings
from django.db import connection

from landmarks.core.errors import StorageFull
from landmarks.storage import files
from landmarks.storage.errors import storage_errors


def check_space() -> None:
    """Raise StorageFull where less is left than MIN_FREE_MB, which is for everything but photos.

    To be called before a photo is received, decoded or written.
    """
    free = free_bytes()
    if free is not None and free < settings.MIN_FREE_MB * 2**20:
        raise StorageFull("storage_full", detail=f"{free >> 20} MB are free, MIN_FREE_MB is {settings.MIN_FREE_MB}")


def free_bytes() -> int | None:
    """Bytes that this user can still write, on the fuller of the disks; None where nothing is stored on a disk.

    Raises StorageError.
    """
    with storage_errors():
        return min((shutil.disk_usage(nearest(folder)).free for folder in folders()), default=None)


def folders() -> list[Path]:
    found = [folder] if (folder := files.root()) else []
    name = str(connection.settings_dict["NAME"])
    return [*found, Path(name).parent] if connection.vendor == "sqlite" and ":" not in name else found


def nearest(folder: Path) -> Path:
    """The folder, or the one above it in which it will be made."""
    return next(path for path in (folder, *folder.parents) if path.exists())
