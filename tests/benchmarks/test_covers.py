"""The benchmark of covered parts."""

from argparse import Namespace

from benchmarks import covers
from benchmarks.album import open_album
from benchmarks.painting import COVERS, HARMLESS
from tests.benchmarks.conftest import progress


def test_every_kind_of_cover_is_measured(images, tmp_path):
    (tmp_path / "astronaut.jpg").write_bytes((images / "astronaut.jpg").read_bytes())
    options = Namespace(photos=None, rotate=False, rounds=1)
    report = covers.measure(open_album(tmp_path), options, progress)
    rows = report.tables["covers"].rows
    assert list(rows) == ["clear", *HARMLESS, *COVERS]
    assert rows["clear"]["free_points_marked"].median == 0
    assert rows["mask"]["mouths_covered"].median == 100
    assert rows["dark glasses"]["gaze_behind_covers"].median == 0
