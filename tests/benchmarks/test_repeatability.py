"""How much measures change when a photo is encoded anew."""

from statistics import variance

import pytest

from benchmarks.repeatability import ENCODINGS, Spread, add_spread, row, same_faces
from landmarks.core.measures import MEASURES, Figure
from tests.benchmarks.conftest import report_of


def test_each_face_is_found_in_its_copies(setup, engine, images):
    image = setup.read(images / "two_people.jpg", whole=True).image
    for copies in same_faces(engine, setup, image):
        assert len(copies) == 1 + len(ENCODINGS)
        for copy in copies[1:]:
            assert copy.box.iou(copies[0].box) > 0.95


def test_variances_of_sides_are_pooled_and_differences_kept_apart():
    spreads = {"mrd1": Spread()}
    found = [
        {
            ("mrd1", "left"): Figure(left, 2.0),
            ("mrd1", "right"): Figure(5.0, 4.0),
            ("mrd1", "difference"): Figure(left - 5, 3.0),
        }
        for left in (6.0, 7.0, 8.0)
    ]
    add_spread(spreads, found)
    told = row(spreads["mrd1"])
    assert told["side"].median == pytest.approx((variance([6, 7, 8]) / 2) ** 0.5, abs=0.001)
    assert told["difference"].median == pytest.approx(1)
    assert told["error"].median == 3


@pytest.mark.usefixtures("models_dir")
def test_every_measure_is_reported(images, tmp_path):
    folder = tmp_path / "album"
    folder.mkdir()
    (folder / "one.jpg").write_bytes((images / "two_people.jpg").read_bytes())
    report = report_of("repeatability", folder)
    assert set(MEASURES) | {"symmetry"} <= set(report["figures"]["measures"])
    assert report["conditions"]["photos measured"] == 1
