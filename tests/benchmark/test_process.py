"""Fresh processes: their first answer and their memory."""

import shutil

import pytest
from landmarks.errors import EngineError

from landmarks.benchmark import probe
from landmarks.benchmark.process import measure_memory, time_starts
from tests.benchmark.conftest import watch


def test_times_a_new_process_to_its_first_answer(bench, looks):
    start = time_starts(looks[0].path, bench, 2, watch)
    assert 0 < start.median_ms <= start.p95_ms


def test_tells_memory_after_the_first_and_the_last_photo(bench, looks):
    memory = measure_memory([look.path for look in looks], bench, 3, watch)
    assert memory.photos == 3
    assert 30 < memory.after_1_mb <= memory.peak_mb < 1000
    assert 30 < memory.at_end_mb <= memory.peak_mb
    assert memory.after_100_mb is None
    assert memory.growth_percent is None


def test_tells_growth_from_photo_100_on(bench, images):
    memory = measure_memory([images / "obama-240p.jpg"], bench, 101, watch)
    assert memory.after_100_mb
    assert memory.growth_percent is not None


def test_a_process_that_ends_early_is_a_sentence(bench, tmp_path):
    with pytest.raises(EngineError, match="ended early"):
        measure_memory([tmp_path / "none.jpg"], bench, 1, watch)


def test_memory_is_told_the_same_where_there_is_no_file_of_it(monkeypatch, tmp_path):
    if not shutil.which("ps", path="/bin"):
        pytest.skip("there is no ps on this machine")
    usual = probe.resident(), probe.peak()
    monkeypatch.setattr(probe, "STATUS", tmp_path / "none")
    assert probe.resident() == pytest.approx(usual[0], rel=0.2)
    assert probe.peak() >= usual[0] * 0.8
