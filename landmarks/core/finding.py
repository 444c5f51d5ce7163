"""The options that an engine is given, and what it reports."""

from collections.abc import Sequence
from dataclasses import dataclass

from landmarks.core.faces import Face


@dataclass(frozen=True)
class Options:
    """How an engine runs, in the terms of the vendor's API."""

    max_faces: int
    largest_only: bool = False
    """`mode=1` of the API."""
    rotate: bool = False
    """`need_rotate_detection=1` of the API: also search the photo after quarter turns."""
    face_model_version: str = "3.0"
    dense: bool = False
    """Also report the dense points of each face, where the engine has them."""


@dataclass(frozen=True)
class Attempt:
    """One search through the photo at one orientation: the most confident candidate and the faces found."""

    turned: int
    """Degrees clockwise by which the photo was turned."""
    width: float | None
    """Side of the most confident candidate, in pixels; None if there was none."""
    score: float | None
    """Its confidence, 0 to 1."""
    face_count: int
    """Faces found, before they were limited to as many as requested."""
    sizes: Sequence[int] = ()
    """Long side of the photo in each detector pass, in pixels; empty if not recorded."""


@dataclass(frozen=True)
class Finding:
    """What an engine found in one photo; a photo without faces has an empty tuple."""

    faces: tuple[Face, ...]
    """Largest first."""
    attempts: tuple[Attempt, ...]
    engine: str
    engine_version: str
    elapsed_ms: float
    trace_id: str | None = None
    """The hosted API's id of the call."""
    face_model_version: str = ""
    """Reported by the hosted engine; empty where the requested one is echoed."""
    remark: str = ""
    """A warning for users of the points."""

    @property
    def face_total(self) -> int:
        """Every face that the engine saw, including those above the requested number."""
        return max(len(self.faces), sum(attempt.face_count for attempt in self.attempts))
