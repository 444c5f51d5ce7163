"""How the weights of covered points are fitted."""

import json
from itertools import pairwise

import numpy as np
import pytest

from benchmarks import covered_weights
from benchmarks.album import open_album
from benchmarks.covered_samples import KINDS, Painter
from benchmarks.covered_weights import (
    Data,
    fit,
    folds_of,
    left_out_odds,
    limits_of,
    logistic,
    lowest,
    to_json,
    to_table,
)
from landmarks.engines.local import covered
from tests.benchmarks.conftest import progress

RANDOM = np.random.default_rng(4)


def made_up(count: int) -> Data:
    """Faces whose upper or lower points are covered, which shows in the first of the features."""
    hidden = np.zeros((count, 90), bool)
    hidden[::3, 45:] = True
    hidden[1::3, :45] = True
    seen = RANDOM.normal(size=(count, 90, 128))
    seen[..., 0] += np.where(hidden, 4, -4)
    return Data(seen, hidden, np.zeros(count, bool))


@pytest.fixture(scope="module")
def data() -> Data:
    return made_up(60)


def test_every_kind_is_painted_over_a_face(images, tmp_path, models_dir):
    (tmp_path / "astronaut.jpg").write_bytes((images / "astronaut.jpg").read_bytes())
    samples = list(Painter(models_dir).samples(open_album(tmp_path), 1, progress))
    by_kind = {sample.kind: sample for sample in samples}
    assert set(by_kind) <= set(KINDS) and len(by_kind) >= len(KINDS) - 2  # some cover all of a face
    assert not by_kind["clear"].hidden.any()
    assert by_kind["mask"].hidden.mean() > 0.2
    assert by_kind["clear"].features.shape == (90, 128)


def test_a_photo_is_in_one_fold():
    folds = folds_of(["a", "b", "a", "c", "b"])
    assert folds[0] == folds[2] and folds[1] == folds[4]
    assert set(folds_of([str(number) for number in range(20)])) == set(range(covered_weights.FOLDS))


def test_a_logistic_model_finds_what_decides():
    inputs = RANDOM.normal(size=(400, 3))
    weights = logistic(inputs, inputs[:, 1] > 0.5, stiffness=1.0)
    assert abs(weights[1]) > 5 * max(abs(weights[0]), abs(weights[2]))
    assert -weights[3] / weights[1] == pytest.approx(0.5, abs=0.15)


def test_photos_that_were_left_out_are_told(data, monkeypatch):
    monkeypatch.setattr(covered_weights, "FOLDS", 2)
    odds, _ = left_out_odds(data, np.arange(60) // 15 % 2)
    assert ((odds > 0) == data.hidden).mean() > 0.98


def test_dark_glasses_are_told_in_photos_that_were_left_out(data, monkeypatch):
    monkeypatch.setattr(covered_weights, "FOLDS", 2)
    dark, seen = np.arange(60) % 3 == 2, data.seen.copy()
    seen[..., 1] += 4 * np.outer(dark, covered.OF_EYES)
    _, odds = left_out_odds(Data(seen, data.hidden, dark), np.arange(60) // 15 % 2)
    assert ((odds > 0) == dark).all()


def test_limits_leave_few_uncovered_points_marked():
    kinds = np.array(["clear", "clear glasses", "shadow", "lipstick", "beard", "mask"] * 50)
    hidden = np.zeros((300, 90), bool)
    hidden[kinds == "mask", 53:75] = True
    odds = RANDOM.normal(size=(300, 90))
    limits = limits_of(odds, hidden, kinds)
    marked = odds > limits
    assert marked[:, ~covered_weights.OF_EYES][~hidden[:, ~covered_weights.OF_EYES]].mean() <= 0.025
    assert max(marked[kinds == kind].mean() for kind in ("clear", "clear glasses", "beard")) <= 0.03
    assert len(set(limits[covered_weights.OF_EYES])) == 1


def test_the_lowest_limit_is_taken():
    tried: list[float] = []
    assert lowest(lambda limit: (tried.append(limit), limit > -0.75)[1]) == -0.7
    assert all(after == pytest.approx(before + covered_weights.STEP) for before, after in pairwise(tried))


def test_the_file_gives_the_engine_the_same_answers(data, tmp_path, monkeypatch):
    means, spreads, limits = RANDOM.normal(size=128), RANDOM.uniform(0.5, 2, 128), RANDOM.normal(size=90)
    models = fit(data, np.arange(60) // 15 % 2)
    written = json.loads(to_json(models, means, spreads, limits, 0.5))
    assert list(written) == [*covered.NAMES, "dark_glasses"]
    (tmp_path / "covered.json").write_text(json.dumps(written), encoding="utf-8")
    monkeypatch.setattr(covered, "__file__", str(tmp_path / "covered.py"))
    monkeypatch.setattr(covered, "WEIGHTS", covered._read_weights())
    expected, glasses = models.log_odds(data) - limits, models.glasses_odds(data) - 0.5
    for index in range(5):
        seen = data.seen[index] * spreads + means
        assert covered.log_odds(seen) == pytest.approx(expected[index], abs=0.05)
        assert covered.glasses_odds(seen) == pytest.approx(glasses[index], abs=0.05)


def test_the_table_counts_regions_by_half_of_their_points(data):
    hidden = np.zeros((2, 90), bool)
    hidden[:, 53:75] = True
    marked = hidden.copy()
    marked[1, 53:66] = False
    lines = to_table(marked, hidden, np.array(["mask", "mask"])).splitlines()
    assert lines[1 + KINDS.index("mask")].split() == ["mask", "0.0", "70.5", "50.0"]
