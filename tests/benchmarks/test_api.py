"""The cost of the API, measured once; how high it is is not tested."""

from pathlib import Path

import pytest
from PIL import Image

from benchmarks.api import to_tables, write_scaled
from tests.benchmarks.conftest import report_of

needs_proc = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="only Linux has /proc")


@needs_proc
def test_measures_server_and_bare_work_in_turn(models_dir):
    report = report_of("api", "--photos", 3, "--rounds", 1, "--threads", 1)
    figures = report["figures"]
    assert set(figures["cpu"]) == {"bare work", "POST /face/analyze", "POST /api/results"}
    assert all(row["cpu"]["median"] > 0 for row in figures["cpu"].values())
    assert set(figures["ratio"]) == {"POST /face/analyze", "POST /api/results"}
    assert report["conditions"]["photos"] == "3 of tests/images, scaled to 640 px"


def test_the_ratio_is_that_of_each_round():
    rounds = [{"bare work": 0.04, "POST": 0.05}, {"bare work": 0.02, "POST": 0.06}]
    tables = to_tables(rounds)
    ratio = tables["ratio"].rows["POST"]["ratio"]
    assert (ratio.min, ratio.median, ratio.max) == (1.25, 2.125, 3)
    assert tables["cpu"].rows["bare work"]["cpu"].median == 30


def test_photos_are_scaled_to_640_pixels(setup, images, tmp_path):
    (file,) = write_scaled([images / "two_people.jpg"], setup, tmp_path)
    with Image.open(file) as image:
        assert max(image.size) == 640
