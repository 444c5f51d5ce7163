"""What of the faces is drawn, and how."""

from dataclasses import dataclass

from landmarks.core.schema import REGIONS
from landmarks.drawing.colour import Colouring

MIN_SIZE, MAX_SIZE = 0.5, 2.0
MIN_OPACITY = 0.1


@dataclass(frozen=True)
class Style:
    """The options of a drawing; the defaults are what pages and files show first."""

    regions: frozenset[str] = frozenset(region.name for region in REGIONS)
    faces: frozenset[int] | None = None
    """Numbers of the faces to draw, 1 being the largest; None draws all of them."""
    labels: bool = False
    """Write each point's index beside it, on faces that are drawn with dots or marks."""
    labels_from: float = 0.0
    """Side of a face, in output pixels, from which indices are written."""
    lines: bool = True
    points: bool = True
    guessed: bool = True
    """Also what the engine could not see well: hollow marks and dashed lines."""
    mesh: bool = False
    """The wireframe of the dense points, on faces that have them and are drawn with dots or marks."""
    size: float = 1.0
    """Multiplies the size of the marks, 0.5 to 2."""
    opacity: float = 1.0
    """Of marks and lines, 0.1 to 1."""
    colour: Colouring = Colouring.REGION
    scheme: str = ""
    """Name of the scheme whose points are drawn; the 90 if this is empty."""
    frames: bool = True
    """Put corners and a number around each face if there are several."""
    selected: int | None = None
    """Number of the selected face of several: it has a frame however small it is, with a light tag."""

    def __post_init__(self) -> None:
        if not MIN_SIZE <= self.size <= MAX_SIZE:
            raise ValueError(f"size must be {MIN_SIZE} to {MAX_SIZE}, not {self.size}")
        if not MIN_OPACITY <= self.opacity <= 1:
            raise ValueError(f"opacity must be {MIN_OPACITY} to 1, not {self.opacity}")


DEFAULT_STYLE = Style()
