"""What an export contains, as far as its format leaves a choice."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from enum import StrEnum

from landmarks.core.analysis import Analysis
from landmarks.core.faces import Face
from landmarks.drawing.style import DEFAULT_STYLE, Style
from landmarks.exports.point_sets import ALL_POINTS, POINT_SETS, Marked, Points, PointSet, marked


class Shapes(StrEnum):
    """How CVAT holds a face."""

    SKELETONS = "skeletons"
    """As one skeleton."""
    POINTS = "points"
    """As a group of single points."""


@dataclass(frozen=True)
class Options:
    """The defaults are every point of every face, of several results in one file."""

    scheme: str = ""
    """Name of the point set; empty for the one that the format has by default, mostly the 90 points."""
    with_guessed: bool = True
    """Also the points that the engine could not see well."""
    several: bool = True
    """Results are told apart; False for a file of one result that says nothing of others."""
    shapes: Shapes = Shapes.SKELETONS
    folder: str = ""
    """Where the photos lie as seen from the file, with a slash at its end."""
    is_inside: bool = False
    """Whether this is for a file within an archive of photos."""
    inside: tuple[str, ...] = ()
    """Formats whose files an archive holds beside the photos."""
    style: Style = DEFAULT_STYLE
    scale: int = 1
    """The whole factor by which pictures are enlarged."""
    drawing: Callable[[int], AbstractContextManager[None]] = lambda pixels: nullcontext()
    """Waits until a picture of so many pixels may be drawn."""

    @property
    def drawn(self) -> Style:
        """The style with the points of the scheme."""
        return replace(self.style, scheme="" if self.point_set is ALL_POINTS else self.point_set.name)

    @property
    def point_set(self) -> PointSet:
        return POINT_SETS[self.scheme or ALL_POINTS.name]

    def read(self, face: Face) -> Points:
        return self.point_set.read(face)

    def marked(self, known: Points, analysis: Analysis) -> list[Marked]:
        return marked(known, analysis, with_guessed=self.with_guessed)
