"""What of the faces is drawn, and how large."""

from dataclasses import dataclass

from landmarks.core.schema import REGIONS
from landmarks.drawing.colour import Colouring

SMALLEST, LARGEST = 0.5, 2.0
FAINTEST = 0.1


@dataclass(frozen=True)
class Style:
    """The choices that a person has; the defaults are the picture at rest."""

    regions: frozenset[str] = frozenset(region.name for region in REGIONS)
    faces: frozenset[int] | None = None
    """Numbers of the faces to draw, 1 being the largest; None is all of them."""
    labels: bool = False
    """Write each point's index beside it, on faces that are drawn with dots or marks."""
    labels_from: float = 0.0
    """Side of a face, in output pixels, from which the indices are written."""
    lines: bool = True
    points: bool = True
    size: float = 1.0
    """Multiplies the size of the marks, 0.5 to 2."""
    opacity: float = 1.0
    """Of marks and lines, 0.1 to 1."""
    colour: Colouring = Colouring.REGION
    frames: bool = True
    """Put corners and a number around each face when there are several."""
    chosen: int | None = None
    """Number of the face that is picked out among several: it has a frame however small it is, with a light tag."""

    def __post_init__(self) -> None:
        if not SMALLEST <= self.size <= LARGEST:
            raise ValueError(f"size is a factor of {SMALLEST} to {LARGEST}, not {self.size}")
        if not FAINTEST <= self.opacity <= 1:
            raise ValueError(f"opacity is {FAINTEST} to 1, not {self.opacity}")


AT_REST = Style()
