"""The photos that a run is made over: the bundled ones, those of a folder, or those that its manifest names."""

from dataclasses import dataclass
from pathlib import Path

from landmarks.benchmark.accuracy import Truth, read_manifest
from landmarks.sources import expand

PROJECT = Path(__file__).resolve().parent.parent.parent
SAMPLES = PROJECT / "static" / "samples"
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Album:
    """Photos, and what is known of them."""

    folder: Path
    paths: tuple[Path, ...]
    truths: dict[Path, Truth]
    """Empty without a manifest."""

    @property
    def name(self) -> str:
        """The folder as it was named; without this machine's own path where it belongs to the project."""
        inside = self.folder.is_relative_to(PROJECT)
        return str(self.folder.relative_to(PROJECT) if inside else self.folder)


def bundled_album() -> Album:
    paths = sorted(SAMPLES.glob("*.jpg"))
    return Album(SAMPLES, tuple(path for path in paths if not path.stem.endswith("-thumbnail")), {})


def open_album(folder: Path) -> Album:
    """Raises ValueError, with a sentence, for a folder without photos and for a manifest that is none."""
    if (folder / MANIFEST).is_file():
        truths = {folder / truth.file: truth for truth in read_manifest(folder / MANIFEST)}
        paths = tuple(truths)
    else:
        truths = {}
        paths = tuple(source.path for source in expand([str(folder)]) if source.path)
    if not paths:
        raise ValueError(f"There is no photo in {folder}. Name a folder with photos, or none for the bundled ones.")
    return Album(folder, paths, truths)


def first_of(album: Album, count: int) -> Album:
    """The same with its first photos only."""
    paths = album.paths[:count]
    return Album(album.folder, paths, {path: album.truths[path] for path in paths if path in album.truths})
