"""The storage on a disk: a file that it has saved survives a power cut."""

import os
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage


class DurableStorage(FileSystemStorage):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._durable: set[Path] = set()
        """Folders that would be found again. Nothing deletes folders while the site runs."""

    def _save(self, name: str, content: Any) -> str:
        saved: str = super()._save(name, content)  # type: ignore[misc]
        path = Path(self.path(saved))
        sync(path)
        sync(path.parent)
        if path.parent not in self._durable:
            self._keep_folders(path)
        return saved

    def _keep_folders(self, path: Path) -> None:
        """Also those that another thread has just made and not yet synchronised."""
        inside = [folder for folder in path.parents if folder.is_relative_to(self.location)]
        new = [folder for folder in inside if folder not in self._durable]
        for folder in new:
            sync(folder.parent)
        # Only now, so that all folders above a durable one are durable.
        self._durable.update(new)


def sync(path: Path) -> None:
    """Wait until the disk has the file, or the names in the folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
