"""Which points of a face are exported: the 90, or those of another scheme that are worked out from them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import partial
from itertools import pairwise
from typing import Protocol

from landmarks.core.analysis import Analysis
from landmarks.core.faces import Face
from landmarks.core.pixels import PIXEL_CENTRE, Point
from landmarks.core.schema import POINT_NAMES, REGIONS, SPANS
from landmarks.core.schemes import PROJECTIONS, project

DIGITS = 3
"""Decimals of a coordinate in files of text."""


class Visibility(IntEnum):
    """What can be said of a point, by COCO's numbers."""

    OUTSIDE = 0
    """Beyond the edge of the photo."""
    GUESSED = 1
    SEEN = 2


class Points(Protocol):
    """What is known of the points of a face."""

    @property
    def points(self) -> Sequence[Point]: ...

    @property
    def uncertainty(self) -> Sequence[float] | None:
        """Of each point, in units of the inter-ocular distance; None if the engine reports none."""

    @property
    def guessed(self) -> frozenset[int]:
        """Numbers of the points that the engine could not see well."""


@dataclass(frozen=True)
class PointSet:
    """Numbered points of a face, with their names."""

    name: str
    """In addresses and on the command line."""
    title: str
    names: tuple[str, ...]
    """Each once, in order."""
    groups: tuple[tuple[str, tuple[int, ...]], ...]
    """Parts of the face, each with the numbers of its points, from 0."""
    lines: tuple[tuple[int, int], ...]
    """Points that are joined, by their numbers."""
    read: Callable[[Face], Points]
    """The points of a face; the face itself for the 90."""
    error: float | None = None
    """Of the points of another scheme: how far they were from annotated ones, in percent of the distance between the
    outer eye corners."""
    note: str = ""
    """How the points were worked out, and how far they err."""

    @property
    def count(self) -> int:
        return len(self.names)


def _lines() -> tuple[tuple[int, int], ...]:
    joined = []
    for region in REGIONS:
        start = SPANS[region.name].start
        for path in region.paths:
            ends = (*path.indices, path.indices[0]) if path.is_closed else path.indices
            joined += [(start + one, start + other) for one, other in pairwise(ends)]
    return tuple(joined)


ALL_POINTS = PointSet(
    name="face90",
    title="90 points",
    names=POINT_NAMES,
    groups=tuple((name, tuple(range(span.start, span.stop))) for name, span in SPANS.items()),
    lines=_lines(),
    read=lambda face: face,
)

PROJECTED = tuple(
    PointSet(
        name=name,
        title=f"{each.scheme.count} points as in {each.scheme.title}",
        names=each.names,
        groups=each.groups,
        lines=each.lines,
        read=partial(project, scheme=name),
        error=each.accuracy.error,
        note=each.note,
    )
    for name, each in PROJECTIONS.items()
)
POINT_SETS = {point_set.name: point_set for point_set in (ALL_POINTS, *PROJECTED)}


@dataclass(frozen=True)
class Marked:
    """A point of an exported face."""

    x: float
    y: float
    visibility: Visibility
    is_left_out: bool
    """Whether the file is to be without this point, since it is guessed."""


def marked(known: Points, analysis: Analysis, *, with_guessed: bool) -> list[Marked]:
    """The points with what can be said of each, rounded."""
    right, bottom = analysis.width - PIXEL_CENTRE, analysis.height - PIXEL_CENTRE
    found = []
    for number, (x, y) in enumerate(known.points):
        is_guessed = number in known.guessed
        is_inside = -PIXEL_CENTRE <= x <= right and -PIXEL_CENTRE <= y <= bottom
        seen = Visibility.GUESSED if is_guessed else Visibility.SEEN
        visibility = seen if is_inside else Visibility.OUTSIDE
        found.append(Marked(round(x, DIGITS), round(y, DIGITS), visibility, is_guessed and not with_guessed))
    return found
