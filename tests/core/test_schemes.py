"""The counterparts in other schemes: all 90 points have their row, and the rows are those of the reference."""

import json
from pathlib import Path

import pytest

from landmarks.core.schema import REGIONS
from landmarks.core.schemes import COUNTERPARTS, SCHEMES, Quality

COUNTERPARTS_OF_ALL = [
    (point, scheme, counterpart)
    for point, counterparts in COUNTERPARTS.items()
    for scheme in SCHEMES
    if (counterpart := counterparts[scheme.name])
]


def test_every_point_has_a_row_in_the_order_of_the_schema():
    assert list(COUNTERPARTS) == [(region.name, index) for region in REGIONS for index in range(region.count)]


def test_every_counterpart_is_a_blend_of_numbers_that_its_scheme_has():
    for _, scheme, counterpart in COUNTERPARTS_OF_ALL:
        assert sum(weight for _, weight in counterpart.blend) == pytest.approx(1)
        assert all(0 <= number < scheme.count for number, _ in counterpart.blend)


def test_an_exact_counterpart_is_one_point_and_no_two_share_it():
    exact = [(scheme.name, each.blend) for _, scheme, each in COUNTERPARTS_OF_ALL if each.quality is Quality.EXACT]
    assert all(len(blend) == 1 for _, blend in exact)
    assert len(set(exact)) == len(exact)


def test_only_smaller_schemes_lack_points():
    lacking = {scheme.count: 0 for scheme in SCHEMES}
    for counterparts in COUNTERPARTS.values():
        for scheme in SCHEMES:
            lacking[scheme.count] += counterparts[scheme.name] is None
    assert lacking == {68: 14, 98: 6, 106: 6, 478: 0}


def test_the_rows_are_those_of_the_reference(shared: Path):
    points = json.loads((shared / "reference/correspondence.json").read_text())["points"]
    for each in points:
        row = COUNTERPARTS[each["region"], each["index"]]
        for scheme in SCHEMES:
            theirs, ours = each[scheme.name], row[scheme.name]
            assert (theirs is None) == (ours is None)
            if ours:
                assert theirs["quality"] == ours.quality
                assert theirs["blend"] == [list(pair) for pair in ours.blend]
