"""How faces are found: the protocol that every engine follows, and the engines there are."""

from typing import Protocol

from landmarks.core.finding import Finding, Options
from landmarks.photos.photo import Photo


class Engine(Protocol):
    """An engine may be asked by many threads at once."""

    label: str
    version: str
    is_hosted: bool
    """Whether photos leave this machine."""

    def is_ready(self) -> bool:
        """Whether a photo could be looked at right now."""

    def find(self, photo: Photo, options: Options) -> Finding:
        """Find the faces, largest first, in pixels of the upright photo; raise EngineError when that fails."""
