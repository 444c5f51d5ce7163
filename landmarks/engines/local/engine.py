"""The embedded engine: from an upright photo to the faces in it, without a token or network access."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2

from landmarks.core.errors import EngineError
from landmarks.core.faces import Face, order_faces
from landmarks.core.finding import Attempt, Finding, Options
from landmarks.engines.local import model_files
from landmarks.engines.local.covered import covered_parts
from landmarks.engines.local.detector import Detector
from landmarks.engines.local.expressions import Expressions, without_covered
from landmarks.engines.local.flip import DIGITS, flip_attempts, flip_face
from landmarks.engines.local.gaze import gaze_of
from landmarks.engines.local.iris import iris_diameters
from landmarks.engines.local.keypoints import flip_points, flip_vertices, keypoints_of
from landmarks.engines.local.mesh import Mesh
from landmarks.engines.local.pose import fit_head
from landmarks.engines.local.pyramid import Pyramid, pyramid_of
from landmarks.engines.local.search import Candidate, search
from landmarks.engines.local.uncertainty import expected_errors, is_doubted, weight_of_flipped
from landmarks.photos.photo import Photo
from landmarks.runtime.memory import release_freed

DENSE_DIGITS = 2
"""Decimals of a dense point's coordinates: there are so many that three would make the rows a tenth longer."""
LARGE_PASS = 1280
"""A pass of this size takes so much memory and time that giving the memory back is worth its 2 milliseconds."""

LARGE_PHOTO = 4_000_000
"""Pixels of a photo from which on models that nobody uses give back what they can: each keeps up to 45 MB for its next
photo, and only one such large photo is analysed at a time."""


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
                if photo.width * photo.height >= LARGE_PHOTO:
                    self._release_idle()
                faces, attempts = find_faces(models, pyramid_of(photo), options.rotate, options.dense)
                if any(size >= LARGE_PASS for attempt in attempts for size in attempt.sizes):
                    models.detector.release_memory()
                    release_freed()
                elapsed = (time.perf_counter() - started) * 1000
        except (cv2.error, RuntimeError, ValueError) as exc:  # what OpenCV, LiteRT and Face raise
            raise EngineError("embedded_failed", detail=f"{type(exc).__name__}: {exc}") from exc
        faces = order_faces(faces)[: 1 if options.largest_only else options.max_faces]
        return Finding(faces, attempts, self.name, self.version, round(elapsed, 1))

    def is_ready(self) -> bool:
        """Whether the model files are there, or already loaded."""
        return bool(self._free) or all(os.path.isfile(self._models_dir / each.name) for each in model_files.ALL)

    def _release_idle(self) -> None:
        # Those that another thread borrows meanwhile keep the interpreter that they use.
        for models in tuple(self._free):
            models.detector.release_memory()

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


def find_faces(
    models: Models, photo: Pyramid, rotate: bool, dense: bool = False
) -> tuple[tuple[Face, ...], tuple[Attempt, ...]]:
    """Search the photo or, if that is brighter on its left, its mirror image.

    Detector and mesh are not symmetric. This way they get the same picture whether they are given a photo or its mirror
    image, so that both get the same points.
    """
    is_flipped = photo.is_brighter_left()
    if is_flipped:
        photo.flip()
    found, attempts = search(models.detector, models.mesh, photo, rotate)
    faces = tuple(to_face(models, photo, candidate, dense) for candidate in found)
    if not is_flipped:
        return faces, attempts
    return tuple(flip_face(face, photo.width) for face in faces), flip_attempts(attempts)


def to_face(models: Models, photo: Pyramid, candidate: Candidate, dense: bool = False) -> Face:
    """The face of a candidate, with everything that the engine can say about it."""
    result, head = candidate.mesh, fit_head(candidate.mesh.vertices)
    doubted = is_doubted(result.presence, head)
    points, vertices, flipped = candidate.points, result.vertices, None
    if weight := weight_of_flipped(result.presence, head):
        mirrored = models.mesh.run_flipped(photo, result.crop)
        flipped = flip_points(keypoints_of(mirrored))
        points = points + (flipped - points) * weight
        vertices = vertices + (flip_vertices(mirrored) - vertices) * weight
    errors = expected_errors(candidate.points, head, result.presence, flipped if doubted else None)
    covered = covered_parts(result, candidate.points, head)
    scores = models.expressions.scores(result.vertices, head)
    return Face(
        tuple((x, y) for x, y in points.round(DIGITS).tolist()),
        round(candidate.confidence, 3),
        uncertainty=tuple(covered.raised(errors).round(3).tolist()),
        pose=head.pose,
        gaze=None if doubted or covered.may_hide_eyes else gaze_of(result.vertices, head),
        irises=covered.without_hidden(iris_diameters(vertices, head)),
        covered=covered.regions,
        expressions=scores and without_covered(scores, covered.regions),
        dense=tuple((x, y, z) for x, y, z in vertices.round(DENSE_DIGITS).tolist()) if dense else None,
    )
