"""The topology of the dense points: a symmetrical sheet of triangles without holes, and two irises."""

from collections import Counter
from itertools import pairwise

from landmarks.core.dense import DENSE_COUNT, DENSE_FLIPPED, IRISES, TRIANGLES, edges, strokes

LEFT_EYE_CORNER, RIGHT_EYE_CORNER, NOSE_TIP, CHIN = 33, 263, 1, 152


def test_every_point_is_the_mirror_image_of_its_own() -> None:
    assert [DENSE_FLIPPED[other] for other in DENSE_FLIPPED] == list(range(DENSE_COUNT))
    assert DENSE_FLIPPED[LEFT_EYE_CORNER] == RIGHT_EYE_CORNER
    assert DENSE_FLIPPED[NOSE_TIP] == NOSE_TIP
    assert DENSE_FLIPPED[CHIN] == CHIN


def test_the_triangles_are_symmetrical() -> None:
    triangles = {frozenset(each) for each in TRIANGLES}
    assert {frozenset(DENSE_FLIPPED[corner] for corner in each) for each in triangles} == triangles


def test_the_triangles_are_one_sheet_without_holes() -> None:
    sides = Counter(side for ring in TRIANGLES for side in pairwise((*ring, ring[0])))
    assert set(sides.values()) == {1}  # neighbours run along a shared side in opposite directions
    rim = [side for side in sides if side[::-1] not in sides]
    corners = {corner for each in TRIANGLES for corner in each}
    assert corners == set(range(468))
    assert len(rim) == 36
    assert len(corners) - (len(sides) + len(rim)) // 2 + len(TRIANGLES) == 1  # Euler's number of a disc


def test_strokes_draw_each_edge_once() -> None:
    drawn = [tuple(sorted(edge)) for stroke in strokes() for edge in pairwise(stroke)]
    assert sorted(drawn) == sorted(edges())
    assert len(strokes()) < len(edges()) / 10


def test_each_iris_is_a_ring_of_its_own() -> None:
    assert {DENSE_FLIPPED[number] for number in IRISES[0]} == set(IRISES[1])
