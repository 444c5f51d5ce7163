"""How far two engines agree on one photo: which faces both found, and how far apart their points lie."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import dist
from statistics import fmean

from landmarks.core.faces import Box, Face
from landmarks.core.measures import inter_ocular_distance
from landmarks.core.schema import REGIONS

SAME_FACE = 0.3
"""Overlap of two boxes, as intersection over union, from which they are taken to hold the same face."""


@dataclass(frozen=True)
class RegionGap:
    """Mean distance between the points of a region."""

    region: str
    mean: float


@dataclass(frozen=True)
class PointGap:
    """Distance between the two places of a point."""

    region: str
    index: int
    distance: float


@dataclass(frozen=True)
class PairAgreement:
    """A face that both engines found, by its number in each answer, and how far apart its points lie.

    Distances are in percent of the eye distance: that between the outer corners of the eyes, as the mean of what the
    two engines make of it. Where that is 0 there is nothing to measure by: no region, no mean and no worst point is
    told.
    """

    first: int
    second: int
    regions: tuple[RegionGap, ...]
    mean: float | None
    worst: PointGap | None


@dataclass(frozen=True)
class Agreement:
    """Faces that both engines found, in the order of the first, and numbers of those that only one found."""

    pairs: tuple[PairAgreement, ...]
    only_first: tuple[int, ...]
    only_second: tuple[int, ...]

    @property
    def measured(self) -> tuple[PairAgreement, ...]:
        return tuple(pair for pair in self.pairs if pair.mean is not None)

    @property
    def mean(self) -> float | None:
        """Over all faces that could be measured, each counting the same; None where there is none."""
        means = [pair.mean for pair in self.pairs if pair.mean is not None]
        return fmean(means) if means else None

    @property
    def regions(self) -> tuple[RegionGap, ...]:
        """Each region over all faces that could be measured."""
        rows = zip(*(pair.regions for pair in self.measured), strict=True)
        return tuple(RegionGap(row[0].region, fmean(gap.mean for gap in row)) for row in rows)


def compare(first: Sequence[Face], second: Sequence[Face]) -> Agreement:
    """Agreement of two answers for the same photo; the other way round it is the same with the sides swapped."""
    pairs = sorted(pair_faces(first, second))
    seen_first, seen_second = {i for i, _ in pairs}, {j for _, j in pairs}
    return Agreement(
        tuple(compare_faces(i + 1, j + 1, first[i], second[j]) for i, j in pairs),
        tuple(i + 1 for i in range(len(first)) if i not in seen_first),
        tuple(j + 1 for j in range(len(second)) if j not in seen_second),
    )


def pair_faces(first: Sequence[Face], second: Sequence[Face]) -> list[tuple[int, int]]:
    """Indices of faces that are the same, each at most once; those that overlap most are paired first."""
    overlaps = [(overlap(a.box, b.box), i, j) for i, a in enumerate(first) for j, b in enumerate(second)]
    # Equal overlaps go by the sum of their indices: two with the same sum share no face, so neither side is preferred.
    candidates = sorted((-share, i + j, i, j) for share, i, j in overlaps if share >= SAME_FACE)
    pairs: list[tuple[int, int]] = []
    for _, _, i, j in candidates:
        if all(i != taken_i and j != taken_j for taken_i, taken_j in pairs):
            pairs.append((i, j))
    return pairs


def overlap(one: Box, other: Box) -> float:
    """Intersection over union, 0 to 1."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    shared = max(width, 0.0) * max(height, 0.0)
    union = one.area + other.area - shared
    return shared / union if union > 0 else 0.0


def compare_faces(first: int, second: int, one: Face, other: Face) -> PairAgreement:
    eyes = (inter_ocular_distance(one) + inter_ocular_distance(other)) / 2
    if eyes == 0:
        return PairAgreement(first, second, regions=(), mean=None, worst=None)
    gaps = [
        PointGap(region.name, index, 100 * dist(a, b) / eyes)
        for region in REGIONS
        for index, (a, b) in enumerate(zip(one.region(region.name), other.region(region.name), strict=True))
    ]
    regions = tuple(
        RegionGap(region.name, fmean(gap.distance for gap in gaps if gap.region == region.name)) for region in REGIONS
    )
    worst = max(gaps, key=lambda gap: gap.distance)
    return PairAgreement(first, second, regions, fmean(gap.distance for gap in gaps), worst)
