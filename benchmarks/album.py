"""The photos that a benchmark runs over: bundled ones, those in a folder, or those that its manifest names."""

from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.accuracy import Truth, read_manifest
from benchmarks.errors import UsageError
from benchmarks.process import PROJECT
from landmarks.photos.formats import ACCEPTED_SUFFIXES

SAMPLES = PROJECT / "static" / "samples"
IMAGES = PROJECT / "tests" / "images"
PORTRAITS = ("astronaut.jpg", "two_people.jpg", "obama-240p.jpg")
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Album:
    """Photos, and what is known about them."""

    folder: Path
    paths: tuple[Path, ...]
    truths: dict[Path, Truth]
    """Empty without a manifest."""

    @property
    def name(self) -> str:
        """The folder, relative to the project where it is part of it."""
        is_inside = self.folder.is_relative_to(PROJECT)
        return str(self.folder.relative_to(PROJECT) if is_inside else self.folder)

    def name_of(self, path: Path) -> str:
        return str(path.relative_to(self.folder))

    def first(self, count: int | None) -> "Album":
        """The album with its first photos only; with all of them for None."""
        paths = self.paths[:count]
        return replace(self, paths=paths, truths={path: self.truths[path] for path in paths if path in self.truths})


def bundled_album() -> Album:
    """The samples that ship with the site, from one face to a large group."""
    paths = sorted(SAMPLES.glob("*.jpg"))
    return Album(SAMPLES, tuple(path for path in paths if not path.stem.endswith("-thumbnail")), {})


def portraits() -> Album:
    """Three small photos of one or two people, as most photos that are sent to a site."""
    return Album(IMAGES, tuple(IMAGES / name for name in PORTRAITS), {})


def open_album(folder: Path) -> Album:
    """Raises UsageError for a folder without photos, and for a manifest that cannot be read."""
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder.")
    if (folder / MANIFEST).is_file():
        truths = {folder / truth.file: truth for truth in read_manifest(folder / MANIFEST)}
        paths = tuple(truths)
    else:
        truths = {}
        paths = tuple(sorted(path for path in folder.rglob("*") if is_photo(path)))
    if not paths:
        raise UsageError(f"There is no photo in {folder}. Name a folder with photos, or none for the bundled ones.")
    return Album(folder, paths, truths)


def is_photo(path: Path) -> bool:
    """Whether it is a photo by its name."""
    return path.suffix.lower() in ACCEPTED_SUFFIXES and path.is_file()
