"""The embedded engine: from an upright photo to the faces in it, without a token or network access."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import cv2

from landmarks.core.errors import EngineError
from landmarks.core.faces import Face, order_faces
from landmarks.core.finding import Attempt, Finding, Options
from landmarks.core.pixels import Box
from landmarks.engines.local import model_files
from landmarks.engines.local.arrays import Points
from landmarks.engines.local.confidence import confidence
from landmarks.engines.local.detector import Detection, Detector
from landmarks.engines.local.detector_input import TURNS
from landmarks.engines.local.expressions import Expressions
from landmarks.engines.local.flip import DIGITS, flip_attempts, flip_face
from landmarks.engines.local.gaze import gaze_of
from landmarks.engines.local.keypoints import flip_points, keypoints_of
from landmarks.engines.local.mesh import Mesh, MeshResult
from landmarks.engines.local.pose import fit_head
from landmarks.engines.local.pyramid import Pyramid, pyramid_of
from landmarks.engines.local.uncertainty import expected_errors, is_doubted, weight_of_flipped
from landmarks.photos.photo import Photo
from landmarks.runtime.memory import release_freed

MIN_CONFIDENCE = 0.6
"""From which a candidate is a face (docs/decisions/0004-confidence-and-rotation.md compares alternatives)."""
TURNED_CONFIDENCE, TURNED_PRESENCE, TURNED_SCORE = 0.95, 5.0, 0.8
"""What a candidate on a turned photo needs (confidence, log odds, detector's score). Patterns look like faces more
often there, and so do chin and mouth of a face that is upside down (log odds mostly below 4, above 15 the right way
up)."""
CONVINCING_PRESENCE = 10.0
"""Log odds of the best face from which the photo counts as the right way up."""
LARGE_PASS = 1280
"""A pass of this size takes so much memory and time that giving the memory back is worth its 2 milliseconds."""
SAME_FACE_IOU = 0.3
"""Candidates that overlap by more than this (intersection over union) are one face, found in two ways."""


class Models:
    """A detector, a mesh and a model of expressions; one thread at a time, since they keep state."""

    def __init__(self, models_dir: Path) -> None:
        self.detector = Detector(models_dir)
        self.mesh = Mesh(models_dir)
        self.expressions = Expressions(models_dir)


class LocalEngine:
    """The engine of this process. Each thread gets models of its own, which are reused, so there are as many as threads
    ever ran at once: callers with many threads limit that (`runtime.concurrency`).
    """

    name = "local"
    version = "1.0"

    def __init__(self, models_dir: str | Path) -> None:
        self._models_dir = Path(models_dir)
        self._free: list[Models] = []

    def find(self, photo: Photo, options: Options) -> Finding:
        """The faces, largest first; raise EngineError if a model fails or is missing."""
        try:
            with self._borrowed_models() as models:
                started = time.perf_counter()
                faces, attempts = find_faces(models, pyramid_of(photo), options.rotate)
                if any(size >= LARGE_PASS for attempt in attempts for size in attempt.sizes):
                    release_freed()
                elapsed = (time.perf_counter() - started) * 1000
        except (cv2.error, RuntimeError, ValueError) as exc:  # what OpenCV, LiteRT and Face raise
            raise EngineError("embedded_failed", detail=f"{type(exc).__name__}: {exc}") from exc
        faces = order_faces(faces)[: 1 if options.largest_only else options.max_faces]
        return Finding(faces, attempts, self.name, self.version, round(elapsed, 1))

    def is_ready(self) -> bool:
        """Whether the model files are there, or already loaded."""
        return bool(self._free) or all(os.path.isfile(self._models_dir / each.name) for each in model_files.ALL)

    @contextmanager
    def _borrowed_models(self) -> Iterator[Models]:
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
    """A detection on a photo turned clockwise by so many degrees, with what the mesh made of it."""

    turned: int
    detection: Detection
    mesh: MeshResult
    points: Points
    """90 × 2, in photo pixels."""
    presence: float
    """Log odds of a face; of one cut by the edge, together with its mirror image if that is higher."""
    confidence: float

    @property
    def is_face(self) -> bool:
        if self.turned:
            return self.confidence >= TURNED_CONFIDENCE and self.presence >= TURNED_PRESENCE
        return self.confidence >= MIN_CONFIDENCE

    @property
    def is_convincing(self) -> bool:
        return self.is_face and self.presence >= CONVINCING_PRESENCE

    @cached_property
    def box(self) -> Box:
        """Around the 90 points."""
        return Box.around((x, y) for x, y in self.points.tolist())

    def is_same_face(self, other: "Candidate") -> bool:
        return self.detection.box.iou(other.detection.box) > SAME_FACE_IOU or self.box.iou(other.box) > SAME_FACE_IOU


Faces = tuple[tuple[Face, ...], tuple[Attempt, ...]]


def find_faces(models: Models, photo: Pyramid, rotate: bool) -> Faces:
    """Search the photo or, if that is brighter on its left, its mirror image.

    Detector and mesh are not symmetric. This way they get the same picture whether they are given a photo or its mirror
    image, so that both get the same points.
    """
    is_flipped = photo.is_brighter_left()
    if is_flipped:
        photo.flip()
    faces, attempts = search(models, photo, rotate)
    if not is_flipped:
        return faces, attempts
    return tuple(flip_face(face, photo.width) for face in faces), flip_attempts(attempts)


def search(models: Models, photo: Pyramid, rotate: bool) -> Faces:
    """Every face: upright, then after quarter turns if requested or if no upright face is convincing."""
    candidates: list[Candidate] = []
    passes: dict[int, tuple[int, ...]] = {}
    for turned in (0, *TURNS):
        if turned and not rotate and any(candidate.is_convincing for candidate in candidates):
            break
        detections = models.detector.search(photo, turned, is_requested=rotate or not turned)
        passes[turned] = detections.sizes
        candidates += [
            examine(models.mesh, photo, detection, turned)
            for detection in detections.found
            if not turned or detection.score >= TURNED_SCORE
        ]
    kept = without_duplicates([candidate for candidate in candidates if candidate.is_face])
    attempts = (to_attempt(turned, sizes, candidates, kept) for turned, sizes in passes.items())
    return tuple(to_face(models, photo, candidate) for candidate in kept), tuple(attempts)


def examine(mesh: Mesh, photo: Pyramid, detection: Detection, turned: int) -> Candidate:
    """Run the mesh on a detection."""
    result = mesh.run(photo, detection)
    presence = result.presence
    if detection.is_cut:
        presence = max(presence, mesh.presence_at_edge(photo, detection))
    points = keypoints_of(result.vertices)
    return Candidate(turned, detection, result, points, presence, confidence(detection, presence))


def without_duplicates(candidates: list[Candidate]) -> list[Candidate]:
    """Each face once, the way up in which it has the highest presence."""
    kept: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda candidate: candidate.presence, reverse=True):
        if not any(candidate.is_same_face(other) for other in kept):
            kept.append(candidate)
    return kept


def to_attempt(turned: int, sizes: tuple[int, ...], candidates: list[Candidate], kept: list[Candidate]) -> Attempt:
    count = sum(candidate.turned == turned for candidate in kept)
    best = max((each for each in candidates if each.turned == turned), key=lambda each: each.confidence, default=None)
    if best is None:
        return Attempt(turned, None, None, count, sizes)
    return Attempt(turned, round(best.detection.side, 1), round(best.confidence, 3), count, sizes)


def to_face(models: Models, photo: Pyramid, candidate: Candidate) -> Face:
    """The face of a candidate, with everything that the engine can say about it."""
    result, head = candidate.mesh, fit_head(candidate.mesh.vertices)
    doubted = is_doubted(result.presence, head)
    points, flipped = candidate.points, None
    if weight := weight_of_flipped(result.presence, head):
        flipped = flip_points(keypoints_of(models.mesh.run_flipped(photo, result.crop)))
        points = points + (flipped - points) * weight
    errors = expected_errors(candidate.points, head, result.presence, flipped if doubted else None)
    return Face(
        tuple((x, y) for x, y in points.round(DIGITS).tolist()),
        round(candidate.confidence, 3),
        uncertainty=tuple(errors.round(3).tolist()),
        pose=head.pose,
        gaze=None if doubted else gaze_of(result.vertices, head),
        expressions=models.expressions.scores(result.vertices, head),
    )
