"""What the command and its processes tell one another about a photo: numbers and names, never the picture."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from landmarks.cli.sources import Source
from landmarks.core.finding import Finding, Options


@dataclass(frozen=True)
class Saving:
    """Where photos are stored."""

    collection: UUID
    began: datetime
    """What failed before is tried again."""
    is_resumed: bool
    """Whether the collection may have photos of an earlier run."""


@dataclass(frozen=True)
class Task:
    """What a process needs to know to analyse one photo."""

    source: Source
    options: Options
    engine: str
    overlay: Path | None
    """Where to write the photo with its points."""
    upright: Path | None = None
    """Where to write the upright photo, as a JPEG."""
    saving: Saving | None = None
    """None for a photo that is not stored."""


@dataclass(frozen=True)
class Answer:
    """What was found in one photo."""

    width: int
    height: int
    orientation: int
    """EXIF orientation that was applied."""
    face_model_version: str
    finding: Finding


@dataclass(frozen=True)
class Failure:
    """Why a photo has no answer: code and sentence of the error."""

    code: str
    message: str


@dataclass(frozen=True)
class Outcome:
    """What became of one photo."""

    source: Source
    answer: Answer | Failure
    overlay_failure: str = ""
    """Why the overlay could not be written, if it could not."""
    is_known: bool = False
    """Whether it was analysed before, and not again."""
    is_last: bool = False
    """Whether it failed in a way in which all others would fail, too."""
