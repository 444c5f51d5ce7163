"""One photo with its faces, as exports write it."""

from dataclasses import dataclass

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
