"""Millimetres by the iris."""

from typing import Any

import pytest

from landmarks.core.measures import measure
from landmarks.core.measures.report import Unit
from landmarks.core.measures.scale import NoScale, Scale, scale_of
from tests.core.measures.faces import index, plain_face

RIGHT_GUESSED = tuple(0.09 if point == index("right_pupil-0") else 0.01 for point in range(90))


@pytest.mark.parametrize(
    ("more", "iris"),
    [
        ({"irises": (23.0, 24.0)}, 23.5),
        ({"irises": (None, 24.0)}, 24.0),
        ({"irises": (23.0, 12.0), "uncertainty": RIGHT_GUESSED}, 23.0),
        ({"irises": (12.0, 12.0)}, 12.0),
    ],
    ids=["both", "one-covered", "one-guessed", "just-large-enough"],
)
def test_a_pixel_is_measured_by_the_irises_that_are_seen(more: dict[str, Any], iris: float) -> None:
    scale = scale_of(plain_face(**more))
    assert isinstance(scale, Scale)
    assert (scale.iris, scale.mm_per_px) == pytest.approx((iris, 11.7 / iris))


def test_two_irises_are_more_certain_than_one():
    both, one = scale_of(plain_face(irises=(23.4, 23.4))), scale_of(plain_face(irises=(23.4, None)))
    assert isinstance(both, Scale)
    assert isinstance(one, Scale)
    # The spread of the population, 4.3 %, is in both.
    assert (both.error, one.error) == pytest.approx((0.0487, 0.0540), abs=0.0002)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({}, NoScale.NOT_REPORTED),
        ({"irises": (None, None)}, NoScale.HIDDEN),
        ({"irises": (None, 20.0), "uncertainty": RIGHT_GUESSED}, NoScale.HIDDEN),
        ({"irises": (11.9, 12.0)}, NoScale.SMALL),
    ],
    ids=["not-reported", "covered", "guessed", "small"],
)
def test_without_a_visible_iris_there_are_no_millimetres(more: dict[str, Any], reason: NoScale) -> None:
    found = measure(plain_face(**more))
    assert found.scale is reason
    assert all(Unit.MM not in row.values for row in found.rows)


def test_lengths_are_given_in_millimetres():
    found = measure(plain_face(irises=(23.4, 23.4), uncertainty=(0.01,) * 90))
    (row,) = (row for row in found.rows if row.measure.name == "mouth_width")
    whole, pixels = row.values[Unit.MM].whole, row.values[Unit.PX].whole
    assert whole and pixels and pixels.error
    assert (whole.value, whole.error) == pytest.approx((25, pixels.error / 2))
