"""Which parts of a face something covers: a mask, a hand, hair, dark glasses.

The mesh model places its points wherever a face would have them. But what it sees on the way there, at each of 8 × 8
places of the crop, differs where there is no face. A logistic model for each part reads that, as the mean at the part's
points. A second one decides about each point by what is seen there and by what the first say of all parts, since covers
are larger than a part and end within it. A third one tells dark glasses by both eyes and what is around them. All were
fitted to faces with painted covers (benchmarks/covered_weights.py;
docs/decisions/0029-covered-parts.md).
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

Seen = NDArray[np.float64]
"""90 × 128: what the mesh model sees at each point."""

PLACES = 8
"""Of the features, along each side of the crop."""
INWARDS = 0.1
"""How far points of the contour are moved towards its centre, since half of what they lie on is background."""
MIN_DISTANCE = 16.0
"""Inter-ocular distance in pixels below which too little is seen to tell."""
LIMIT = 12.0
"""Log odds beyond which a part is no more certain."""
DOUBT = 0.7
"""Log odds below those of a covered point from which it may be covered: behind dark glasses 98 % of the eyes may."""
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
AROUND_GLASSES = (("left_eye", "right_eye"), ("left_eye_brow", "right_eye_brow"), ("nose",))
"""Parts whose means, of both sides together, tell dark glasses."""
MEMBERSHIP = np.zeros((len(PARTS), POINT_COUNT), bool)
for _number, _slices in enumerate(PARTS.values()):
    MEMBERSHIP[_number, np.r_[_slices]] = True
MEANS = MEMBERSHIP / MEMBERSHIP.sum(axis=1, keepdims=True)
"""11 × 90: the mean over the points of each part."""
PART_OF = MEMBERSHIP.argmax(axis=0)
"""For each point, the index of its part."""
OF_EYES = MEMBERSHIP[[LEFT_EYE, RIGHT_EYE]].any(axis=0)
GLASSES_MEANS = np.array([MEANS[[NAMES.index(part) for part in parts]].mean(axis=0) for parts in AROUND_GLASSES])
"""3 × 90: the mean of each of AROUND_GLASSES."""
REGION_PARTS = {region.name: region.name.replace("pupil", "eye") for region in REGIONS}
"""A pupil is covered when its eye is."""
IS_OF_REGION = {
    name: MEMBERSHIP[NAMES.index(part)] if part in PARTS else np.isin(np.arange(POINT_COUNT), np.r_[SPANS[name]])
    for name, part in REGION_PARTS.items()
}
"""For each region, the points by which it counts as covered."""
ERRORS = np.array([0.121, 0.087, 0.121, 0.087, 0.121, 0.072, 0.072, 0.094, 0.094, 0.107, 0.076])
"""Mean error of the points of each part when it is covered."""


@dataclass(frozen=True)
class Weights:
    """Of the two models."""

    of_features: NDArray[np.float64]
    """11 × 128, with `biases`: of the first model."""
    biases: NDArray[np.float64]
    of_points: NDArray[np.float64]
    """11 × 128: of what is seen at a point, by its part."""
    of_context: NDArray[np.float64]
    """11 × 12: of what the first model says, by the point's part."""
    point_biases: NDArray[np.float64]
    """90, such that a point is covered from log odds of 0."""
    of_glasses: NDArray[np.float64]
    """3 × 128, with `glasses_bias`: of dark glasses, which are there from log odds of 0."""
    glasses_bias: float


def _read_weights() -> Weights:
    table = json.loads(Path(__file__).with_name("covered.json").read_text(encoding="utf-8"))
    parts = [table[name] for name in NAMES]
    point_biases = np.zeros(POINT_COUNT)
    for member, part in zip(MEMBERSHIP, parts, strict=True):
        point_biases[member] = part["point_biases"]
    return Weights(
        np.array([part["features"] for part in parts]),
        np.array([part["bias"] for part in parts]),
        np.array([part["point_features"] for part in parts]),
        np.array([part["context"] for part in parts]),
        point_biases,
        np.array(table["dark_glasses"]["features"]).reshape(len(AROUND_GLASSES), -1),
        table["dark_glasses"]["bias"],
    )


WEIGHTS = _read_weights()


@dataclass(frozen=True)
class Covered:
    """The points of one face that are covered."""

    points: NDArray[np.bool_]
    """For each of the 90."""
    doubtful: NDArray[np.bool_]
    """Those that may be, covered ones included."""

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """The regions of which at least half is covered."""
        return _mostly(self.points)

    @property
    def may_hide_eyes(self) -> bool:
        """Whether one eye or both may be covered: a gaze is easily wrong, and seldom missed."""
        return not {"left_eye", "right_eye"}.isdisjoint(_mostly(self.doubtful))

    def without_hidden(self, irises: tuple[float | None, float | None]) -> tuple[float | None, float | None]:
        """What was measured on the left and the right eye; None on one that is covered."""
        left, right = irises
        return None if "left_eye" in self.regions else left, None if "right_eye" in self.regions else right

    def raised(self, errors: Errors) -> Errors:
        """The expected errors of the 90 points with what the covers add."""
        if not self.points.any():
            return errors
        most = np.minimum(np.sqrt(errors**2 + ERRORS[PART_OF] ** 2), 1)
        return np.where(self.points, np.maximum(most, SMALLEST_ERROR), errors)


def _mostly(points: NDArray[np.bool_]) -> tuple[str, ...]:
    """The regions of which these points are at least half."""
    return tuple(name for name, member in IS_OF_REGION.items() if points[member].mean() >= 0.5)


def covered_parts(result: MeshResult, points: Points, head: Head) -> Covered:
    """`points` are the 90 by this result. What a turned head hides does not count."""
    if head.scale < MIN_DISTANCE:
        return Covered(np.zeros(POINT_COUNT, bool), np.zeros(POINT_COUNT, bool))
    inside = map_points(result.crop.to_crop(), points)
    seen = features_at(result.features, inside)
    odds = log_odds(seen)
    if abs(head.pose.yaw) > FAR_FROM:
        far = "left" if head.pose.yaw < 0 else "right"
        odds[np.array([name.startswith(far) for name in NAMES])[PART_OF]] = -LIMIT
    elif glasses_odds(seen) > 0:
        odds[OF_EYES] = LIMIT
    return Covered(odds > 0, odds > -DOUBT)


def features_at(features: Features, inside: Points) -> Seen:
    """90 × 128: the features at each point, between places."""
    contour = SPANS["face_profile"]
    inside = inside.copy()
    inside[contour] += (inside[contour].mean(axis=0) - inside[contour]) * INWARDS
    # The centre of place 0 is that of its 32 pixels.
    at = np.clip((inside + 0.5) * (PLACES / SIDE) - 0.5, 0, PLACES - 1.001)
    first = at.astype(int)
    (right, down), (column, row) = (at - first).T, first.T
    # Not as a matrix product: one so large wakes a thread of OpenBLAS, which then occupies a core for 0.1 s.
    seen: Seen = np.zeros((POINT_COUNT, features.shape[-1]))
    for below, beside, share in (
        (0, 0, (1 - down) * (1 - right)),
        (0, 1, (1 - down) * right),
        (1, 0, down * (1 - right)),
        (1, 1, down * right),
    ):
        seen += share[:, np.newaxis] * features[row + below, column + beside]
    return seen


def log_odds(seen: Seen) -> NDArray[np.float64]:
    """Of each of the 90 points being covered."""
    parts = MEANS @ seen
    alone = np.clip((WEIGHTS.of_features * parts).sum(axis=1) + WEIGHTS.biases, -LIMIT, LIMIT)
    of_context = WEIGHTS.of_context @ context_of(alone)
    return np.asarray((WEIGHTS.of_points[PART_OF] * seen).sum(axis=1) + of_context[PART_OF] + WEIGHTS.point_biases)


def glasses_odds(seen: Seen) -> float:
    """Log odds of dark glasses, which hide both eyes."""
    return float((WEIGHTS.of_glasses * (GLASSES_MEANS @ seen)).sum()) + WEIGHTS.glasses_bias


def context_of(alone: NDArray[np.float64]) -> NDArray[np.float64]:
    """12: the log odds of each part, and those of the eye that is less likely covered: glasses cover both."""
    return np.append(alone, min(alone[LEFT_EYE], alone[RIGHT_EYE]))
