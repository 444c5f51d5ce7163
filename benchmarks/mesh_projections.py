"""Whether points of other schemes would be better as blends of the 478 dense points than of the 90.

    python -m benchmarks.mesh_projections FOLDER data/models

Both are fitted in the same way, in blends of three, with one photo left out at a time (`benchmarks.projections`). What
follows is in docs/decisions/0039-schemes-from-the-90-points.md.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.album import open_album
from benchmarks.projections import (
    DIGITS,
    MESH_MIRROR,
    Sample,
    Weights,
    annotated_faces,
    blends_of,
    fit,
    least_cost,
    samples_of,
    swapped_points,
    weights_of,
    with_mirror_images,
)
from benchmarks.scheme_definitions import DEFINITIONS
from landmarks.core.schemes import PARTS
from landmarks.engines.local.engine import LocalEngine

NEAREST = 12
"""Dense points around the definition of a point of which its blend may be made."""
FARTHER = 36
"""The same for points in the middle of the face, whose blends are symmetrical."""
BLEND = 3
POINTS, MESH, BOTH = "the 90", "the mesh", "mean of both"

Errors = Mapping[str, Weights]
"""By what the points are made from: a row for each photo, a column for each point, in percent of the eye distance."""


def main(arguments: Sequence[str]) -> None:
    """The arguments are the folder of photos and that of the model files."""
    faces = list(annotated_faces(open_album(Path(arguments[0])), LocalEngine(Path(arguments[1]))))
    rows: list[tuple[str, ...]] = [("scheme", "part", POINTS, MESH, BOTH, "mesh less the 90")]
    for scheme in DEFINITIONS:
        errors = errors_left_out(scheme, samples_of(scheme, faces))
        rows += [row(scheme, name, errors, columns) for name, columns in parts_of(scheme)]
    sys.stdout.write("\n".join("| " + " | ".join(row) + " |" for row in rows) + "\n")


def parts_of(scheme: str) -> Iterator[tuple[str, slice]]:
    """All points, then each part of the face."""
    yield "all", slice(None)
    start = 0
    for part in PARTS[scheme]:
        yield part.name, slice(start, start + part.count)
        start += part.count


def row(scheme: str, part: str, errors: Errors, columns: slice) -> tuple[str, ...]:
    """The difference has its standard error over the photos."""
    apart = (errors[MESH] - errors[POINTS])[:, columns].mean(axis=1)
    doubt = apart.std(ddof=1) / len(apart) ** 0.5
    means = (f"{errors[source][:, columns].mean():.2f}" for source in (POINTS, MESH, BOTH))
    return scheme, part, *means, f"{apart.mean():+.2f} ± {doubt:.2f}"


def errors_left_out(scheme: str, samples: Sequence[Sample]) -> Errors:
    """Of each photo, with weights that were fitted to the others."""
    errors: dict[str, list[Weights]] = {POINTS: [], MESH: [], BOTH: []}
    for photo in sorted({sample.photo for sample in samples}):
        others = [sample for sample in samples if sample.photo != photo]
        weights, of_mesh = weights_of(blends_of(fit(scheme, others))), fit_mesh(scheme, others)
        offsets: dict[str, list[Weights]] = {source: [] for source in errors}
        for sample in samples:
            if sample.photo == photo:
                found = {POINTS: weights @ sample.found, MESH: of_mesh @ sample.mesh}
                found[BOTH] = (found[POINTS] + found[MESH]) / 2
                for source, points in found.items():
                    offsets[source].append(np.linalg.norm(points - sample.marked, axis=1))
        for source, each in offsets.items():
            errors[source].append(100 * np.mean(each, axis=0))
    return {source: np.array(each) for source, each in errors.items()}


def fit_mesh(scheme: str, samples: Sequence[Sample]) -> Weights:
    """A row for each point of the scheme, a column for each dense point; rounded as those of the 90 are."""
    definitions, swapped = weights_of(DEFINITIONS[scheme]), swapped_points(scheme)
    both, shares = with_mirror_images(samples, swapped)
    found, marked, mesh = (np.array([getattr(each, name) for each in both]) for name in ("found", "marked", "mesh"))
    centres = found.mean(axis=1, keepdims=True)
    mean, mean_mesh = (found - centres).mean(axis=0), (mesh - centres).mean(axis=0)
    weights = np.zeros((len(definitions), mesh.shape[1]))
    for number, (definition, other) in enumerate(zip(definitions, swapped, strict=True)):
        if number <= other:
            apart = np.linalg.norm(mean_mesh - definition @ mean, axis=1)
            sets = middle_sets(apart) if number == other else side_sets(apart)
            begun = np.full(sets.shape, 1 / BLEND)
            defined = np.einsum("j,njd->nd", definition, found)
            weights[number] = rounded(least_cost(mesh, (marked[:, number], defined), shares, sets, begun, 0.0))
            weights[other] = weights[number] if number == other else weights[number][MESH_MIRROR]
    return weights


def side_sets(apart: Weights) -> NDArray[np.int_]:
    return np.array(list(combinations(np.argsort(apart)[:NEAREST].tolist(), BLEND)))


def middle_sets(apart: Weights) -> NDArray[np.int_]:
    """Three points of the middle, or one with two that are each other's mirror images."""
    near = np.argsort(apart)[:FARTHER].tolist()
    middle = [index for index in near if MESH_MIRROR[index] == index]
    pairs = {tuple(sorted((index, int(MESH_MIRROR[index])))) for index in near if index not in middle}
    return np.array([*combinations(middle, BLEND), *((index, *pair) for index in middle for pair in sorted(pairs))])


def rounded(weights: Weights) -> Weights:
    found = weights.round(DIGITS)
    found[found.argmax()] += 1 - found.sum()
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
