"""One photo with its faces, as exports write it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from landmarks.core.faces import Face


@dataclass(frozen=True)
class Analysis:
    """A photo's name and size in pixels, the face model version and the faces, largest first."""

    source: str
    width: int
    height: int
    face_model_version: str
    faces: tuple[Face, ...]
    result: str = ""
    """The result's id, which tells photos of the same name apart in an export of several."""
    file: str = ""
    """Name of the photo's file where files of several photos lie together: each has its own."""
    engine: str = ""
    elapsed_ms: float | None = None
    open_photo: Callable[[], IO[bytes]] | None = None
    """Opens the upright photo, a JPEG; raises a LandmarksError where it is lost. None if there is none to be had."""

    @property
    def file_name(self) -> str:
        return self.file or self.source

    @property
    def stem(self) -> str:
        """The name of the file without what is behind its last dot."""
        head, dot, _ = self.file_name.rpartition(".")
        return head if dot else self.file_name
