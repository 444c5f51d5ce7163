"""Faces with painted covers as the mesh model sees them: what the weights of covered parts are fitted to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.album import Album
from benchmarks.covers import CLEAR, canvas_of, paint, stored
from benchmarks.painting import COVERS, HARMLESS, Image
from benchmarks.timing import Progress
from landmarks.core.faces import Face
from landmarks.core.finding import Options
from landmarks.core.measures import inter_ocular_distance
from landmarks.engines.local.arrays import map_points
from landmarks.engines.local.covered import features_at
from landmarks.engines.local.detector import Detector
from landmarks.engines.local.engine import LocalEngine
from landmarks.engines.local.keypoints import keypoints_of
from landmarks.engines.local.mesh import Mesh
from landmarks.engines.local.pyramid import pyramid_of
from landmarks.photos.decode import read_photo
from landmarks.photos.photo import PhotoLimits

KINDS = (CLEAR, *HARMLESS, *COVERS)
SMALLEST, MOST_TURNED = 20.0, 40.0
"""Pixels between the eyes, and degrees of yaw, of faces that are painted on."""
LEFT_OUT = frozenset({"derived", "occlusion", "sunglasses", "cut-off"})
"""Tags of photos whose faces are copies, or covered already."""
LARGEST_GROUP = 8
"""Faces of one photo that are used, so that a crowd doesn't decide alone."""
FEWEST_PIXELS = 30
"""Between the eyes, of pictures that are reduced."""
REACH = 0.5
"""Eye distances between the points of a face and those of its painted copy, on average."""
LIMITS = PhotoLimits(10**8, 10**8)


@dataclass(frozen=True)
class Sample:
    """One painted face."""

    photo: str
    kind: str
    hidden: NDArray[np.bool_]
    """For each of the 90 points."""
    features: NDArray[np.float32]
    """90 × 128: what the mesh model sees at each point."""


class Painter:
    """Paints covers over faces, and runs detector and mesh on the pictures."""

    def __init__(self, models_dir: Path) -> None:
        self._engine = LocalEngine(models_dir)
        self._detector, self._mesh = Detector(models_dir), Mesh(models_dir)

    def samples(self, album: Album, rounds: int, progress: Progress) -> Iterator[Sample]:
        """Each clear face of each photo, with every kind of cover so many times, if it is still found."""
        paths = [path for path in album.paths if not LEFT_OUT & set(tags_of(album, path))]
        for number, path in enumerate(progress(paths, "Painting covers")):
            photo = read_photo(path.read_bytes(), LIMITS, whole=True)
            faces = self._engine.find(photo, Options(max_faces=LARGEST_GROUP, dense=True)).faces
            pixels = np.asarray(photo.image)
            for index, face in enumerate(faces):
                if is_clear(face):
                    for turn in range(rounds):
                        for kind in KINDS:
                            random = np.random.default_rng([1, number, index, turn, *kind.encode()])
                            yield from self._sample(album.name_of(path), pixels, face, kind, random)

    def _sample(
        self, name: str, pixels: NDArray[np.uint8], face: Face, kind: str, random: np.random.Generator
    ) -> Iterator[Sample]:
        canvas = canvas_of(pixels, face, random)
        hidden = paint(canvas, kind)
        image, factor = degraded(canvas.image, canvas.unit, random)
        expected = canvas.points * factor
        photo = pyramid_of(stored(image, random))
        found = [self._mesh.run(photo, each) for each in self._detector.search(photo).found]
        for result in found:
            points = keypoints_of(result.vertices)
            if np.linalg.norm(points - expected, axis=1).mean() < REACH * canvas.unit * factor:
                inside = map_points(result.crop.to_crop(), points)
                yield Sample(name, kind, hidden, features_at(result.features, inside).astype(np.float32))
                return


def tags_of(album: Album, path: Path) -> Sequence[str]:
    truth = album.truths.get(path)
    return truth.tags if truth else ()


def is_clear(face: Face) -> bool:
    is_frontal = face.pose is not None and abs(face.pose.yaw) <= MOST_TURNED
    return is_frontal and inter_ocular_distance(face) >= SMALLEST


def degraded(image: Image, unit: float, random: np.random.Generator) -> tuple[Image, float]:
    """Sometimes grey, tinted or reduced; and by how much it was reduced."""
    if random.random() < 0.12:
        image = np.repeat(image.mean(axis=2, keepdims=True), 3, axis=2)
    elif random.random() < 0.15:
        image = np.clip(image * random.uniform(0.75, 1.25, 3), 0, 255).astype(np.float32)
    factor = FEWEST_PIXELS / unit * float(random.uniform(1, 3)) if random.random() < 0.35 else 1.0
    if factor >= 1:
        return image, 1.0
    side = max(round(image.shape[0] * factor), 1)
    reduced = cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA)
    return np.asarray(reduced, np.float32), side / image.shape[0]
