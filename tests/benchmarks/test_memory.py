"""New processes: their first answer and their memory."""

import shutil

import pytest

from benchmarks import probe
from benchmarks.errors import BenchmarkError
from benchmarks.memory import measure_memory, time_starts, to_rows
from tests.benchmarks.conftest import progress


def test_times_a_new_process_to_its_first_answer(setup, photos):
    time = time_starts(photos[0].path, setup, 2, progress)["first answer"]["time"]
    assert 0 < time.min <= time.median <= time.max
    assert time.runs == 2


def test_reports_memory_after_the_first_and_the_last_photo(setup, photos):
    rows = measure_memory([photo.path for photo in photos], setup, 3, progress)
    size = {name: row["memory"].median for name, row in rows.items()}
    assert set(size) == {"after_1", "at_end", "peak"}
    assert 30 < size["after_1"] <= size["peak"] < 1000
    assert 30 < size["at_end"] <= size["peak"]


def test_reports_growth_from_photo_100_on():
    answers = [{"resident": 90_000_000 + number * 100_000, "peak": 200_000_000} for number in range(1, 201)]
    rows = to_rows(answers)
    assert (rows["after_100"]["memory"].median, rows["after_100"]["memory"].unit) == (100, "MB")
    assert (rows["growth"]["memory"].median, rows["growth"]["memory"].unit) == (10, "%")


def test_a_process_that_ends_early_is_an_error(setup, tmp_path):
    with pytest.raises(BenchmarkError, match="ended early"):
        measure_memory([tmp_path / "none.jpg"], setup, 1, progress)


def test_memory_is_the_same_where_the_system_has_no_file_of_it(monkeypatch, tmp_path):
    if not shutil.which("ps", path="/bin"):
        pytest.skip("there is no ps, which only systems without /proc need")
    usual = probe.resident(), probe.peak()
    monkeypatch.setattr(probe, "STATUS", tmp_path / "none")
    assert probe.resident() == pytest.approx(usual[0], rel=0.2)
    assert probe.peak() >= usual[0] * 0.8
