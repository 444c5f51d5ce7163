"""The first pass over all photos: it counts their faces, and warms the engine and the disk's cache."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from benchmarks.album import Album
from benchmarks.errors import BenchmarkError
from benchmarks.timing import Progress
from landmarks.core.errors import PhotoError
from landmarks.core.faces import Face
from landmarks.core.finding import Options
from landmarks.engines.base import Engine
from landmarks.photos.decode import read_photo
from landmarks.photos.photo import Photo, PhotoLimits

MAX_FACES = 100
"""All faces count, whatever the setting MAX_FACES is."""


@dataclass(frozen=True)
class Setup:
    """What all measurements share: the folder of the model files, the limits of a photo, the engine's options."""

    models_dir: Path
    limits: PhotoLimits
    options: Options

    def read(self, path: Path, *, whole: bool = False) -> Photo:
        """Decode as much as the engine needs, or the whole photo; raise PhotoError or OSError."""
        return read_photo(path.read_bytes(), self.limits, whole=whole)


def setup_of(models_dir: Path, *, rotate: bool = False) -> Setup:
    limits = PhotoLimits(settings.MAX_UPLOAD_MB * 2**20, settings.MAX_PIXELS)
    return Setup(models_dir, limits, Options(MAX_FACES, rotate=rotate))


@dataclass(frozen=True)
class Analyzed:
    """A photo that could be read, and the faces that the engine finds in it."""

    path: Path
    width: int
    height: int
    faces: tuple[Face, ...]


@dataclass(frozen=True)
class FirstPass:
    photos: tuple[Analyzed, ...]
    unread: dict[Path, str]
    """Why, for each file that could not be read."""

    @property
    def face_count(self) -> int:
        return sum(len(photo.faces) for photo in self.photos)

    @property
    def notes(self) -> list[str]:
        return [f"Not read: {path}: {reason}" for path, reason in self.unread.items()]


def run_first_pass(album: Album, setup: Setup, engine: Engine, progress: Progress) -> FirstPass:
    """Raises BenchmarkError when none of the photos can be read, EngineError when the engine cannot run."""
    unread: dict[Path, str] = {}

    def read_photos() -> Iterator[Analyzed]:
        for path in progress(album.paths, "first pass"):
            try:
                yield analyze(path, setup, engine)
            except PhotoError as exc:
                unread[path] = exc.message
            except OSError as exc:
                unread[path] = str(exc.strerror)

    photos = tuple(read_photos())
    if not photos:
        raise BenchmarkError("None of these photos can be read. Run `manage.py analyze` on them to see why.")
    return FirstPass(photos, unread)


def analyze(path: Path, setup: Setup, engine: Engine) -> Analyzed:
    """Raises PhotoError, OSError or EngineError."""
    photo = setup.read(path)
    return Analyzed(path, photo.width, photo.height, engine.find(photo, setup.options).faces)


def photo_conditions(album: Album, seen: FirstPass, setup: Setup) -> dict[str, str | int | float]:
    return {
        "photos": f"{len(seen.photos)} of {album.name}",
        "faces": seen.face_count,
        "rotate": "on" if setup.options.rotate else "off",
    }
