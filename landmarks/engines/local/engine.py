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

from landmarks.core.errors import EngineError
from landmarks.core.faces import Face, order_faces
from landmarks.core.finding import Attempt, Finding, Options
from landmarks.engines.local import model_files
from landmarks.engines.local.confidence import confidence
from landmarks.engines.local.detector import Detector, Spot, overlap
from landmarks.engines.local.detector_input import TURNS
from landmarks.engines.local.expressions import Expressions
from landmarks.engines.local.flip import mirror_attempts, mirror_face
from landmarks.engines.local.gaze import gaze_of
from landmarks.engines.local.keypoints import Points, lay_out, mirror_back
from landmarks.engines.local.mesh import Mesh, Sight
from landmarks.engines.local.pose import fit_head
from landmarks.engines.local.pyramid import Pyramid, pyramid_of
from landmarks.engines.local.uncertainty import expected_errors, is_doubted, share_of_second
from landmarks.photos.photo import Photo
from landmarks.runtime.memory import give_back

SURE = 0.6
"""Confidence from which on a spot is a face (docs/decisions/0004-confidence-and-rotation.md has the alternatives)."""
TURNED_SURE, TURNED_PRESENCE, TURNED_SCORE = 0.95, 5.0, 0.8
"""What a spot on a turned photo must reach (confidence, log odds, detector): patterns look like faces more often there,
and so do chin and mouth of a face that stands on its head (log odds below 4 as a rule, above 15 the right way up)."""
CONVINCING = 10.0
"""Log odds of the best face from which on the photo is taken to be the right way up."""
CLOSE = 1280
"""A look of this size takes so much memory, and time, that giving the memory back is worth its 2 milliseconds."""
SAME_SPOT = 0.3
"""Spots that overlap by this much (intersection over union) are one face, seen in two ways."""


class Models:
    """One detector, one mesh, one model of expressions; they keep state, so one thread at a time."""

    def __init__(self, models_dir: Path) -> None:
        self.detector = Detector(models_dir)
        self.mesh = Mesh(models_dir)
        self.expressions = Expressions(models_dir)


class LocalEngine:
    """Detector, mesh and layout; as many threads may look at once as there are processors, others wait."""

    name = "local"
    label = "Embedded engine"
    version = "1.0"
    is_hosted = False

    def __init__(self, models_dir: Path) -> None:
        self._models_dir = models_dir
        self._free: list[Models] = []
        self._places = threading.BoundedSemaphore(cv2.getNumberOfCPUs())

    def find(self, photo: Photo, options: Options) -> Finding:
        try:
            with self._borrowed_models() as models:
                started = time.perf_counter()
                faces, attempts = search_either_way(models, pyramid_of(photo), options.rotate)
                if any(size >= CLOSE for attempt in attempts for size in attempt.sizes):
                    give_back()
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
        return bool(self._free) or all(os.path.isfile(self._models_dir / each.name) for each in model_files.ALL)

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
    """A spot that holds a face on a photo turned by so much, what the mesh saw there, and the 90 points."""

    turned: int
    spot: Spot
    sight: Sight
    points: Points
    presence: float
    """Log odds of a face; of one that the edge cuts in half, as the mesh sees it with its mirror image."""
    confidence: float

    @property
    def is_face(self) -> bool:
        if self.turned:
            return self.confidence >= TURNED_SURE and self.presence >= TURNED_PRESENCE
        return self.confidence >= SURE

    @property
    def is_convincing(self) -> bool:
        return self.is_face and self.presence >= CONVINCING

    def is_same_face(self, other: "Candidate") -> bool:
        return (
            overlap(self.spot, other.spot) > SAME_SPOT
            or overlap(outline(self.points), outline(other.points)) > SAME_SPOT
        )


Search = tuple[tuple[Face, ...], tuple[Attempt, ...]]


def search_either_way(models: Models, photo: Pyramid, rotate: bool) -> Search:
    """What `search` tells of the photo or, where that is brighter on its left, of its mirror image.

    Detector and mesh are not symmetric. In this way they see the same, whether they are given a photo or its mirror
    image, and so both get the same points.
    """
    is_mirrored = photo.is_brighter_left()
    if is_mirrored:
        photo.mirror()
    faces, attempts = search(models, photo, rotate)
    if not is_mirrored:
        return faces, attempts
    return tuple(mirror_face(face, photo.width) for face in faces), mirror_attempts(attempts)


def search(models: Models, photo: Pyramid, rotate: bool) -> Search:
    """Every face, upright first, then after quarter turns if asked for or if none upright was convincing."""
    found: list[Candidate] = []
    tried: dict[int, tuple[int, ...]] = {}
    for turned in (0, *TURNS):
        if turned and not rotate and any(candidate.is_convincing for candidate in found):
            break
        seen = models.detector.search(photo, turned, is_asked=rotate or not turned)
        tried[turned] = seen.sizes
        found += [look_closer(models.mesh, photo, spot, turned) for spot in seen.spots if is_worth_it(spot, turned)]
    kept = without_doubles([candidate for candidate in found if candidate.is_face])
    attempts = (to_attempt(turned, sizes, found, kept) for turned, sizes in tried.items())
    return tuple(to_face(models, photo, candidate) for candidate in kept), tuple(attempts)


def to_attempt(turned: int, sizes: tuple[int, ...], found: list[Candidate], kept: list[Candidate]) -> Attempt:
    count = sum(candidate.turned == turned for candidate in kept)
    best = max((each for each in found if each.turned == turned), key=lambda each: each.confidence, default=None)
    if best is None:
        return Attempt(turned, None, None, count, sizes)
    return Attempt(turned, round(best.spot.side, 1), round(best.confidence, 3), count, sizes)


def is_worth_it(spot: Spot, turned: int) -> bool:
    return not turned or spot.score >= TURNED_SCORE


def look_closer(mesh: Mesh, photo: Pyramid, spot: Spot, turned: int) -> Candidate:
    sight = mesh.look(photo, spot)
    presence = max(sight.presence, mesh.presence_at_edge(photo, spot)) if spot.is_cut else sight.presence
    return Candidate(turned, spot, sight, lay_out(sight.vertices), presence, confidence(spot, presence))


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


def to_face(models: Models, photo: Pyramid, candidate: Candidate) -> Face:
    sight, head = candidate.sight, fit_head(candidate.sight.vertices)
    doubted = is_doubted(sight.presence, head)
    points, second = candidate.points, None
    if share := share_of_second(sight.presence, head):
        second = mirror_back(lay_out(models.mesh.look_mirrored(photo, sight.crop)))
        points = points + (second - points) * share
    errors = expected_errors(candidate.points, head, sight.presence, second if doubted else None)
    return Face(
        # A thousandth of a pixel is far below what the model resolves, and keeps stored points short.
        tuple((x, y) for x, y in points.round(3).tolist()),
        round(candidate.confidence, 3),
        uncertainty=tuple(errors.round(3).tolist()),
        pose=head.pose,
        gaze=None if doubted else gaze_of(sight.vertices, head),
        expressions=models.expressions.scores(sight.vertices, head),
    )
