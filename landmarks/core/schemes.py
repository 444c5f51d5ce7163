"""The schemes of 68, 98, 106, 478 and 5 points: which of theirs correspond to the 90, and what the 90 give in theirs.

Points are numbered as each scheme is published, from 0. The counterparts compare meanings, from theirs to ours; the
projections are the other direction, as numbers that were fitted to annotated photos. The embedded engine computes its
points from the 478 with weights of its own (`engines/local/keypoints`).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from landmarks.core.faces import Face
from landmarks.core.pixels import Point
from landmarks.core.schema import POINT_NAMES, REGIONS, Region


class Quality(StrEnum):
    """How close a counterpart is."""

    EXACT = "exact"
    """The same point of the face."""
    NEAR = "near"
    """On the same edge, a little apart."""
    BETWEEN = "interp"
    """Between points of the scheme."""


@dataclass(frozen=True)
class Scheme:
    """Another published set of numbered facial points."""

    name: str
    count: int
    title: str


Blend = tuple[tuple[int, float], ...]
"""Numbers of points with weights that sum to 1."""


@dataclass(frozen=True)
class Counterpart:
    """A point in another scheme, as a blend of its points."""

    quality: Quality
    blend: Blend


SCHEMES = (
    Scheme("ibug68", 68, "iBUG 300-W, dlib"),
    Scheme("wflw98", 98, "WFLW"),
    Scheme("lapa106", 106, "LaPa, JD-landmark"),
    Scheme("mediapipe", 478, "MediaPipe Face Landmarker"),
)
"""Those with counterparts."""

Counterparts = dict[str, Counterpart | None]
"""By the name of the scheme; None if it has no such point."""


def _read(name: str) -> Any:
    return json.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


def _read_table() -> dict[tuple[str, int], Counterparts]:
    return {
        (row["region"], row["index"]): {
            scheme.name: row[scheme.name] and _counterpart(**row[scheme.name]) for scheme in SCHEMES
        }
        for row in _read("schemes.json")
    }


def _counterpart(quality: str, blend: list[tuple[int, float]]) -> Counterpart:
    return Counterpart(Quality(quality), tuple((number, weight) for number, weight in blend))


COUNTERPARTS = _read_table()
"""By region and index."""


BY_LENGTH = sorted(REGIONS, key=lambda region: len(region.name), reverse=True)


def region_of(name: str) -> Region:
    """The region whose colour a point has; of points of other schemes, the one that its name begins with."""
    return next((region for region in BY_LENGTH if name.startswith(region.name)), REGIONS[0])


@dataclass(frozen=True)
class Part:
    """Points of a scheme that follow one another along one line of the face."""

    name: str
    """Left and right are sides of the image, as everywhere."""
    count: int
    is_closed: bool = False


@dataclass(frozen=True)
class Accuracy:
    """How far projected points are from annotated ones, in percent of the distance between the outer eye corners."""

    photos: int
    faces: int
    error: float
    """Mean over photos, each of which was left out when the weights that were applied to it were fitted."""
    parts: Mapping[str, float]
    """The same by part of the face."""
    definition: float
    """The same for the blends by definition, before the fit."""


@dataclass(frozen=True)
class Projection:
    """How the points of a scheme are computed from the 90 (projections.json, made by `benchmarks.projections`)."""

    scheme: Scheme
    parts: tuple[Part, ...]
    blends: tuple[Blend, ...]
    """For each point up to three of the 90, by index; with a weight below 0 it lies beyond them."""
    accuracy: Accuracy

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Of each point: its part and its number within it; the part alone if it is the only one."""
        return tuple(
            f"{part.name}_{index}" if part.count > 1 else part.name
            for part in self.parts
            for index in range(part.count)
        )

    @cached_property
    def groups(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """Each part with the numbers of its points."""
        groups, start = [], 0
        for part in self.parts:
            groups.append((part.name, tuple(range(start, start + part.count))))
            start += part.count
        return tuple(groups)

    @cached_property
    def lines(self) -> tuple[tuple[int, int], ...]:
        """Numbers of points that are joined."""
        ends = (
            (*numbers, numbers[0]) if part.is_closed else numbers
            for part, (_, numbers) in zip(self.parts, self.groups, strict=True)
        )
        return tuple(line for numbers in ends for line in pairwise(numbers))

    @property
    def note(self) -> str:
        """Where the points come from, and how far they err, for people who read a file."""
        known = self.accuracy
        return (
            f"{self.scheme.count} points ({self.scheme.title}), each a blend of up to three of the 90. Mean error "
            f"{known.error:.1f} % of the distance between the outer eye corners, on {known.photos} annotated photos, "
            "each left out of the fit."
        )


PARTS = {
    "ibug68": (
        Part("face_profile", 17),
        Part("left_eye_brow", 5),
        Part("right_eye_brow", 5),
        Part("nose_bridge", 4),
        Part("nose_base", 5),
        Part("left_eye", 6, is_closed=True),
        Part("right_eye", 6, is_closed=True),
        Part("mouth_outer", 12, is_closed=True),
        Part("mouth_inner", 8, is_closed=True),
    ),
    "wflw98": (
        Part("face_profile", 33),
        Part("left_eye_brow", 9, is_closed=True),
        Part("right_eye_brow", 9, is_closed=True),
        Part("nose_bridge", 4),
        Part("nose_base", 5),
        Part("left_eye", 8, is_closed=True),
        Part("right_eye", 8, is_closed=True),
        Part("mouth_outer", 12, is_closed=True),
        Part("mouth_inner", 8, is_closed=True),
        Part("left_pupil", 1),
        Part("right_pupil", 1),
    ),
    "lapa106": (
        Part("face_profile", 33),
        Part("left_eye_brow", 9, is_closed=True),
        Part("right_eye_brow", 9, is_closed=True),
        Part("nose_bridge", 4),
        Part("nose_outline", 11),
        Part("left_eye", 8, is_closed=True),
        Part("left_eye_centre", 1),
        Part("right_eye", 8, is_closed=True),
        Part("right_eye_centre", 1),
        Part("mouth_outer", 12, is_closed=True),
        Part("mouth_inner", 8, is_closed=True),
        Part("left_pupil", 1),
        Part("right_pupil", 1),
    ),
    "five": (
        Part("left_eye", 1),
        Part("right_eye", 1),
        Part("nose_tip", 1),
        Part("mouth_left", 1),
        Part("mouth_right", 1),
    ),
}


def _read_projections() -> dict[str, Projection]:
    schemes = {scheme.name: scheme for scheme in (*SCHEMES, Scheme("five", 5, "MTCNN, ArcFace"))}
    number_of = {name: number for number, name in enumerate(POINT_NAMES)}
    return {
        name: Projection(
            schemes[name],
            PARTS[name],
            tuple(tuple((number_of[each], weight) for each, weight in blend.items()) for blend in table["points"]),
            Accuracy(**table["accuracy"]),
        )
        for name, table in _read("projections.json").items()
    }


PROJECTIONS = _read_projections()
"""By the name of the scheme."""


@dataclass(frozen=True)
class ProjectedFace:
    """The points of a face in another scheme."""

    projection: Projection
    points: tuple[Point, ...]
    """(x, y) in the order of the scheme, in pixels of the upright photo."""
    uncertainty: tuple[float, ...] | None
    """Expected error of each of the 90 points carried over, without that of the scheme; units as in `Face`."""
    guessed: frozenset[int]
    """Numbers of the points at least half of whose weight is on guessed ones."""

    @property
    def names(self) -> tuple[str, ...]:
        return self.projection.names


def project(face: Face, scheme: str) -> ProjectedFace:
    """Raises KeyError for an unknown scheme."""
    projection = PROJECTIONS[scheme]
    return ProjectedFace(
        projection,
        tuple(_point(blend, face.points) for blend in projection.blends),
        face.uncertainty and tuple(_uncertainty(blend, face.uncertainty) for blend in projection.blends),
        frozenset(number for number, blend in enumerate(projection.blends) if _is_guessed(blend, face.guessed)),
    )


def _point(blend: Blend, points: tuple[Point, ...]) -> Point:
    weighted = [(weight * points[index][0], weight * points[index][1]) for index, weight in blend]
    return sum(x for x, _ in weighted), sum(y for _, y in weighted)


def _uncertainty(blend: Blend, uncertainty: tuple[float, ...]) -> float:
    """As if the points erred together, which neighbours mostly do."""
    return sum(abs(weight) * uncertainty[index] for index, weight in blend)


def _is_guessed(blend: Blend, guessed: frozenset[int]) -> bool:
    weights = [abs(weight) for _, weight in blend]
    return 2 * sum(abs(weight) for index, weight in blend if index in guessed) >= sum(weights)
