"""The 90 points: their counts and order, held against recorded answers."""

import json
from pathlib import Path

import pytest

from landmarks.core import schema
from tests.order import broken_rules

REPLIES = sorted((Path(__file__).parent.parent / "replies").glob("*.json"))


def recorded_face(path: Path) -> dict[str, list[dict[str, int]]]:
    reply = json.loads(path.read_text())
    face: dict[str, list[dict[str, int]]] = reply.get("response", reply)["face_shape_set"][0]
    return {name: [{axis.lower(): value for axis, value in p.items()} for p in points] for name, points in face.items()}


def test_there_are_ninety_points():
    assert schema.POINT_COUNT == 90


def test_spans_cover_the_points_without_gap():
    covered = [index for region in schema.REGIONS for index in range(90)[schema.SPANS[region.name]]]
    assert covered == list(range(90))


@pytest.mark.parametrize("path", REPLIES, ids=lambda path: path.stem)
def test_recorded_answers_have_these_regions_in_this_order(path):
    counts = {region.name: region.count for region in schema.REGIONS}
    if path.name.startswith("lineage88"):
        counts = {name: count for name, count in counts.items() if "pupil" not in name}
    assert {name: len(points) for name, points in recorded_face(path).items()} == counts
    assert list(recorded_face(path)) == list(counts)


# The tiny caricature has points that coincide.
@pytest.mark.parametrize("path", [path for path in REPLIES if "face_bean" not in path.name], ids=lambda path: path.stem)
def test_recorded_answers_keep_the_order_that_the_meanings_tell(path):
    face = {name: [(p["x"], p["y"]) for p in points] for name, points in recorded_face(path).items()}
    assert broken_rules(face) == []


def test_legend_names_each_region_once():
    assert sorted(schema.LEGEND) == sorted(schema.BY_NAME)


def test_each_region_has_its_own_colour_and_mark():
    assert len({region.colour for region in schema.REGIONS}) == 9
    assert len({region.mark for region in schema.REGIONS}) == 9


def test_paths_stay_within_their_region():
    for region in schema.REGIONS:
        assert all(0 <= index < region.count for path in region.paths for index in path.indices)
