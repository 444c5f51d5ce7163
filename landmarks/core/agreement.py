"""How well two engines agree on one photo: which faces both found, and how far apart their points are."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import dist
from statistics import fmean

from landmarks.core.faces import Face
from landmarks.core.measures import inter_ocular_distance
from landmarks.core.schema import REGIONS

SAME_FACE = 0.3
"""Intersection over union from which two boxes count as the same face."""


@dataclass(frozen=True)
class RegionGap:
    """Mean distance between the two engines' points of a region, in percent of the eye distance."""

    region: str
    mean: float


@dataclass(frozen=True)
class PointGap:
    """Distance between the two engines' positions of a point, in percent of the eye distance."""

    region: str
    index: int
    distance: float


@dataclass(frozen=True)
class PairAgreement:
    """A face that both engines found, by its number in each result (from 1), and how far apart its points are.

    The eye distance is that between the outer eye corners, averaged over the two engines. If it is 0, nothing can be
    measured: there are no regions, no mean and no worst point.
    """

    first: int
    second: int
    regions: tuple[RegionGap, ...]
    mean: float | None
    worst: PointGap | None


@dataclass(frozen=True)
class Agreement:
    """Faces that both engines found, in the order of the first, and the numbers of those that only one found."""

    pairs: tuple[PairAgreement, ...]
    only_first: tuple[int, ...]
    only_second: tuple[int, ...]

    @property
    def measured(self) -> tuple[PairAgreement, ...]:
        return tuple(pair for pair in self.pairs if pair.mean is not None)

    @property
    def mean(self) -> float | None:
        """Over all faces that could be measured, with equal weight; None if there is none."""
        means = [pair.mean for pair in self.pairs if pair.mean is not None]
        return fmean(means) if means else None

    @property
    def regions(self) -> tuple[RegionGap, ...]:
        """Each region over all faces that could be measured."""
        rows = zip(*(pair.regions for pair in self.measured), strict=True)
        return tuple(RegionGap(row[0].region, fmean(gap.mean for gap in row)) for row in rows)


def compare(first: Sequence[Face], second: Sequence[Face]) -> Agreement:
    """Agreement of two results for the same photo. Swapping the arguments swaps the sides and changes nothing else."""
    pairs = sorted(pair_faces(first, second))
    paired_first, paired_second = {i for i, _ in pairs}, {j for _, j in pairs}
    return Agreement(
        tuple(compare_faces(i + 1, j + 1, first[i], second[j]) for i, j in pairs),
        tuple(i + 1 for i in range(len(first)) if i not in paired_first),
        tuple(j + 1 for j in range(len(second)) if j not in paired_second),
    )


def pair_faces(first: Sequence[Face], second: Sequence[Face]) -> list[tuple[int, int]]:
    """Indices of the same face in both, each used at most once; pairs that overlap most come first."""
    overlaps = [(a.box.iou(b.box), i, j) for i, a in enumerate(first) for j, b in enumerate(second)]
    # Ties go by the sum of the indices: pairs with the same sum have no face in common, so neither side is preferred.
    candidates = sorted((-iou, i + j, i, j) for iou, i, j in overlaps if iou >= SAME_FACE)
    pairs: list[tuple[int, int]] = []
    for _, _, i, j in candidates:
        if all(i != taken_i and j != taken_j for taken_i, taken_j in pairs):
            pairs.append((i, j))
    return pairs


def compare_faces(first: int, second: int, one: Face, other: Face) -> PairAgreement:
    """Agreement on one face, which has the number `first` in one result and `second` in the other."""
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
