"""The numbered drawing: a symmetrical face with all points, whose numbers stand on nothing."""

import math
from itertools import combinations

import numpy as np
import pytest

from landmarks.core.schema import BY_NAME, POINT_COUNT, REGIONS
from landmarks.drawing.reference_face import (
    DETAIL_HEIGHT,
    DRAWN_FACE,
    HEIGHT,
    INNER_LIPS,
    LOWER_LIP,
    MEAN_FACE,
    UPPER_LIP,
    WIDTH,
    Plan,
    plan_detail,
    plan_face,
)
from landmarks.engines.local.keypoints import flip_points
from tests.order import broken_rules

PLANS = [pytest.param(plan_face(), id="face"), *(pytest.param(plan_detail(name), id=name) for name in BY_NAME)]


def flat(face: dict) -> np.ndarray:
    return np.array([point for region in REGIONS for point in face[region.name]])


def test_the_mean_face_has_the_points_of_the_schema():
    assert {name: len(points) for name, points in MEAN_FACE.items()} == {each.name: each.count for each in REGIONS}
    assert broken_rules(MEAN_FACE) == []


@pytest.mark.parametrize("face", [MEAN_FACE, DRAWN_FACE], ids=["mean", "drawn"])
def test_the_face_is_its_own_mirror_image(face):
    assert flip_points(flat(face)) == pytest.approx(flat(face), abs=1e-9)


def test_only_the_lips_and_the_brows_are_moved():
    moved = {name for name in MEAN_FACE if MEAN_FACE[name] != DRAWN_FACE[name]}
    assert moved == {"mouth", "left_eye_brow", "right_eye_brow"}


def test_the_lips_are_apart_and_the_face_is_plausible():
    upper, lower = ([DRAWN_FACE["mouth"][i][1] for i in INNER_LIPS if i in lip] for lip in (UPPER_LIP, LOWER_LIP))
    assert min(lower) - max(upper) > 0.1
    assert broken_rules(DRAWN_FACE) == []


def test_the_face_shows_each_point_of_the_schema_once():
    assert [place.name for place in plan_face().points] == [
        f"{region.name}-{index}" for region in REGIONS for index in range(region.count)
    ]
    assert len(plan_face().points) == POINT_COUNT


@pytest.mark.parametrize("name", BY_NAME)
def test_a_detail_shows_its_region_alone(name):
    places = plan_detail(name).points
    assert [place.index for place in places] == list(range(BY_NAME[name].count))
    assert {place.region.name for place in places} == {name}


def test_a_pupil_is_shown_within_its_eye():
    assert len(plan_detail("left_pupil").context) == len(BY_NAME["left_eye"].paths)
    assert plan_detail("left_eye").context == ()


@pytest.mark.parametrize("plan", PLANS)
def test_everything_lies_within_the_picture(plan: Plan):
    assert plan.height in (HEIGHT, DETAIL_HEIGHT)
    for place in plan.points:
        for x, y in (place.centre, place.number):
            assert plan.letters / 2 <= x <= WIDTH - plan.letters / 2
            assert plan.letters / 2 <= y <= plan.height - plan.letters / 2


@pytest.mark.parametrize("plan", PLANS)
def test_no_number_stands_on_a_mark_or_on_another_number(plan: Plan):
    for place in plan.points:
        for other in plan.points:
            assert gap(plan, place.number, len(str(place.index)), other.centre) > 0
    for one, other in combinations(plan.points, 2):
        dx, dy = (abs(a - b) for a, b in zip(one.number, other.number, strict=True))
        letters = (len(str(one.index)) + len(str(other.index))) / 2
        assert dx > 0.6 * plan.letters * letters or dy > 0.7 * plan.letters, (one.name, other.name)


def gap(plan: Plan, number: tuple[float, float], digits: int, mark: tuple[float, float]) -> float:
    """From the box of the figures to a round mark."""
    across = max(abs(number[0] - mark[0]) - 0.29 * plan.letters * digits, 0)
    down = max(abs(number[1] - mark[1]) - 0.36 * plan.letters, 0)
    return math.hypot(across, down) - 0.9 * plan.radius
