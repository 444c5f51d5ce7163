"""Boxes and transforms in pixels."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmarks.core.pixels import Box, Transform

SIZE = (640, 480)
sizes = st.integers(1, 8000)
coordinates = st.floats(-2000, 9000)
transforms = st.one_of(
    st.builds(Transform.shift, st.floats(-500, 500), st.floats(-500, 500)),
    st.builds(Transform.scale, st.floats(0.05, 20)),
    st.builds(Transform.resize, st.tuples(sizes, sizes), st.tuples(sizes, sizes)),
    st.builds(Transform.flip, sizes),
    st.builds(Transform.turn, st.sampled_from([0, 90, 180, 270]), st.tuples(sizes, sizes)),
    st.builds(
        Transform.align,
        st.tuples(coordinates, coordinates),
        st.tuples(coordinates, coordinates),
        scale=st.floats(0.1, 10),
        roll=st.floats(-math.pi, math.pi),
    ),
)


def test_boxes_that_overlap_by_half_share_a_third():
    assert Box(0, 0, 2, 2).iou(Box(1, 0, 3, 2)) == pytest.approx(1 / 3)
    assert Box(0, 0, 2, 2).iou(Box(0, 0, 2, 2)) == 1
    assert Box(0, 0, 2, 2).iou(Box(2, 0, 4, 2)) == 0


def test_boxes_without_an_area_share_nothing():
    point = Box(5, 5, 5, 5)
    assert point.iou(point) == 0


def test_a_grown_box_is_larger_on_every_side():
    assert Box(1, 2, 3, 4).grown(0.5) == Box(0.5, 1.5, 3.5, 4.5)


def test_enlarging_keeps_the_edges_and_moves_the_first_centre():
    assert Transform.scale(3).point((-0.5, -0.5)) == (-0.5, -0.5)
    assert Transform.scale(3).point((0, 0)) == (1, 1)


def test_resizing_maps_edges_to_edges():
    resize = Transform.resize((640, 480), (320, 120))
    assert resize.point((-0.5, -0.5)) == (-0.5, -0.5)
    assert resize.point((639.5, 479.5)) == (319.5, 119.5)


def test_a_side_that_keeps_its_length_keeps_its_coordinates():
    assert Transform.resize((640, 480), (640, 480)).point((0.1, 0.7)) == (0.1, 0.7)
    assert Transform.resize((4001, 64), (4000, 64)).point((2, 7))[1] == 7


def test_a_point_halfway_between_two_pixels_stays_exact():
    back = Transform.resize((4000, 3000), (4032, 3024))
    assert back.point((62, 0))[0] == 62.5


@pytest.mark.parametrize(
    ("degrees", "corner"), [(0, (0, 0)), (90, (479, 0)), (180, (639, 479)), (270, (0, 639))], ids=str
)
def test_turning_clockwise_moves_the_first_pixel(degrees, corner):
    assert Transform.turn(degrees, SIZE).point((0, 0)) == corner


def test_flipping_swaps_the_first_and_the_last_pixel():
    assert Transform.flip(640).point((0, 3)) == (639, 3)
    assert Transform.flip(640).then(Transform.flip(640)).point((12.5, 3)) == (12.5, 3)


def test_aligning_brings_a_tilted_face_upright_to_its_place():
    align = Transform.align((100, 50), (20, 30), scale=2, roll=math.pi / 2)
    assert align.point((100, 50)) == pytest.approx((20, 30))
    # On a face that is tilted clockwise by a right angle, what is below its centre in the photo is on its right.
    assert align.point((100, 60)) == pytest.approx((40, 30))


def test_a_box_stays_upright_when_turned():
    assert Transform.turn(90, SIZE).box(Box(0, 0, 10, 20)) == Box(459, 0, 479, 10)


def test_rows_are_the_matrix():
    (xx, xy, dx), (yx, yy, dy) = Transform.resize((4, 2), (8, 8)).rows()
    assert (xx, xy, dx, yx, yy, dy) == (2, 0, 0.5, 0, 4, 1.5)


@given(transforms, coordinates, coordinates)
def test_the_inverse_leads_back(transform, x, y):
    assert transform.inverse().point(transform.point((x, y))) == pytest.approx((x, y), abs=1e-3)


@given(transforms, transforms, coordinates, coordinates)
def test_chained_transforms_do_one_after_the_other(first, second, x, y):
    expected = second.point(first.point((x, y)))
    assert first.then(second).point((x, y)) == pytest.approx(expected, rel=1e-6, abs=1e-3)
