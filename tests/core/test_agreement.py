"""How well two engines agree: which faces are the same, and how far apart their points are."""

from dataclasses import replace
from math import dist

import pytest

from landmarks.core.agreement import Agreement, compare
from landmarks.core.faces import Face
from landmarks.core.measures import inter_ocular_distance
from landmarks.core.schema import REGIONS, SPANS
from tests.drawing.faces import make_face

LEFT, RIGHT = make_face(300, (200, 300)), make_face(200, (700, 300))


def moved(face: Face, across: float, down: float = 0.0) -> Face:
    return replace(face, points=tuple((x + across, y + down) for x, y in face.points))


def with_point(face: Face, index: int, point: tuple[float, float]) -> Face:
    return replace(face, points=(*face.points[:index], point, *face.points[index + 1 :]))


def swapped(agreement: Agreement) -> Agreement:
    pairs = sorted((replace(pair, first=pair.second, second=pair.first) for pair in agreement.pairs), key=by_first)
    return Agreement(tuple(pairs), agreement.only_second, agreement.only_first)


def by_first(pair):
    return pair.first


def test_a_result_agrees_with_itself():
    agreement = compare([LEFT, RIGHT], [LEFT, RIGHT])
    assert [(pair.first, pair.second) for pair in agreement.pairs] == [(1, 1), (2, 2)]
    assert agreement.mean == 0
    assert agreement.only_first == agreement.only_second == ()


def test_distances_are_in_percent_of_the_eye_distance():
    eyes = inter_ocular_distance(LEFT)
    (pair,) = compare([LEFT], [moved(LEFT, 0.03 * eyes, 0.04 * eyes)]).pairs
    assert pair.mean == pytest.approx(5)
    assert [gap.region for gap in pair.regions] == [region.name for region in REGIONS]
    assert [gap.mean for gap in pair.regions] == pytest.approx([5.0] * len(REGIONS))


def test_the_eye_distance_is_the_mean_of_both():
    smaller = make_face(200, (200, 300))
    (pair,) = compare([LEFT], [smaller]).pairs
    tips = dist(LEFT.region("left_pupil")[0], smaller.region("left_pupil")[0])
    mean = next(gap.mean for gap in pair.regions if gap.region == "left_pupil")
    assert mean == pytest.approx(100 * tips / ((0.64 * 300 + 0.64 * 200) / 2))


def test_the_worst_point_is_named():
    index = SPANS["mouth"].start + 3
    x, y = LEFT.points[index]
    (pair,) = compare([LEFT], [with_point(LEFT, index, (x, y + 0.2 * inter_ocular_distance(LEFT)))]).pairs
    assert pair.worst and (pair.worst.region, pair.worst.index) == ("mouth", 3)
    assert pair.worst.distance == pytest.approx(20)
    assert pair.mean == pytest.approx(20 / 90)


def test_faces_are_paired_by_position_not_by_order():
    agreement = compare([LEFT, RIGHT], [moved(RIGHT, 2), moved(LEFT, 2)])
    assert [(pair.first, pair.second) for pair in agreement.pairs] == [(1, 2), (2, 1)]


def test_a_face_that_only_one_found_is_listed():
    assert compare([LEFT, RIGHT], [RIGHT]).only_first == (1,)
    assert compare([LEFT], [RIGHT, LEFT]).only_second == (1,)
    assert compare([LEFT], []) == Agreement((), (1,), ())


def test_boxes_that_hardly_overlap_are_two_faces():
    agreement = compare([LEFT], [moved(LEFT, 170)])
    assert (agreement.only_first, agreement.only_second) == ((1,), (1,))
    assert agreement.mean is None
    assert agreement.regions == ()


def test_no_face_is_paired_twice_and_the_better_overlap_wins():
    agreement = compare([LEFT], [moved(LEFT, 60), moved(LEFT, 5)])
    assert [(pair.first, pair.second) for pair in agreement.pairs] == [(1, 2)]
    assert agreement.only_second == (1,)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([LEFT, RIGHT], [moved(RIGHT, 3, 4), moved(LEFT, -5)]),
        ([LEFT], [RIGHT, make_face(280, (205, 300))]),
        ([LEFT] * 3, [LEFT] * 2),
        ([LEFT, moved(LEFT, 40)], [moved(LEFT, 20), moved(LEFT, 60)]),
    ],
)
def test_the_other_way_round_is_the_same(first: list[Face], second: list[Face]):
    assert compare(second, first) == swapped(compare(first, second))


def test_without_an_eye_distance_nothing_is_measured():
    inner = LEFT.region("left_eye")[0]
    flat = with_point(LEFT, SPANS["right_eye"].start, inner)
    agreement = compare([flat], [flat])
    (pair,) = agreement.pairs
    assert (pair.regions, pair.mean, pair.worst) == ((), None, None)
    assert agreement.mean is None
    assert agreement.regions == ()


def test_the_mean_over_faces_leaves_out_what_could_not_be_measured():
    flat = with_point(LEFT, SPANS["right_eye"].start, LEFT.region("left_eye")[0])
    eyes = inter_ocular_distance(RIGHT)
    agreement = compare([flat, RIGHT], [flat, moved(RIGHT, 0.1 * eyes)])
    assert agreement.mean == pytest.approx(10)
    assert [gap.mean for gap in agreement.regions] == pytest.approx([10.0] * len(REGIONS))
