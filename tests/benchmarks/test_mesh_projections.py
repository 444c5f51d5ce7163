"""Points of other schemes from the mesh: they are fitted as fairly as those from the 90, and are no better."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.mesh_projections import MESH, POINTS, errors_left_out, fit_mesh, main, parts_of
from benchmarks.projections import MESH_MIRROR, swapped_points
from landmarks.core.schemes import PROJECTIONS
from tests.benchmarks.test_projections import samples

ANNOTATED = ("ibug68", "wflw98", "lapa106")
"""Nobody annotated five points."""


def test_the_mesh_is_no_better_a_source_than_the_90(shared: Path, models_dir: Path) -> None:
    """By photo over all schemes; docs/decisions/0039 would have to be decided anew."""
    differences = []
    for scheme in ANNOTATED:
        errors = errors_left_out(scheme, samples(shared / "data/faces", models_dir, scheme))
        assert errors[POINTS].mean() == pytest.approx(PROJECTIONS[scheme].accuracy.error, abs=0.05)
        differences += (errors[MESH] - errors[POINTS]).mean(axis=1).tolist()
    assert np.mean(differences) > -0.1


@pytest.mark.parametrize("scheme", PROJECTIONS)
def test_blends_of_the_mesh_are_like_those_of_the_90(shared: Path, models_dir: Path, scheme: str) -> None:
    weights = fit_mesh(scheme, samples(shared / "data/faces", models_dir, scheme))
    assert (np.count_nonzero(weights, axis=1) <= 3).all()
    assert weights.sum(axis=1) == pytest.approx(1)
    mirrored = weights[swapped_points(scheme)][:, MESH_MIRROR]
    middle = [number for number, other in enumerate(swapped_points(scheme)) if number == other]
    assert np.delete(mirrored - weights, middle, axis=0) == pytest.approx(0)


@pytest.mark.slow
def test_it_prints_every_part(shared: Path, models_dir: Path, capfd: pytest.CaptureFixture[str]) -> None:
    main([str(shared / "data/faces"), str(models_dir)])
    lines = capfd.readouterr().out.splitlines()
    assert len(lines) == 1 + sum(len(list(parts_of(scheme))) for scheme in PROJECTIONS)
