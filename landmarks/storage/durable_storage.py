"""The storage on a disk: a file that it has saved survives a power cut."""

import os
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage


class DurableStorage(FileSystemStorage):
    def _save(self, name: str, content: Any) -> str:
        saved: str = super()._save(name, content)  # type: ignore[misc]
        path, above = Path(self.path(saved)), Path(self.location).parent
        # Every folder up to the one that holds them all: it may have been made just now, perhaps by another thread that
        # has not got here yet. For a folder without changes this costs next to nothing.
        for each in (path, *(folder for folder in path.parents if folder.is_relative_to(above))):
            sync(each)
        return saved


def sync(path: Path) -> None:
    """Wait until the disk has the file, or the names in the folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
