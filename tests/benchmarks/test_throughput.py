"""Threads: what is counted, not how fast they are."""

import pytest

from benchmarks import throughput
from benchmarks.first_pass import Analyzed
from benchmarks.throughput import measure_threads, time_batch
from tests.benchmarks.conftest import progress


def test_reports_photos_and_faces_a_second_with_one_and_two_threads(setup, engine, photos, monkeypatch):
    monkeypatch.setattr(throughput, "BATCH", 4)
    rows = measure_threads(photos, setup, engine, 1, progress)
    assert list(rows) == ["photos, 1 thread", "photos, 2 threads", "faces, 1 thread", "faces, 2 threads"]
    photo_rate, face_rate = rows["photos, 1 thread"]["rate"], rows["faces, 1 thread"]["rate"]
    assert (photo_rate.unit, photo_rate.runs) == ("1/s", 1)
    assert face_rate.median == pytest.approx(1.5 * photo_rate.median, abs=0.01)


def test_an_error_in_a_thread_is_raised(setup, engine, tmp_path):
    with pytest.raises(OSError, match="No such file"):
        time_batch([Analyzed(tmp_path / "none.jpg", 1, 1, ())], setup, engine, 2)
