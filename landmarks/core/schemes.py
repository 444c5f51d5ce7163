"""The counterparts of each of the 90 points in the schemes of 68, 98, 106 and 478 points, and how close they are.

Points are numbered as each scheme is published, from 0. The table compares meanings; the embedded engine computes its
points from the 478 with weights of its own (`engines/local/keypoints`).
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


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


@dataclass(frozen=True)
class Counterpart:
    """A point in another scheme: numbers of its points with weights that sum to 1."""

    quality: Quality
    blend: tuple[tuple[int, float], ...]


SCHEMES = (
    Scheme("ibug68", 68, "iBUG 300-W, dlib"),
    Scheme("wflw98", 98, "WFLW"),
    Scheme("lapa106", 106, "LaPa, JD-landmark"),
    Scheme("mediapipe", 478, "MediaPipe Face Landmarker"),
)

Counterparts = dict[str, Counterpart | None]
"""By the name of the scheme; None if it has no such point."""


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
