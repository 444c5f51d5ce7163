"""How the layout is fitted: what is moved, by what it is judged, and that the values in use come out."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.layout import (
    CHANGES,
    SEEN,
    Part,
    Sample,
    chosen,
    left_out,
    lower_tip,
    main,
    narrow_wings,
    predicted,
    raise_root,
    to_frame,
    to_points,
)
from landmarks.core.schema import SPANS
from landmarks.engines.local.keypoints import BROW_SHARE, FITTED, LOWER_LID_SHARE, UPPER_LID_SHARE

MESH = np.random.default_rng(1).uniform(-1, 1, (478, 2))
NOSE = SPANS["nose"].start


def sample(name: str, weights: np.ndarray) -> Sample:
    """A face on which people mark what these weights give."""
    return Sample(name, MESH, weights @ MESH)


@pytest.mark.parametrize("change", [raise_root, lower_tip, narrow_wings])
def test_moved_weights_still_sum_to_one(change) -> None:
    assert np.allclose(change(FITTED, 0.1).sum(axis=1), 1, atol=1e-3)


def test_the_sides_of_the_nose_stay_straight() -> None:
    points = narrow_wings(raise_root(FITTED, 0.1), 0.2) @ MESH
    along = points[NOSE + 5] - points[NOSE + 1]
    assert points[NOSE + 3] == pytest.approx(points[NOSE + 1] + 0.485 * along)


def test_the_amount_with_the_least_error_is_chosen() -> None:
    part = CHANGES["brows"]
    table: dict[tuple[float, ...], np.ndarray] = {(share,): part.change(FITTED, share) for share in (0.0, 0.05, 0.1)}
    assert chosen(table, part, [sample("a", table[(0.1,)])], [sample("b", table[(0.1,)])]) == (0.1,)


def test_a_photo_has_no_say_in_what_it_is_measured_by() -> None:
    part = CHANGES["brows"]
    table: dict[tuple[float, ...], np.ndarray] = {(share,): part.change(FITTED, share) for share in (0.0, 0.1)}
    odd, usual = sample("odd", table[(0.1,)]), sample("usual", FITTED)
    before, after = left_out(table, part, [odd, usual], [usual], [odd])
    assert before == pytest.approx(after)
    assert before[0] > 0


def test_openness_counts_beside_points() -> None:
    part = Part(CHANGES["lids"].change, 2, [0], pairs=([1], [2]))
    marked = FITTED @ MESH
    marked[1] = marked[2] + (marked[1] - marked[2]) * 1.5
    expected = 50 * float(np.linalg.norm((FITTED @ MESH)[1] - (FITTED @ MESH)[2]))
    assert Sample("a", MESH, marked).error(FITTED, part) == pytest.approx(expected)


def test_the_frame_is_upright_and_one_wide() -> None:
    corners = np.array([[10.0, 10.0], [10.0, 30.0]])  # a face that lies on its side
    assert to_frame(corners, *corners) == pytest.approx(np.array([[-0.5, 0], [0.5, 0]]))


def test_a_mesh_is_told_from_points_that_are_seen() -> None:
    """Meshes that differ in one way only are predicted exactly but for the noise that points may have."""
    apart = np.random.default_rng(2).normal(size=(478, 2))
    meshes = np.array([MESH + amount * apart for amount in np.linspace(-3, 3, 40)])
    truth = MESH + 0.7 * apart
    assert predicted(meshes, FITTED[SEEN] @ truth) == pytest.approx(truth, abs=0.01)


def test_recorded_answers_are_read_with_keys_of_either_case() -> None:
    points = to_points({"left_pupil": [{"X": 3, "Y": 4}]})
    assert points[SPANS["left_pupil"]].tolist() == [[3, 4]]
    assert np.isnan(points[0]).all()


@pytest.mark.slow
def test_the_photos_and_answers_give_the_values_in_use(
    shared: Path, models_dir: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    main([str(shared / "data/faces"), str(models_dir), str(shared / "reference/vendor-answers")])
    printed = capfd.readouterr().out
    assert f"lids: {(LOWER_LID_SHARE, UPPER_LID_SHARE)}" in printed
    assert f"brows: {(BROW_SHARE,)}" in printed
    assert "tip of the nose: (0.0,)" in printed
