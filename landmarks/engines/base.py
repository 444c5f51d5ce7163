"""The protocol that every engine follows."""

from typing import Protocol

from landmarks.core.finding import Finding, Options
from landmarks.photos.photo import Photo


class Engine(Protocol):
    """Finds faces; safe to use from many threads at once."""

    version: str

    def is_ready(self) -> bool:
        """Whether a run could start now; contacts nobody."""

    def find(self, photo: Photo, options: Options) -> Finding:
        """Find the faces, largest first, in pixels of the upright photo; raise EngineError on failure."""
