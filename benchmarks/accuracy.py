"""How many faces of annotated photos are found, and how far their points are from those that people marked."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.errors import UsageError
from landmarks.core.schema import POINT_COUNT, SPANS
from landmarks.core.schemes import COUNTERPARTS, Quality

Points = NDArray[np.float64]
"""Rows of x and y; NaN where a point is not known."""

OUTER = {"ibug68": (36, 45), "wflw98": (60, 72), "lapa106": (66, 79)}
"""Numbers of the outer eye corners in each scheme, whose distance errors are divided by."""
CONTOUR = {"ibug68": slice(1, 16), "wflw98": slice(2, 31), "lapa106": slice(2, 31)}
FIRST_PIXEL = {"ibug68": 1}
"""Coordinate of the centre of the first pixel, where it is not 0."""
SMALLEST = 24
"""Pixels between the outer eye corners; annotations of smaller faces are too coarse."""
REACH = 0.35
"""A face belongs to an annotation when their centres are no farther apart than this, in sizes of the annotation."""
FAILURE = 8.0
"""Percent; a face whose points are farther off counts as failed."""
GROSS = 15.0
"""Percent; faces farther off show nothing of an annotator's habits."""


def flat(region: str, index: int) -> int:
    return SPANS[region].start + index


def _anchors(scheme: str) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    same = [
        (flat(*point), counterpart.blend[0][0])
        for point, counterparts in COUNTERPARTS.items()
        if (counterpart := counterparts[scheme]) and counterpart.quality is Quality.EXACT
    ]
    here, there = np.array(same).T
    return here, there


ANCHORS = {scheme: _anchors(scheme) for scheme in OUTER}
"""For each scheme: those of the 90 points that have an exact counterpart, and the numbers of the counterparts."""


@dataclass(frozen=True)
class Annotation:
    """What a person marked on one face."""

    scheme: str
    points: Points

    @property
    def eye_distance(self) -> float:
        left, right = OUTER[self.scheme]
        return float(np.linalg.norm(self.points[left] - self.points[right]))


@dataclass(frozen=True)
class Truth:
    """What is known about one photo."""

    file: str
    tags: tuple[str, ...]
    face_count: int
    """Clear faces."""
    most_faces: int
    """Including tiny, cut-off and blurred ones, which are not false detections."""
    annotations: tuple[Annotation, ...]

    @property
    def groups(self) -> tuple[str, ...]:
        return ("all", *self.tags, *(() if self.face_count else ("no face",)))


@dataclass(frozen=True)
class Score:
    """Of one group of photos; errors in percent of the distance between the outer eye corners."""

    photos: int
    faces: int
    recall: float | None
    false_faces: int
    annotated: int
    missed: int
    anchors: float | None
    anchors_without_offset: float | None
    profile: float | None
    fr8: float | None


@dataclass
class Group:
    """Adds up the photos with one tag."""

    photos: int = 0
    faces: int = 0
    hits: int = 0
    false_faces: int = 0
    missed: int = 0
    offsets: list[Points] = field(default_factory=list)
    """Of the anchors of each annotated face that was found."""
    profiles: list[float] = field(default_factory=list)

    def add(self, truth: Truth, faces: Sequence[Points]) -> None:
        self.photos += 1
        self.faces += truth.face_count
        self.hits += min(len(faces), truth.face_count)
        self.false_faces += max(0, len(faces) - truth.most_faces)
        for annotation, face in matched(truth.annotations, faces):
            if face is None:
                self.missed += 1
            else:
                self._add_errors(annotation, face)

    def _add_errors(self, annotation: Annotation, face: Points) -> None:
        here, there = ANCHORS[annotation.scheme]
        offsets = _known(face[here] - annotation.points[there]) / annotation.eye_distance * 100
        if len(offsets):
            self.offsets.append(offsets)
        contour, line = _known(annotation.points[CONTOUR[annotation.scheme]]), _known(face[SPANS["face_profile"]])
        if len(contour) and len(line) > 1:
            self.profiles.append(float(distances_to_line(contour, line).mean()) / annotation.eye_distance * 100)

    def score(self) -> Score:
        errors = [float(_lengths(offsets).mean()) for offsets in self.offsets]
        annotated = len(errors) + self.missed
        failed = self.missed + sum(error > FAILURE for error in errors)
        return Score(
            photos=self.photos,
            faces=self.faces,
            recall=round(100 * self.hits / self.faces, 2) if self.faces else None,
            false_faces=self.false_faces,
            annotated=annotated,
            missed=self.missed,
            anchors=_mean(errors),
            anchors_without_offset=_mean(_centred_errors(self.offsets, errors)),
            profile=_mean(self.profiles),
            fr8=round(100 * failed / annotated, 2) if annotated else None,
        )


def read_manifest(path: Path) -> tuple[Truth, ...]:
    """Raises UsageError for a file that is not a manifest."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return tuple(_to_truth(row) for row in rows)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as exc:
        raise UsageError(
            f"{path} isn't a manifest of photos ({type(exc).__name__}: {exc}). docs/benchmark.md shows its form."
        ) from exc


def _to_truth(row: Mapping[str, Any]) -> Truth:
    count = int(row["n_faces"])
    marks = [face["landmarks"] for face in row.get("faces") or [] if face.get("landmarks")]
    by_people = [
        each for each in marks if each["scheme"] in OUTER and str(each.get("annotator", "human")).startswith("human")
    ]
    annotations = [Annotation(each["scheme"], _to_points(each["scheme"], each["points"])) for each in by_people]
    large = tuple(each for each in annotations if each.eye_distance >= SMALLEST)
    return Truth(row["file"], tuple(row.get("tags") or ()), count, int(row.get("n_faces_max", count)), large)


def _to_points(scheme: str, rows: Iterable[Sequence[float | None] | None]) -> Points:
    points = [[np.nan, np.nan] if row is None or row[0] is None else row for row in rows]
    return np.array(points, np.float64) - FIRST_PIXEL.get(scheme, 0)


def score(answers: Iterable[tuple[Truth, Sequence[Points]]]) -> dict[str, Score]:
    """By tag, "all" first; `answers` are photos, each with the 90 × 2 points of the faces found in it."""
    groups: dict[str, Group] = defaultdict(Group)
    for truth, faces in answers:
        for tag in truth.groups:
            groups[tag].add(truth, faces)
    larger_first = sorted(groups, key=lambda tag: (tag != "all", -groups[tag].photos, tag))
    return {tag: groups[tag].score() for tag in larger_first}


def matched(annotations: Iterable[Annotation], faces: Sequence[Points]) -> Iterator[tuple[Annotation, Points | None]]:
    """Each annotation with the nearest face that no earlier one has taken, or None where that is too far off."""
    free = list(faces)
    for annotation in annotations:
        truth = annotation.points
        size = float(np.linalg.norm(np.nanmax(truth, axis=0) - np.nanmin(truth, axis=0)))
        apart = [float(np.linalg.norm(np.nanmean(face, axis=0) - np.nanmean(truth, axis=0))) for face in free]
        if not apart or min(apart) > REACH * size:
            yield annotation, None
        else:
            yield annotation, free.pop(int(np.argmin(apart)))


def _centred_errors(offsets: Sequence[Points], errors: Sequence[float]) -> list[float]:
    """The errors without the constant offset between annotators and engine."""
    usual = [each.mean(axis=0) for each, error in zip(offsets, errors, strict=True) if error < GROSS]
    habit = np.mean(usual, axis=0) if usual else np.zeros(2)
    return [float(_lengths(each - habit).mean()) for each in offsets]


def distances_to_line(points: Points, line: Points) -> NDArray[np.float64]:
    """From each point to the nearest part of the line through the others."""
    start, step = line[:-1][np.newaxis], np.diff(line, axis=0)[np.newaxis]
    apart = points[:, np.newaxis] - start
    along = np.clip((apart * step).sum(axis=2) / np.maximum((step**2).sum(axis=2), 1e-9), 0, 1)
    nearest: NDArray[np.float64] = np.linalg.norm(apart - along[..., np.newaxis] * step, axis=2).min(axis=1)
    return nearest


def unknown_face() -> Points:
    """90 points, none of them known."""
    return np.full((POINT_COUNT, 2), np.nan)


def _known(points: Points) -> Points:
    known: Points = points[~np.isnan(points).any(axis=1)]
    return known


def _lengths(offsets: Points) -> NDArray[np.float64]:
    return np.asarray(np.linalg.norm(offsets, axis=1), np.float64)


def _mean(values: Sequence[float]) -> float | None:
    return round(float(np.mean(values)), 2) if len(values) else None
