"""The ± of measures and of the symmetry: what comes of the points' errors."""

import math
import random
from dataclasses import replace
from statistics import fmean, stdev

import pytest

from landmarks.core.faces import Face
from landmarks.core.measures import MEASURES, FaceMeasures, Figure, measure
from landmarks.core.measures.definition import Kind
from landmarks.core.measures.propagation import PER_COORDINATE
from landmarks.core.measures.report import Unit
from landmarks.core.measures.symmetry import symmetry
from tests.core.measures.faces import moved, plain_face

SEEN = plain_face(uncertainty=(0.01,) * 90)
SIGMA = 0.01 * 90 * PER_COORDINATE
"""Standard deviation of a coordinate in pixels: the eyes are 90 px apart."""
UNITS = {Kind.LENGTH: Unit.PX, Kind.ANGLE: Unit.DEGREE, Kind.INDEX: Unit.PERCENT}


def figures(found: FaceMeasures) -> dict[tuple[str, str], Figure]:
    """By measure and side, in pixels, degrees or percent."""
    return {
        (row.measure.name, side): figure
        for row in found.rows
        for side, figure in vars(row.values[UNITS[row.measure.kind]]).items()
        if figure
    }


def error(face: Face, name: str, side: str = "whole") -> float:
    found = figures(measure(face))[name, side].error
    assert found is not None
    return found


def scattered(face: Face, chance: random.Random) -> Face:
    """With errors as large as expected."""
    assert face.uncertainty
    spread = [each * 90 * PER_COORDINATE for each in face.uncertainty]
    points = tuple(
        (x + chance.gauss(0, sigma), y + chance.gauss(0, sigma))
        for (x, y), sigma in zip(face.points, spread, strict=True)
    )
    return replace(face, points=points)


def test_a_distance_has_the_errors_of_both_its_ends():
    assert error(SEEN, "mouth_width") == pytest.approx(math.sqrt(2) * SIGMA, rel=0.001)


def test_a_distance_in_shares_has_the_error_of_the_eyes_too():
    (row,) = (row for row in measure(SEEN).rows if row.measure.name == "mouth_width")
    whole = row.values[Unit.EYE_PERCENT].whole
    share = 50 / 90
    expected = 100 * math.sqrt(2) * SIGMA / 90 * math.hypot(1, share)
    assert whole and whole.error == pytest.approx(expected, rel=0.001)


def test_the_eye_distance_has_no_error_in_units_of_itself():
    (row,) = (row for row in measure(SEEN).rows if row.measure.name == "outer_canthal_distance")
    whole = row.values[Unit.EYE_PERCENT].whole
    assert whole and (whole.value, whole.error) == pytest.approx((100, 0))


def test_a_difference_has_no_error_of_what_both_sides_share():
    # The height of both corners below the pupils changes together where a pupil is moved along.
    both = error(SEEN, "commissure_to_midline", "difference")
    side = error(SEEN, "commissure_to_midline", "left")
    assert both < 2 * side
    assert both > side


def test_without_expected_errors_there_is_no_error():
    assert all(figure.error is None for figure in figures(measure(plain_face())).values())
    score = symmetry(plain_face())
    assert score and score.error is None


Scatter = dict[tuple[str, str], list[float]]
"""By measure and side."""


@pytest.fixture(scope="module")
def scatter() -> Scatter:
    """What is measured on 400 faces whose points are off as much as expected."""
    chance, found = random.Random(7), {}  # noqa: S311 -- no secret
    for _ in range(400):
        for key, figure in figures(measure(replace(scattered(SEEN, chance), uncertainty=None))).items():
            found.setdefault(key, []).append(figure.value)
    return found


@pytest.mark.parametrize("name", MEASURES)
def test_errors_are_as_large_as_the_scatter_of_many_faces(name: str, scatter: Scatter) -> None:
    # The lip line breaks at the midline, where the differences from both sides miss a little.
    for (found, side), figure in figures(measure(SEEN)).items():
        if found == name:
            assert figure.error == pytest.approx(stdev(scatter[name, side]), rel=0.15), side


def test_a_symmetrical_face_scores_one():
    score = symmetry(plain_face())
    assert score and score.value == pytest.approx(1)


def test_the_score_falls_by_the_distance_from_the_mirror_image():
    # One of 88 points is 8.8 px off; its counterpart is, too, and alignment takes a little of it.
    score = symmetry(moved(plain_face(), mouth_9=(4.4, 62.0)))
    assert score and score.value == pytest.approx(1 - math.sqrt(8.8**2 / 88) / 90, abs=0.001)


def test_the_score_does_not_change_with_tilt_and_size():
    crooked = moved(plain_face(), mouth_6=(30.0, 60.0))
    turned = replace(crooked, points=tuple((-3 * y, 3 * x) for x, y in crooked.points))
    first, second = symmetry(crooked), symmetry(turned)
    assert first and second and first.value == pytest.approx(second.value)


def test_the_gaze_does_not_change_the_score():
    aside = moved(plain_face(), left_pupil_0=(-35.0, 0.0), right_pupil_0=(25.0, 0.0))
    score = symmetry(aside)
    assert score and score.value == pytest.approx(1)


@pytest.mark.parametrize("place", [(25.0, 70.0), (35.0, 60.0), (60.0, 60.0)], ids=["even", "little", "crooked"])
def test_the_error_of_the_score_covers_what_errors_alone_make_of_it(place: tuple[float, float]) -> None:
    face, chance = moved(SEEN, mouth_6=place), random.Random(3)  # noqa: S311 -- no secret
    score = symmetry(face)
    found = [figure.value for _ in range(100) if (figure := symmetry(scattered(face, chance)))]
    assert score and score.error
    off = math.sqrt(fmean((value - score.value) ** 2 for value in found))
    assert score.error == pytest.approx(off, rel=0.1)
