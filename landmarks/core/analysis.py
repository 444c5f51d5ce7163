"""What an export knows of a result."""

from dataclasses import dataclass

from landmarks.core.faces import Face


@dataclass(frozen=True)
class Analysis:
    """One photo's name and size in pixels, the version that was asked for, and its faces, largest first."""

    source: str
    width: int
    height: int
    face_model_version: str
    faces: tuple[Face, ...]
    result: str = ""
    """The id of the result where several leave together: two photos may have the same name."""
