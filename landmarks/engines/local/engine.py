"""The embedded engine: from an upright photo to the faces in it, without token or network."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from landmarks.engines import Attempt, Finding, Options
from landmarks.engines.local import weights
from landmarks.engines.local.detector import TURNS, Detector, Spot, overlap
from landmarks.engines.local.layout import Points, lay_out
from landmarks.engines.local.mesh import Mesh
from landmarks.engines.local.pyramid import Pyramid
from landmarks.errors import EngineError
from landmarks.faces import Face, order_faces
from landmarks.intake.photo import Photo

PRESENCE = 0.85
"""Log odds of a face, by the mesh, from which on a spot is one: a probability of 0.7."""
CERTAIN = 0.82
"""A spot that scores this much is a face whatever the mesh says: on true profiles presence is near 0."""
TURNED_PRESENCE = 5.0
TURNED_SCORE = 0.8
"""What a spot on a turned photo must reach, both: patterns look like faces more often there, and so do the chin and
mouth of a face that stands on its head (presence is then below 4 as a rule, and above 15 the right way up)."""
CONVINCING = 10.0
"""Log odds of the best face from which on the photo is taken to be the right way up."""
SAME_SPOT = 0.3
"""Spots that overlap by this much (intersection over union) are one face, seen in two ways."""


class Models:
    """One detector and one mesh; both keep state, so one thread at a time."""

    def __init__(self, models_dir: Path) -> None:
        self.detector = Detector(models_dir)
        self.mesh = Mesh(models_dir)


class LocalEngine:
    """Detector, mesh and layout; as many threads may look at once as there are processors, others wait."""

    name = "local"
    label = "Embedded engine"
    version = "1.0"

    def __init__(self, models_dir: Path) -> None:
        self._models_dir = models_dir
        self._free: list[Models] = []
        self._places = threading.BoundedSemaphore(os.cpu_count() or 1)

    def find(self, photo: Photo, options: Options) -> Finding:
        try:
            with self._borrowed_models() as models:
                started = time.perf_counter()
                faces, attempts = search(models, Pyramid(np.asarray(photo.image)), options.rotate)
                elapsed = (time.perf_counter() - started) * 1000
        except (cv2.error, RuntimeError, ValueError) as exc:  # what OpenCV, LiteRT and Face raise
            raise EngineError(
                "The embedded engine failed on this photo. Try another copy of it, or tell whoever runs this site.",
                detail=f"{type(exc).__name__}: {exc}",
            ) from exc
        faces = order_faces(faces)[: 1 if options.largest_only else options.max_faces]
        return Finding(faces, attempts, self.name, self.version, round(elapsed, 1))

    def is_ready(self) -> bool:
        """Whether a photo could be looked at right now: the model files are there, or already loaded."""
        return bool(self._free) or all(os.path.isfile(self._models_dir / each.name) for each in weights.ALL)

    @contextmanager
    def _borrowed_models(self) -> Iterator[Models]:
        with self._places:
            try:
                models = self._free.pop()
            except IndexError:
                models = Models(self._models_dir)
            try:
                yield models
            finally:
                self._free.append(models)


@dataclass(frozen=True)
class Candidate:
    """A spot that holds a face on a photo turned by so much, its 90 points and the log odds of its presence."""

    turned: int
    spot: Spot
    points: Points
    presence: float

    def is_same_face(self, other: "Candidate") -> bool:
        return (
            overlap(self.spot, other.spot) > SAME_SPOT
            or overlap(outline(self.points), outline(other.points)) > SAME_SPOT
        )


def search(models: Models, photo: Pyramid, rotate: bool) -> tuple[tuple[Face, ...], tuple[Attempt, ...]]:
    """Every face, upright first, then after quarter turns if asked for or if none upright was convincing."""
    found: list[Candidate] = []
    best: dict[int, Spot | None] = {}
    for turned in (0, *TURNS):
        if turned and not rotate and any(candidate.presence >= CONVINCING for candidate in found):
            break
        spots = models.detector.spots(photo, turned)
        best[turned] = spots[0] if spots else None
        looks = (look_closer(models.mesh, photo, spot, turned) for spot in spots)
        found += [candidate for candidate in looks if candidate]
    kept = without_doubles(found)
    attempts = (to_attempt(turned, spot, kept) for turned, spot in best.items())
    return tuple(to_face(candidate) for candidate in kept), tuple(attempts)


def to_attempt(turned: int, best: Spot | None, kept: list[Candidate]) -> Attempt:
    count = sum(candidate.turned == turned for candidate in kept)
    if best is None:
        return Attempt(turned, None, None, count)
    return Attempt(turned, round(float(best.side), 1), round(best.score, 3), count)


def look_closer(mesh: Mesh, photo: Pyramid, spot: Spot, turned: int) -> Candidate | None:
    """The face at a spot, or None where the closer look shows none."""
    if turned and spot.score < TURNED_SCORE:
        return None
    sight = mesh.look(photo, spot)
    is_face = sight.presence >= TURNED_PRESENCE if turned else sight.presence >= PRESENCE or spot.score >= CERTAIN
    return Candidate(turned, spot, lay_out(sight.vertices), sight.presence) if is_face else None


def outline(points: Points) -> Spot:
    """The rectangle around the points, to compare faces by."""
    low, high = points.min(axis=0), points.max(axis=0)
    width, height = (high - low).tolist()
    return Spot((low + high) / 2, width, height, np.empty((0, 2)), 0.0)


def without_doubles(found: list[Candidate]) -> list[Candidate]:
    """Each face once, the way up that the mesh believes most."""
    kept: list[Candidate] = []
    for candidate in sorted(found, key=lambda candidate: candidate.presence, reverse=True):
        if not any(candidate.is_same_face(other) for other in kept):
            kept.append(candidate)
    return kept


def to_face(candidate: Candidate) -> Face:
    # A thousandth of a pixel is far below what the model resolves, and keeps stored points short.
    points = tuple((round(x, 3), round(y, 3)) for x, y in candidate.points.tolist())
    return Face(points, round(candidate.spot.score, 3))
