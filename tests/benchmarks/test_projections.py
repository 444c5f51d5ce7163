"""The table of projections: it can be made again, and errs no more than the best blends of three points."""

import json
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from benchmarks.album import open_album
from benchmarks.projections import (
    DEFINITIONS,
    Sample,
    Weights,
    accuracy_of,
    annotated_faces,
    errors_of,
    fit,
    main,
    samples_of,
    swapped_points,
    weights_of,
)
from landmarks.core.schema import POINT_COUNT, POINT_NAMES
from landmarks.core.schemes import COUNTERPARTS, PROJECTIONS, Quality
from landmarks.engines.local.engine import LocalEngine

ALLOWED = 0.3
"""Percentage points above the best blends."""


@cache
def samples(folder: Path, models_dir: Path, scheme: str) -> list[Sample]:
    return samples_of(scheme, annotated_faces(open_album(folder), LocalEngine(models_dir)))


@pytest.mark.parametrize("scheme", DEFINITIONS)
def test_the_annotated_photos_give_the_stored_table(shared: Path, models_dir: Path, scheme: str) -> None:
    faces = samples(shared / "data/faces", models_dir, scheme)
    weights = fit(scheme, faces)
    stored = weights_of({POINT_NAMES[index]: weight for index, weight in each} for each in PROJECTIONS[scheme].blends)
    places = [each @ np.array([sample.found for sample in faces]).mean(axis=0) for each in (weights, stored)]
    assert np.linalg.norm(places[0] - places[1], axis=1).max() < 0.02
    known, accuracy = PROJECTIONS[scheme].accuracy, accuracy_of(scheme, faces)
    assert (accuracy.photos, accuracy.faces) == (known.photos, known.faces)
    assert accuracy.error == pytest.approx(known.error, abs=0.05)
    assert accuracy.definition == pytest.approx(known.definition, abs=0.05)


@pytest.mark.slow
def test_writes_the_file_that_the_schemes_read(
    shared: Path, models_dir: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    main([str(shared / "data/faces"), str(models_dir)])
    written = json.loads(capfd.readouterr().out)
    assert {scheme: len(table["points"]) for scheme, table in written.items()} == {
        scheme: projection.scheme.count for scheme, projection in PROJECTIONS.items()
    }


@pytest.mark.slow
def test_68_points_err_no_more_than_the_best_blends_of_three(shared: Path, models_dir: Path) -> None:
    """Both with one photo left out at a time."""
    faces = samples(shared / "data/faces", models_dir, "ibug68")
    errors = []
    for photo in {face.photo for face in faces}:
        others = [face for face in faces if face.photo != photo]
        errors.append(errors_of(best_blends(others), [face for face in faces if face.photo == photo]))
    assert PROJECTIONS["ibug68"].accuracy.error <= np.mean(errors) + ALLOWED


def best_blends(faces: list[Sample]) -> Weights:
    """Of all sets of three of the 90, for each point that with the least squared error, without negative weights."""
    sets = np.array(list(combinations(range(POINT_COUNT), 3))).T
    found, marked = np.array([face.found for face in faces]), np.array([face.marked for face in faces])
    weights = np.zeros((marked.shape[1], POINT_COUNT))
    for number, row in enumerate(weights):
        offsets = (found - marked[:, number, np.newaxis]).transpose(0, 2, 1).reshape(-1, POINT_COUNT)
        products = offsets.T @ offsets + 1e-9 * np.eye(POINT_COUNT)
        # The least w·G·w with weights that sum to 1 is where w is the inverse of G times 1: the sums of G's cofactors.
        (a, b, c), (aa, bb, cc) = sets, np.diag(products)[sets]
        ab, ac, bc = products[a, b], products[a, c], products[b, c]
        cofactors = np.array(
            [
                bb * cc - bc**2 + ac * bc - ab * cc + ab * bc - ac * bb,
                ac * bc - ab * cc + aa * cc - ac**2 + ab * ac - aa * bc,
                ab * bc - ac * bb + ab * ac - aa * bc + aa * bb - ab**2,
            ]
        )
        determinants = aa * (bb * cc - bc**2) - ab * (ab * cc - bc * ac) + ac * (ab * bc - bb * ac)
        costs = determinants / cofactors.sum(axis=0)
        costs[(cofactors < 0).any(axis=0)] = np.inf
        best = costs.argmin()
        row[sets[:, best]] = cofactors[:, best] / cofactors[:, best].sum()
    return weights


@pytest.mark.parametrize("scheme", DEFINITIONS)
def test_definitions_are_symmetrical(scheme: str) -> None:
    swapped = swapped_points(scheme)
    assert [swapped[other] for other in swapped] == list(range(len(swapped)))


@pytest.mark.parametrize("scheme", ["ibug68", "wflw98", "lapa106"])
def test_a_definition_is_the_exact_counterpart_where_there_is_one(scheme: str) -> None:
    for (region, index), counterparts in COUNTERPARTS.items():
        counterpart = counterparts[scheme]
        if counterpart and counterpart.quality is Quality.EXACT:
            assert DEFINITIONS[scheme][counterpart.blend[0][0]] == {f"{region}_{index}": 1.0}
