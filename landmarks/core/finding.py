"""What is requested of an engine, and what it reports."""

from collections.abc import Sequence
from dataclasses import dataclass

from landmarks.core.faces import Face


@dataclass(frozen=True)
class Options:
    """What is asked of an engine, in the words of the vendor's API."""

    max_faces: int
    largest_only: bool = False
    rotate: bool = False
    face_model_version: str = "3.0"


@dataclass(frozen=True)
class Attempt:
    """One look at the photo: which way up, what came of it, and the likeliest spot that it showed."""

    turned: int
    """Degrees clockwise by which the photo was turned."""
    width: float | None
    """Of the likeliest spot, in pixels; None where there was none."""
    score: float | None
    """Of the likeliest spot, 0 to 1."""
    face_count: int
    """Faces that this look gave, before the answer was cut to as many as were asked for."""
    sizes: Sequence[int] = ()
    """Long sides in pixels at which the photo was looked at; none where that was not kept."""


@dataclass(frozen=True)
class Finding:
    """What an engine answered for one photo; no face is an empty tuple."""

    faces: tuple[Face, ...]
    attempts: tuple[Attempt, ...]
    engine: str
    engine_version: str
    elapsed_ms: float
    trace_id: str | None = None
    face_model_version: str = ""
    """Of the hosted engine's answer; empty where the caller's is echoed."""
    remark: str = ""
    """What a reader of the points should know of this run, as a sentence."""

    @property
    def face_total(self) -> int:
        """All faces that the engine saw, also those beyond as many as were asked for."""
        return max(len(self.faces), sum(attempt.face_count for attempt in self.attempts))
