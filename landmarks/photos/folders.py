"""Files in folders that are no photos of anybody: previews, lists and bins of systems and programs."""

SYSTEM_NAMES = (
    "#recycle",  # Synology
    "#snapshot",
    "$recycle.bin",  # Windows
    "@eadir",  # Synology's previews
    "@recycle",  # QNAP
    "__macosx",  # archives made on a Mac
    "desktop.ini",
    "ehthumbs.db",
    "ehthumbs_vista.db",
    "lost+found",
    "recycler",  # Windows XP
    "system volume information",
    "thumbs.db",
)
"""In lower case, of files and folders, beside all names that begin with a dot: `._*`, `.thumbnails`, `.Trash-*`,
`.picasaoriginals`."""


def is_system(name: str) -> bool:
    """Whether a file or folder of this name, with all that is in it, belongs to a system or program."""
    return name.startswith(".") or name.lower() in SYSTEM_NAMES
