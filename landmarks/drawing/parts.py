"""The points of a face as they are drawn, by region: the 90, or those of another scheme in the same colours."""

from dataclasses import dataclass
from functools import cache

from landmarks.core.faces import Face
from landmarks.core.pixels import Point
from landmarks.core.schema import POINT_COUNT, REGIONS, SPANS, Path, Region
from landmarks.core.schemes import PROJECTIONS, Projection, project, region_of


@dataclass(frozen=True)
class Layout:
    """Which points belong to a region, and what joins them."""

    region: Region
    numbers: tuple[int, ...]
    """Of its points among all of the face."""
    paths: tuple[Path, ...]
    """By positions among its own points."""
    labels: tuple[int, ...]
    """What is written beside each: the index in the region for the 90, the number in another scheme."""
    meanings: tuple[str, ...]
    """What each is; in other schemes its name."""


@dataclass(frozen=True)
class Part:
    """The points of a region of one face."""

    layout: Layout
    points: tuple[Point, ...]
    guessed: frozenset[int]
    """Positions among these points."""
    uncertainty: tuple[float, ...] | None

    @property
    def region(self) -> Region:
        return self.layout.region


@cache
def layouts_of(scheme: str = "") -> tuple[Layout, ...]:
    """In the order of the regions, without those that have no point in the scheme; the 90 without a name of one."""
    if scheme:
        return tuple(layout for region in REGIONS if (layout := _projected(PROJECTIONS[scheme], region)).numbers)
    return tuple(
        Layout(
            region,
            tuple(range(SPANS[region.name].start, SPANS[region.name].stop)),
            region.paths,
            tuple(range(region.count)),
            region.meanings,
        )
        for region in REGIONS
    )


def _projected(projection: Projection, region: Region) -> Layout:
    numbers: list[int] = []
    paths = []
    for part, (name, own) in zip(projection.parts, projection.groups, strict=True):
        if region_of(name) is region:
            if len(own) > 1:
                paths.append(Path(tuple(range(len(numbers), len(numbers) + len(own))), part.is_closed))
            numbers += own
    names = tuple(projection.names[number] for number in numbers)
    return Layout(region, tuple(numbers), tuple(paths), tuple(numbers), names)


def parts_of(face: Face, scheme: str = "") -> tuple[Part, ...]:
    known = project(face, scheme) if scheme else face
    points, uncertainty, guessed = known.points, known.uncertainty, known.guessed
    return tuple(
        Part(
            layout,
            tuple([points[number] for number in layout.numbers]),
            frozenset(at for at, number in enumerate(layout.numbers) if number in guessed) if guessed else frozenset(),
            uncertainty and tuple([uncertainty[number] for number in layout.numbers]),
        )
        for layout in layouts_of(scheme)
    )


def point_count(scheme: str = "") -> int:
    return PROJECTIONS[scheme].scheme.count if scheme else POINT_COUNT
