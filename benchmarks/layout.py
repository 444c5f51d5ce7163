"""How parts of the layout should be moved, by photos that people annotated and by recorded answers of the vendor.

    python -m benchmarks.layout FOLDER data/models ANSWERS

FOLDER has a manifest (docs/benchmark.md), ANSWERS a JSON file for each answer of the vendor. Each of CHANGES is tried
in steps. The amount with the least error, of people and vendor alike, is chosen without one photo or answer, and
measured on that. Photos of the answers are not known: the mesh of each is predicted from its eye corners, lips, tip and
base of the nose, by a linear model of the meshes of all faces in FOLDER. Printed are the errors before and after, in
percent of the distance between the outer eye corners, the change with its 95 % interval, and how many got better.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy import Annotation, Points, matched
from benchmarks.album import Album, open_album
from benchmarks.projections import DERIVED, LIMITS
from landmarks.core.finding import Options
from landmarks.core.schema import POINT_COUNT, REGIONS, SPANS
from landmarks.core.schemes import COUNTERPARTS
from landmarks.engines.local.engine import LocalEngine
from landmarks.engines.local.keypoints import DENSE_FLIPPED_ARRAY, FITTED, LOWER_LID, UPPER_LID, lower_brows, open_lids
from landmarks.photos.decode import read_photo

MOST_TURNED, SMALLEST, LARGEST_ERROR = 26.0, 24.0, 0.06
"""Of the faces whose meshes the answers' are predicted from: yaw, pixels between the eyes, expected error."""
NOISE = 0.02
"""Of the vendor's points, in distances of the outer eye corners."""
LEFT_OUT = ("face_bean", "friends")
"""Parts of the names of answers about faces that have no human proportions."""
LINEAGE = "lineage"
"""How the names of answers begin that earlier versions of the vendor's engine gave: the second set."""

Weights = NDArray[np.float64]
"""90 × 478."""
Change = Callable[..., Weights]
"""Weights of a layout and amounts to changed weights."""


def _points(region: str, *indices: int) -> list[int]:
    return [SPANS[region].start + index for index in indices]


LEFT_OUTER, RIGHT_OUTER = *_points("left_eye", 0), *_points("right_eye", 0)
TIP, ROOT, LEFT_WING, BASE, RIGHT_WING = _points("nose", 0, 1, 5, 7, 9)
SEEN = [*_points("left_eye", 0, 4), *_points("right_eye", 0, 4), *_points("mouth", *range(12)), TIP, BASE]
"""Points from which the mesh of an answer is predicted."""
LOWER, UPPER = (
    [number for eye in ("left_eye", "right_eye") for number in _points(eye, *lid)] for lid in (LOWER_LID, UPPER_LID)
)
LIDS = [*LOWER, *UPPER]
BROWS = [index for brow in ("left_eye_brow", "right_eye_brow") for index in _points(brow, *range(8))]
ALONG_NOSE = {2: 0.245, 3: 0.485, 4: 0.73}
"""Points between root and left wing, and how far they are from the root (shares)."""


def raise_root(weights: Weights, share: float) -> Weights:
    """Away from the base, by a share of the nose's length."""
    weights = weights.copy()
    weights[ROOT] += share * (weights[ROOT] - weights[BASE])
    return _with_straight_sides(weights)


def lower_tip(weights: Weights, share: float) -> Weights:
    """Towards the base."""
    weights = weights.copy()
    weights[TIP] += share * (weights[BASE] - weights[TIP])
    return weights


def narrow_wings(weights: Weights, share: float) -> Weights:
    """Towards the middle between them."""
    weights = weights.copy()
    middle = (weights[LEFT_WING] + weights[RIGHT_WING]) / 2
    for wing in (LEFT_WING, RIGHT_WING):
        weights[wing] += share * (middle - weights[wing])
    return _with_straight_sides(weights)


def _with_straight_sides(weights: Weights) -> Weights:
    for index, share in ALONG_NOSE.items():
        for number, wing in ((SPANS["nose"].start + index, LEFT_WING), (SPANS["nose"].start + 14 - index, RIGHT_WING)):
            weights[number] = weights[ROOT] + share * (weights[wing] - weights[ROOT])
    return weights


@dataclass(frozen=True)
class Part:
    """What a change is judged by: the mean error of points, to which that of distances between pairs is added."""

    change: Change
    amounts: int
    """How many the change takes."""
    points: list[int]
    pairs: tuple[list[int], list[int]] = ([], [])


STEPS = (0.0, 0.025, 0.05, 0.075, 0.10, 0.15, 0.20)
CHANGES = {
    "lids": Part(open_lids, 2, LIDS, pairs=(LOWER, UPPER)),
    "brows": Part(lower_brows, 1, BROWS),
    "root of the nose": Part(raise_root, 1, [ROOT, *_points("nose", 2, 12)]),
    "tip of the nose": Part(lower_tip, 1, [TIP]),
    "wings of the nose": Part(narrow_wings, 1, [LEFT_WING, RIGHT_WING, *_points("nose", 4, 10)]),
}


@dataclass(frozen=True)
class Sample:
    """A face, in distances of its outer eye corners from their middle, upright; NaN where a point isn't known."""

    name: str
    mesh: Points
    marked: Points
    """90 × 2."""

    def error(self, weights: Weights, part: Part) -> float:
        """In percent."""
        found = weights @ self.mesh
        error = float(np.nanmean(np.linalg.norm((found - self.marked)[part.points], axis=1)))
        first, second = part.pairs
        if first:
            here, there = (np.linalg.norm(each[first] - each[second], axis=1) for each in (found, self.marked))
            error += float(np.nanmean(np.abs(here - there)))
        return error * 100


def main(arguments: Sequence[str]) -> None:
    """The arguments are the folders of photos, model files and answers."""
    album, engine = open_album(Path(arguments[0])), LocalEngine(Path(arguments[1]))
    people, meshes = read_album(album, engine)
    answers = read_answers(Path(arguments[2]), np.array(meshes))
    for name, part in CHANGES.items():
        table = {amounts: part.change(FITTED, *amounts) for amounts in product(STEPS, repeat=part.amounts)}
        sys.stdout.write(f"{name}: {chosen(table, part, people, answers)}\n")
        for label, samples in by_set(people, answers).items():
            before, after = left_out(table, part, people, answers, samples)
            apart = after - before
            spread = 1.96 * apart.std(ddof=1) / len(apart) ** 0.5 if len(apart) > 1 else float("nan")
            sys.stdout.write(
                f"  {label}, {len(samples)}: {before.mean():.2f} → {after.mean():.2f}"
                f" ({apart.mean():+.2f} ± {spread:.2f}; better on {(apart < 0).sum()})\n"
            )


def by_set(people: Sequence[Sample], answers: Sequence[Sample]) -> dict[str, list[Sample]]:
    return {
        "people": list(people),
        "the vendor's answers": [each for each in answers if not each.name.startswith(LINEAGE)],
        "its predecessors'": [each for each in answers if each.name.startswith(LINEAGE)],
    }


def chosen(
    table: dict[tuple[float, ...], Weights], part: Part, people: Sequence[Sample], answers: Sequence[Sample]
) -> tuple[float, ...]:
    """The amounts with the least mean error, over people and answers alike."""

    def cost(weights: Weights) -> float:
        means = [np.mean([sample.error(weights, part) for sample in each]) for each in (people, answers)]
        return float(np.sum(means))

    return min(table, key=lambda amounts: cost(table[amounts]))


def left_out(
    table: dict[tuple[float, ...], Weights],
    part: Part,
    people: Sequence[Sample],
    answers: Sequence[Sample],
    samples: Sequence[Sample],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of each sample, the error without the change and with the amounts that were chosen without its photo."""
    rows = []
    for sample in samples:
        others = [[each for each in group if each.name != sample.name] for group in (people, answers)]
        amounts = chosen(table, part, *others)
        rows.append((sample.error(FITTED, part), sample.error(table[amounts], part)))
    before, after = np.array(rows).T
    return before, after


# --- faces -----------------------------------------------------------------------------------------------------------


def to_frame(points: Points, left: Points, right: Points) -> Points:
    """In distances of these outer eye corners from their middle, upright."""
    across = (right - left) / np.linalg.norm(right - left)
    axes = np.array([across, [-across[1], across[0]]])
    return np.asarray((points - (left + right) / 2) @ axes.T / np.linalg.norm(right - left))


def read_album(album: Album, engine: LocalEngine) -> tuple[list[Sample], list[Points]]:
    """The annotated faces, and the meshes of all clear faces and their mirror images in their own frame."""
    people: list[Sample] = []
    meshes: list[Points] = []
    for path, truth in album.truths.items():
        faces = engine.find(read_photo(path.read_bytes(), LIMITS), Options(max_faces=100, dense=True)).faces
        found = [np.array(face.dense)[:, :2] for face in faces]
        for face, mesh in zip(faces, found, strict=True):
            left, right = FITTED[[LEFT_OUTER, RIGHT_OUTER]] @ mesh
            is_clear = np.median(face.uncertainty or (1,)) < LARGEST_ERROR and np.linalg.norm(right - left) >= SMALLEST
            if face.pose and abs(face.pose.yaw) < MOST_TURNED and is_clear:
                upright = to_frame(mesh, left, right)
                meshes += [upright, upright[DENSE_FLIPPED_ARRAY] * [-1, 1]]
        if DERIVED not in truth.tags:
            people += annotated(truth.file, truth.annotations, found)
    return people, meshes


def annotated(name: str, annotations: Sequence[Annotation], meshes: Sequence[Points]) -> Iterator[Sample]:
    free = {(FITTED @ mesh).tobytes(): mesh for mesh in meshes}
    for annotation, points in matched(annotations, [FITTED @ mesh for mesh in meshes]):
        if points is not None:
            marked = to_90(annotation)
            left, right = marked[[LEFT_OUTER, RIGHT_OUTER]]
            mesh = free[points.tobytes()]
            yield Sample(name, to_frame(mesh, left, right), to_frame(marked, left, right))


def to_90(annotation: Annotation) -> Points:
    points = np.full((POINT_COUNT, 2), np.nan)
    for (region, index), counterparts in COUNTERPARTS.items():
        if counterpart := counterparts[annotation.scheme]:
            blend = [weight * annotation.points[number] for number, weight in counterpart.blend]
            points[SPANS[region].start + index] = np.sum(blend, axis=0)
    return points


def read_answers(folder: Path, meshes: Points) -> list[Sample]:
    """`meshes` are those that a mesh is predicted from."""
    samples = []
    for path in sorted(folder.glob("*.json")):
        response = json.loads(path.read_text(encoding="utf-8")).get("response") or {}
        marked = to_points((response.get("face_shape_set") or [{}])[0])
        is_complete = not np.isnan(marked[SEEN]).any()
        if is_complete and not any(part in path.name for part in LEFT_OUT):
            upright = to_frame(marked, *marked[[LEFT_OUTER, RIGHT_OUTER]])
            samples.append(Sample(path.name, predicted(meshes, upright[SEEN]), upright))
    return samples


def to_points(face: dict[str, list[dict[str, float]]]) -> Points:
    points = np.full((POINT_COUNT, 2), np.nan)
    for region in REGIONS:
        for index, point in enumerate(face.get(region.name) or []):
            lower = {key.lower(): value for key, value in point.items()}  # one recorded answer has X and Y
            points[SPANS[region.name].start + index] = lower["x"], lower["y"]
    return points


def predicted(meshes: Points, seen: Points) -> Points:
    """The likeliest mesh with these points, if meshes are normally distributed."""
    known = (FITTED[SEEN] @ meshes).reshape(len(meshes), -1)
    rest = meshes.reshape(len(meshes), -1)
    apart = known - known.mean(axis=0)
    spread = apart.T @ apart / len(meshes) + NOISE**2 * np.eye(apart.shape[1])
    slopes = np.linalg.solve(spread, apart.T @ (rest - rest.mean(axis=0)) / len(meshes))
    return np.asarray(rest.mean(axis=0) + (seen.reshape(-1) - known.mean(axis=0)) @ slopes).reshape(-1, 2)


if __name__ == "__main__":
    main(sys.argv[1:])
