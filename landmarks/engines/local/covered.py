"""Which parts of a face something covers: a mask, a hand, hair, dark glasses.

The mesh model places its points wherever a face would have them. But what it sees on the way there, at each of 8 × 8
places of the crop, differs where there is no face. A logistic model for each part reads that at the part's points; a
second one decides by the answers for all parts, since covers are larger than a part. Both were fitted to faces with
painted covers (benchmarks/covers.py; docs/decisions/0029-covered-parts.md).
"""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from landmarks.core.faces import GUESSED
from landmarks.core.schema import POINT_COUNT, REGIONS, SPANS
from landmarks.engines.local.arrays import Points, map_points
from landmarks.engines.local.mesh import SIDE, Features, MeshResult
from landmarks.engines.local.pose import Head
from landmarks.engines.local.uncertainty import FAR_FROM, Errors

Evidence = NDArray[np.float64]
"""11 × 128: what the mesh model sees at each of PARTS."""

PLACES = 8
"""Of the features, along each side of the crop."""
INWARDS = 0.1
"""How far points of the contour are moved towards its centre, since half of what they lie on is background."""
MIN_DISTANCE = 16.0
"""Inter-ocular distance in pixels below which too little is seen to tell."""
LIMIT = 12.0
"""Log odds beyond which a part is no more certain."""
SMALLEST_ERROR = GUESSED + 0.001
"""Of a covered point: nobody sees where it is."""

PARTS: dict[str, tuple[slice, ...]] = {
    "left_cheek": (slice(0, 4),),
    "left_jaw": (slice(4, 8),),
    "chin": (slice(8, 13),),
    "right_jaw": (slice(13, 17),),
    "right_cheek": (slice(17, 21),),
    "left_eye": (SPANS["left_eye"], SPANS["left_pupil"]),
    "right_eye": (SPANS["right_eye"], SPANS["right_pupil"]),
    "left_eye_brow": (SPANS["left_eye_brow"],),
    "right_eye_brow": (SPANS["right_eye_brow"],),
    "mouth": (SPANS["mouth"],),
    "nose": (SPANS["nose"],),
}
"""The points of each part."""
NAMES = tuple(PARTS)
LEFT_EYE, RIGHT_EYE = NAMES.index("left_eye"), NAMES.index("right_eye")
MEMBERSHIP = np.zeros((len(PARTS), POINT_COUNT), bool)
for _number, _slices in enumerate(PARTS.values()):
    MEMBERSHIP[_number, np.r_[_slices]] = True
MEANS = MEMBERSHIP / MEMBERSHIP.sum(axis=1, keepdims=True)
"""11 × 90: the mean over the points of each part."""
REGION_SHARES = np.array([MEMBERSHIP[:, SPANS[region.name]].mean(axis=1) for region in REGIONS])
"""9 × 11: the share of each region's points that belong to each part."""
ERRORS = np.array([0.121, 0.087, 0.121, 0.087, 0.121, 0.072, 0.072, 0.094, 0.094, 0.107, 0.076])
"""Mean error of the points of each part when it is covered."""


@dataclass(frozen=True)
class Weights:
    """Of the two models. Biases are such that a part is covered from log odds of 0."""

    of_features: NDArray[np.float64]
    """11 × 128."""
    biases: NDArray[np.float64]
    of_parts: NDArray[np.float64]
    """11 × 11."""
    part_biases: NDArray[np.float64]
    glasses_bias: float
    """Added to the sum of both eyes' log odds: glasses cover both."""


def _read_weights() -> Weights:
    table = json.loads(Path(__file__).with_name("covered.json").read_text(encoding="utf-8"))
    parts = [table["parts"][name] for name in NAMES]
    return Weights(
        np.array([part["features"] for part in parts]),
        np.array([part["bias"] for part in parts]),
        np.array([[part["parts"][name] for name in NAMES] for part in parts]),
        np.array([part["parts_bias"] for part in parts]),
        float(table["glasses_bias"]),
    )


WEIGHTS = _read_weights()


@dataclass(frozen=True)
class Covered:
    """The parts of one face that are covered."""

    parts: tuple[bool, ...]
    """For each of PARTS."""

    @cached_property
    def points(self) -> NDArray[np.bool_]:
        """For each of the 90 points, whether it is covered."""
        return np.asarray(MEMBERSHIP[list(self.parts)].any(axis=0))

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions of which at least half is covered."""
        shares = REGION_SHARES @ np.array(self.parts, float)
        return tuple(region.name for region, share in zip(REGIONS, shares.tolist(), strict=True) if share >= 0.5)

    @property
    def has_eyes(self) -> bool:
        """Whether one eye or both are covered."""
        return self.parts[LEFT_EYE] or self.parts[RIGHT_EYE]

    def without_hidden(self, irises: tuple[float | None, float | None]) -> tuple[float | None, float | None]:
        """What was measured on the left and the right eye; None on one that is covered."""
        left, right = irises
        return None if self.parts[LEFT_EYE] else left, None if self.parts[RIGHT_EYE] else right

    def raised(self, errors: Errors) -> Errors:
        """The expected errors of the 90 points with what the covers add."""
        if not any(self.parts):
            return errors
        added = np.asarray(ERRORS[list(self.parts)] @ MEMBERSHIP[list(self.parts)])
        most = np.minimum(np.sqrt(errors**2 + added**2), 1)
        return np.where(self.points, np.maximum(most, SMALLEST_ERROR), errors)


def covered_parts(result: MeshResult, points: Points, head: Head) -> Covered:
    """`points` are the 90 by this result. What a turned head hides does not count."""
    if head.scale < MIN_DISTANCE:
        return Covered((False,) * len(PARTS))
    inside = map_points(result.crop.to_crop(), points)
    odds = log_odds(evidence(result.features, inside))
    found = odds > 0
    if abs(head.pose.yaw) > FAR_FROM:
        far = "left" if head.pose.yaw < 0 else "right"
        found &= [not name.startswith(far) for name in NAMES]
    return Covered(tuple(found.tolist()))


def evidence(features: Features, inside: Points) -> Evidence:
    """The features at the points of each part, between places; `inside` are the points in crop pixels."""
    contour = SPANS["face_profile"]
    inside = inside.copy()
    inside[contour] += (inside[contour].mean(axis=0) - inside[contour]) * INWARDS
    # The centre of place 0 is that of its 32 pixels.
    at = np.clip((inside + 0.5) * (PLACES / SIDE) - 0.5, 0, PLACES - 1.001)
    first = at.astype(int)
    (right, down), (column, row) = (at - first).T, first.T
    shares = np.zeros((POINT_COUNT, PLACES * PLACES))
    each = np.arange(POINT_COUNT)
    for below, beside, share in (
        (0, 0, (1 - down) * (1 - right)),
        (0, 1, (1 - down) * right),
        (1, 0, down * (1 - right)),
        (1, 1, down * right),
    ):
        shares[each, (row + below) * PLACES + column + beside] = share
    return np.asarray(MEANS @ shares @ features.reshape(PLACES * PLACES, -1))


def log_odds(seen: Evidence) -> NDArray[np.float64]:
    """Of each part being covered."""
    alone = np.clip((WEIGHTS.of_features * seen).sum(axis=1) + WEIGHTS.biases, -LIMIT, LIMIT)
    together = WEIGHTS.of_parts @ alone + WEIGHTS.part_biases
    eyes = [LEFT_EYE, RIGHT_EYE]
    together[eyes] = np.maximum(together[eyes], alone[eyes].sum() + WEIGHTS.glasses_bias)
    return np.asarray(together)
