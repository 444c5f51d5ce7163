"""How much disk space is left where photos and the SQLite database are."""

import shutil
from pathlib import Path

from django.db import connection

from landmarks.storage import files
from landmarks.storage.errors import storage_errors


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
