"""The mean shape of several faces, and its spread."""

import cmath
import math
import random
from dataclasses import replace

import pytest

from landmarks.core.faces import Face
from landmarks.core.schema import SPANS
from landmarks.core.shapes import mean_shape
from tests.core.measures.faces import index, moved, plain_face


def placed(face: Face, scale: float, degrees: float, x: float, y: float) -> Face:
    turn = cmath.rect(scale, math.radians(degrees))
    points = (complex(*point) * turn + complex(x, y) for point in face.points)
    return replace(face, points=tuple((point.real, point.imag) for point in points))


def test_position_size_and_tilt_are_no_difference_of_shape():
    face = plain_face()
    shape = mean_shape([face, placed(face, 3, 40, 500, 20), placed(face, 0.4, -100, 0, 90)])
    assert shape and shape.count == 3
    assert shape.points[SPANS["left_eye"].start] == pytest.approx((-0.5, 0), abs=1e-9)
    assert shape.points[SPANS["right_eye"].start] == pytest.approx((0.5, 0), abs=1e-9)
    assert shape.points[index("face_profile-10")] == pytest.approx((0, 114 / 90))
    assert max(spread.first for spread in shape.spreads) == pytest.approx(0, abs=1e-9)


def test_a_point_that_differs_has_a_spread_along_its_way():
    up, down = moved(plain_face(), mouth_9=(0, 59)), moved(plain_face(), mouth_9=(0, 65))
    shape = mean_shape([up, down])
    assert shape
    x, y = shape.points[index("mouth-9")]
    assert (x, y) == pytest.approx((0, 66 / 90), abs=0.002)
    spread = shape.spreads[index("mouth-9")]
    # Of two values 6 px apart; alignment takes a little of it.
    assert spread.first == pytest.approx(math.sqrt(18) / 90, rel=0.05)
    assert spread.second == pytest.approx(0, abs=0.001)
    assert abs(spread.degrees) == pytest.approx(90, abs=1)


def test_the_spread_is_the_scatter_of_a_point():
    chance = random.Random(5)  # noqa: S311 -- no secret
    faces = [moved(plain_face(), mouth_9=(chance.gauss(0, 4), 62 + chance.gauss(0, 2))) for _ in range(400)]
    shape = mean_shape(faces)
    assert shape
    spread = shape.spreads[index("mouth-9")]
    assert (spread.first * 90, spread.second * 90) == pytest.approx((4, 2), rel=0.1)
    assert spread.degrees == pytest.approx(0, abs=10)


def test_one_face_has_no_spread_and_none_no_mean():
    one = mean_shape([plain_face()])
    assert one and all(spread.first == 0 for spread in one.spreads)
    assert mean_shape([]) is None
    assert mean_shape([Face(((3.0, 3.0),) * 90, None)]) is None
