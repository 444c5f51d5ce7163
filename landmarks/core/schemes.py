"""Which points of the 68, 98, 106 and 478 point schemes lie where each of the 90 does, and how surely.

Numbers are those that each scheme is published with, from 0. They compare meanings: the embedded engine reads its
points off the 478 with weights of its own, which were fitted to the vendor's answers.
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Quality(StrEnum):
    """How near a counterpart is."""

    EXACT = "exact"
    """The very same point of the face."""
    NEAR = "near"
    """On the same edge, a little apart."""
    BETWEEN = "interp"
    """Between points that the scheme has."""


@dataclass(frozen=True)
class Scheme:
    """Another way to number the points of a face."""

    name: str
    count: int
    title: str


@dataclass(frozen=True)
class Counterpart:
    """Where a scheme has a point: a blend of numbers of its own, whose weights sum to 1."""

    quality: Quality
    blend: tuple[tuple[int, float], ...]


SCHEMES = (
    Scheme("ibug68", 68, "iBUG 300-W, dlib"),
    Scheme("wflw98", 98, "WFLW"),
    Scheme("lapa106", 106, "LaPa, JD-landmark"),
    Scheme("mediapipe", 478, "MediaPipe Face Landmarker"),
)

Counterparts = dict[str, Counterpart | None]
"""By the name of the scheme; None where it has no such point."""


def _read_table() -> dict[tuple[str, int], Counterparts]:
    rows = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    return {
        (row["region"], row["index"]): {
            scheme.name: row[scheme.name] and _counterpart(**row[scheme.name]) for scheme in SCHEMES
        }
        for row in rows
    }


def _counterpart(quality: str, blend: list[tuple[int, float]]) -> Counterpart:
    return Counterpart(Quality(quality), tuple((number, weight) for number, weight in blend))


COUNTERPARTS = _read_table()
"""By region and index."""
