"""How points of other schemes are computed from the 90, fitted to annotated photos.

    python -m benchmarks.projections FOLDER data/models > landmarks/core/projections.json

FOLDER has a manifest (docs/benchmark.md). The blend of each point begins as its definition and is fitted to what people
marked, where the definition counts as much as `PRIOR` annotated photos do together. Of all sets of three points that
are near the definition, the one with the least squared error is taken. Photos and their mirror images are used, so
that the table is symmetrical; copies made of other photos are not. The errors are those of photos left out of the fit.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy import Annotation, Points, matched
from benchmarks.album import Album, open_album
from benchmarks.scheme_definitions import DEFINITIONS, FIVE_OF, Blend
from landmarks.core.dense import DENSE_FLIPPED
from landmarks.core.faces import Face
from landmarks.core.finding import Options
from landmarks.core.schema import FLIPPED, POINT_NAMES, REGIONS
from landmarks.core.schemes import PARTS, Accuracy
from landmarks.drawing.reference_face import MEAN_FACE
from landmarks.engines.local.engine import LocalEngine
from landmarks.photos.decode import read_photo
from landmarks.photos.photo import PhotoLimits

PRIOR = 0.3
"""The definition's share beside the annotations, which have 1."""
STIFFNESS = 0.01
"""Squared distance of outer eye corners that a change of weights by 1 has to save, so that few photos cannot shift
weights among points that move together."""
NEAR = 0.3
"""How far from the definition the points of a blend may be, in distances of outer eye corners."""
LEAST_WEIGHT = -1.0
DIGITS = 2
DERIVED = "derived"
"""The tag of photos that are copies of others."""
LIMITS = PhotoLimits(10**8, 10**8)

Weights = NDArray[np.float64]
"""A row for each point of a scheme, a column for each of the 90."""

MEAN = np.array([point for region in REGIONS for point in MEAN_FACE[region.name]])
MIRROR = np.array(FLIPPED)
MESH_MIRROR = np.array(DENSE_FLIPPED)


@dataclass(frozen=True)
class Sample:
    """A face, in distances of its outer eye corners as people marked them."""

    photo: str
    found: Points
    """The 90 points."""
    marked: Points
    """The points of the scheme."""
    mesh: Points
    """The dense points, of which `benchmarks.mesh_projections` compares what they would give."""

    def mirrored(self, swapped: Sequence[int]) -> "Sample":
        found, marked, mesh = (points * [-1, 1] for points in (self.found, self.marked, self.mesh))
        return Sample(self.photo, found[MIRROR], marked[list(swapped)], mesh[MESH_MIRROR])


def main(arguments: Sequence[str]) -> None:
    """The arguments are the folder of photos and that of the model files."""
    album, engine = open_album(Path(arguments[0])), LocalEngine(Path(arguments[1]))
    faces = list(annotated_faces(album, engine))
    tables = []
    for scheme in DEFINITIONS:
        samples = samples_of(scheme, faces)
        rows = ",\n".join(f"    {json.dumps(blend)}" for blend in blends_of(fit(scheme, samples)))
        accuracy = json.dumps(asdict(accuracy_of(scheme, samples)))
        tables.append(f'  "{scheme}": {{\n   "accuracy": {accuracy},\n   "points": [\n{rows}\n   ]\n  }}')
    sys.stdout.write("{\n" + ",\n".join(tables) + "\n}\n")


# --- photos ----------------------------------------------------------------------------------------------------------


def annotated_faces(album: Album, engine: LocalEngine) -> Iterator[tuple[str, Annotation, Face]]:
    """Each annotation with the face that the engine finds there."""
    for path, truth in album.truths.items():
        if truth.annotations and DERIVED not in truth.tags:
            faces = engine.find(read_photo(path.read_bytes(), LIMITS), Options(max_faces=100, dense=True)).faces
            points = [np.array(face.points) for face in faces]
            for annotation, found in matched(truth.annotations, points):
                yield from (
                    (truth.file, annotation, face) for face, own in zip(faces, points, strict=True) if own is found
                )


def samples_of(scheme: str, faces: Iterable[tuple[str, Annotation, Face]]) -> list[Sample]:
    """Those that people marked in this scheme; for five points, those of every scheme."""
    samples = []
    for photo, annotation, face in faces:
        marked = annotation.points
        if scheme == "five":
            marked = np.array([marked[list(numbers)].mean(axis=0) for numbers in FIVE_OF[annotation.scheme]])
        if scheme in ("five", annotation.scheme):
            unit, mesh = annotation.eye_distance, np.array(face.dense)[:, :2]
            samples.append(Sample(photo, np.array(face.points) / unit, marked / unit, mesh / unit))
    return samples


# --- weights ---------------------------------------------------------------------------------------------------------


def weights_of(blends: Iterable[Blend]) -> Weights:
    rows = [[blend.get(name, 0.0) for name in POINT_NAMES] for blend in blends]
    return np.array(rows)


def blends_of(weights: Weights) -> Iterator[Blend]:
    """Rounded; the largest weight takes up what is missing to 1."""
    for row in weights.round(DIGITS):
        largest = row.argmax()
        row[largest] = round(1 - (row.sum() - row[largest]), DIGITS)
        yield {POINT_NAMES[index]: float(row[index]) for index in np.flatnonzero(row)}


def swapped_points(scheme: str) -> list[int]:
    """For each point of a scheme the number of the one that has its meaning in the mirror image.

    Points of one definition, as the two centres of an eye, keep their order.
    """
    definitions = weights_of(DEFINITIONS[scheme])
    seen: list[int] = []
    for row in definitions[:, MIRROR]:
        same = np.flatnonzero(np.abs(definitions - row).sum(axis=1) < 1e-9).tolist()
        seen.append(next(number for number in same if number not in seen))
    return seen


def fit(scheme: str, samples: Sequence[Sample]) -> Weights:
    """The weights with the least error over these photos, each of which counts once, and their mirror images."""
    definitions, swapped = weights_of(DEFINITIONS[scheme]), swapped_points(scheme)
    both, shares = with_mirror_images(samples, swapped)
    found, marked = np.array([each.found for each in both]), np.array([each.marked for each in both])
    weights = np.zeros_like(definitions)
    for number, other in enumerate(swapped):
        if number <= other:
            sets = candidates(definitions[number], is_middle=number == other)
            weights[number] = fit_point(found, marked[:, number], shares, definitions[number], sets)
            weights[other] = weights[number][MIRROR]
    return weights


def with_mirror_images(samples: Sequence[Sample], swapped: Sequence[int]) -> tuple[list[Sample], Weights]:
    """With the share of each: photos count alike, however many faces they have."""
    photos = [sample.photo for sample in samples]
    shares = np.array([1 / photos.count(photo) for photo in photos] * 2) / (2 * len(set(photos)))
    return [*samples, *(sample.mirrored(swapped) for sample in samples)], shares


def candidates(definition: Weights, *, is_middle: bool) -> NDArray[np.int_]:
    """Sets of three points near the definition; for a point in the middle of the face, those that are symmetrical."""
    apart = np.linalg.norm(MEAN - MEAN.T @ definition, axis=1)
    near = np.flatnonzero((apart < NEAR) | (definition > 0)).tolist()
    sets = [each for each in combinations(near, 3) if not is_middle or {FLIPPED[i] for i in each} == set(each)]
    return np.array(sets)


def fit_point(found: Points, marked: Points, shares: Weights, definition: Weights, sets: NDArray[np.int_]) -> Weights:
    """The weights of one point: of these sets the one with the least cost, which is the squared error, that from the
    definition, and the change of the weights.

    With weights that sum to 1 an error is the sum of the weighted offsets of the points, so that the cost is quadratic.
    """
    defined, begun = np.einsum("j,njd->nd", definition, found), definition[sets]
    left = (definition**2).sum() - (begun**2).sum(axis=1)
    return least_cost(found, (marked, defined), shares, sets, begun, left)


def least_cost(
    found: Points,
    targets: tuple[Points, Points],
    shares: Weights,
    sets: NDArray[np.int_],
    begun: Weights,
    left: Weights | float,
) -> Weights:
    """Of these sets the weights with the least cost: `targets` are what people marked, and what the definition gives,
    `begun` the weights by definition of each set, and `left` the squares of those that it has not.
    """
    roots = np.sqrt(shares)[:, np.newaxis, np.newaxis]
    offsets = [roots * (found - target[:, np.newaxis]) for target in targets]
    rows = np.concatenate([offsets[0], np.sqrt(PRIOR) * offsets[1]]).transpose(0, 2, 1).reshape(-1, found.shape[1])
    products = rows.T @ rows
    squares = products[sets[:, :, np.newaxis], sets[:, np.newaxis, :]]
    size = sets.shape[1]
    system = np.ones((len(sets), size + 1, size + 1))
    system[:, :size, :size] = squares + STIFFNESS * np.eye(size)
    system[:, size, size] = 0
    sides = np.concatenate([STIFFNESS * begun, np.ones((len(sets), 1))], axis=1)
    solved = np.linalg.solve(system, sides[..., np.newaxis])[:, :size, 0]
    cost = np.einsum("ni,nij,nj->n", solved, squares, solved)
    cost += STIFFNESS * (((solved - begun) ** 2).sum(axis=1) + left)
    cost[(solved < LEAST_WEIGHT).any(axis=1)] = np.inf
    weights = np.zeros(found.shape[1])
    weights[sets[cost.argmin()]] = solved[cost.argmin()]
    return weights


# --- accuracy --------------------------------------------------------------------------------------------------------


def errors_of(weights: Weights, samples: Sequence[Sample]) -> Weights:
    """Of each point, the mean over the faces, in percent."""
    offsets = [weights @ sample.found - sample.marked for sample in samples]
    return np.asarray(100 * np.linalg.norm(offsets, axis=2).mean(axis=0))


def accuracy_of(scheme: str, samples: Sequence[Sample]) -> Accuracy:
    photos = sorted({sample.photo for sample in samples})
    left_out, defined = [], []
    for photo in photos:
        others = [sample for sample in samples if sample.photo != photo]
        own = [sample for sample in samples if sample.photo == photo]
        rounded = weights_of(blends_of(fit(scheme, others)))
        left_out.append(errors_of(rounded, own))
        defined.append(errors_of(weights_of(DEFINITIONS[scheme]), own))
    errors = np.mean(left_out, axis=0)
    parts, start = {}, 0
    for part in PARTS[scheme]:
        parts[part.name] = round(float(errors[start : start + part.count].mean()), 2)
        start += part.count
    mean, definition = round(float(errors.mean()), 2), round(float(np.mean(defined)), 2)
    return Accuracy(len(photos), len(samples), mean, parts, definition)


if __name__ == "__main__":
    main(sys.argv[1:])
