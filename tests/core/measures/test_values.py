"""Each measure on a face whose values can be computed by hand."""

import cmath
import math
from dataclasses import replace

import pytest

from landmarks.core.faces import Face, Pose
from landmarks.core.measures import MEASURES, FaceMeasures, measure
from landmarks.core.measures.definition import Kind
from landmarks.core.measures.report import Unit, Values
from tests.core.measures.faces import index, mirrored, moved, plain_face

TILT = math.degrees(math.atan(4 / 30))
LEFT_SMILE = 90 + math.degrees(math.atan(11 / 25))
BY_HAND = {
    "palpebral_fissure_height": 11,
    "palpebral_fissure_width": math.hypot(30, 4),
    "palpebral_fissure_index": 1100 / math.hypot(30, 4),
    "mrd1": 6,
    "mrd2": 5,
    "canthal_tilt": TILT,
    "intercanthal_distance": 30,
    "interpupillary_distance": 60,
    "outer_canthal_distance": 90,
    "intercanthal_index": 100 / 3,
    "brow_height": 26,
    "brow_height_inner": 18,
    "brow_height_outer": 16,
    "nose_width": 32,
    "nose_height": 47,
    "nasal_index": 3200 / 47,
    "philtrum_length": 17,
    "mouth_width": 50,
    "commissure_height": 70,
    "commissure_to_midline": 25,
    "commissure_excursion": math.hypot(25, 11),
    "smile_angle": LEFT_SMILE,
    "face_width": 150,
    "face_height": 112,
    "facial_index": 11200 / 150,
    "middle_third": 63,
    "lower_third": 65,
    "thirds_index": 6500 / 63,
    "upper_lip_share": 2500 / 65,
    "outer_fifth": 20,
    "eye_fifth": 20,
    "middle_fifth": 20,
}
"""In pixels, degrees or percent, of each side."""
NATURAL = {Kind.LENGTH: Unit.PX, Kind.ANGLE: Unit.DEGREE, Kind.INDEX: Unit.PERCENT}


def natural(found: FaceMeasures, name: str) -> Values:
    """In pixels, degrees or percent."""
    (row,) = (row for row in found.rows if row.measure.name == name)
    return row.values[NATURAL[row.measure.kind]]


def plain_values(found: FaceMeasures, name: str) -> list[float]:
    """Without sides the value alone, else left, right and difference."""
    values = natural(found, name)
    figures = [values.whole] if values.whole else [values.left, values.right, values.difference]
    assert all(figures)
    return [figure.value for figure in figures if figure]


def test_every_measure_is_computed_by_hand_here():
    assert set(BY_HAND) == set(MEASURES)


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_is_what_it_is_by_hand(name: str) -> None:
    expected = BY_HAND[name]
    values = [expected, expected, 0] if MEASURES[name].has_sides else [expected]
    assert plain_values(measure(plain_face()), name) == pytest.approx(values, abs=1e-9)


CHANGED = moved(
    plain_face(),
    mouth_6=(30.0, 66.0),
    right_eye_0=(46.0, 0.0),
    right_eye_6=(30.0, -3.0),
    right_eye_5=(23.0, -3.0),
    right_eye_7=(37.0, -3.0),
    right_eye_brow_6=(30.0, -30.0),
    right_eye_brow_0=(55.0, -22.0),
    right_eye_brow_4=(12.0, -17.0),
)
RIGHT_BY_HAND = {
    "mrd1": 3,
    "mrd2": 5,
    "palpebral_fissure_height": 8,
    "palpebral_fissure_width": 31,
    "canthal_tilt": 0,
    "brow_height": 30,
    "brow_height_inner": 17,
    "brow_height_outer": 22,
    "commissure_height": 66,
    "commissure_to_midline": 30,
    "commissure_excursion": math.hypot(30, 15),
    "smile_angle": 90 + math.degrees(math.atan(15 / 30)),
    "eye_fifth": 100 * 31 / 150,
    "outer_fifth": 100 * 29 / 150,
}


@pytest.mark.parametrize("name", RIGHT_BY_HAND)
def test_the_sides_are_measured_by_themselves(name: str) -> None:
    left, right = BY_HAND[name], RIGHT_BY_HAND[name]
    assert plain_values(measure(CHANGED), name) == pytest.approx([left, right, left - right])


def test_the_difference_is_also_given_in_percent_of_the_mean():
    found = {row.measure.name: row for row in measure(CHANGED).rows}
    percent = found["mrd1"].percent
    assert percent and percent.value == pytest.approx(100 * 3 / 4.5)
    assert found["canthal_tilt"].percent is None
    assert found["nose_width"].percent is None


@pytest.mark.parametrize("name", MEASURES)
def test_the_mirror_image_exchanges_left_and_right_exactly(name: str) -> None:
    plain, other = natural(measure(CHANGED), name), natural(measure(mirrored(CHANGED)), name)
    assert (other.left, other.right, other.whole) == (plain.right, plain.left, plain.whole)
    if plain.difference and other.difference:
        assert other.difference.value == -plain.difference.value


@pytest.mark.parametrize("name", MEASURES)
def test_tilt_size_and_position_change_no_shape(name: str) -> None:
    def turned(x: float, y: float) -> tuple[float, float]:
        point = complex(x, y) * cmath.rect(2.5, math.radians(160)) + complex(400, 300)
        return point.real, point.imag

    face = replace(CHANGED, points=tuple(turned(*point) for point in CHANGED.points))
    factor = 2.5 if MEASURES[name].kind is Kind.LENGTH else 1
    expected = [factor * value for value in plain_values(measure(CHANGED), name)]
    assert plain_values(measure(face), name) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_needs_the_points_that_it_names_and_no_others(name: str) -> None:
    def with_moved(point: int) -> list[float]:
        points = list(CHANGED.points)
        x, y = points[point]
        points[point] = (x + 0.7, y + 0.9)
        return plain_values(measure(replace(CHANGED, points=tuple(points))), name)

    plain = plain_values(measure(CHANGED), name)
    changing = {point for point in range(90) if with_moved(point) != plain}
    assert changing <= MEASURES[name].points
    # Of a line, only the step counts that is crossed.
    assert len(changing) >= 2


def test_lengths_come_in_percent_of_the_eye_distance_too():
    (row,) = (row for row in measure(plain_face()).rows if row.measure.name == "mouth_width")
    whole = row.values[Unit.EYE_PERCENT].whole
    assert whole and whole.value == pytest.approx(100 * 50 / 90)


def test_both_parts_of_the_fissure_add_up_to_its_height():
    found = measure(CHANGED)
    for side in ("left", "right"):
        upper, lower, height = (
            getattr(natural(found, name), side).value for name in ("mrd1", "mrd2", "palpebral_fissure_height")
        )
        assert upper + lower == pytest.approx(height)


def test_the_fifths_add_up_to_the_width():
    found = measure(CHANGED)
    sides = [sum(plain_values(found, name)[:2]) for name in ("outer_fifth", "eye_fifth")]
    assert sum(sides) + plain_values(found, "middle_fifth")[0] == pytest.approx(100)


def test_a_lid_below_the_pupil_has_a_negative_distance():
    face = moved(plain_face(), left_eye_5=(-23.0, 2.0), left_eye_6=(-30.0, 2.0), left_eye_7=(-37.0, 2.0))
    assert plain_values(measure(face), "mrd1")[0] == pytest.approx(-2)


def test_a_pupil_beside_the_eye_is_measured_to_its_nearer_corner():
    face = moved(plain_face(), left_pupil_0=(-60.0, 0.0))
    assert plain_values(measure(face), "mrd1")[0] == pytest.approx(4)


@pytest.mark.parametrize(("yaw", "is_turned"), [(10.0, False), (10.1, True), (-11.0, True), (None, False)])
def test_beyond_ten_degrees_of_yaw_sides_are_not_comparable(yaw: float | None, is_turned: bool) -> None:
    pose = None if yaw is None else Pose(yaw, 0, 0)
    found = measure(plain_face(pose=pose))
    assert (found.yaw, found.is_turned) == (yaw, is_turned)


def test_a_face_in_one_point_has_no_shares_and_is_no_error():
    found = measure(Face(((5.0, 5.0),) * 90, None, uncertainty=(0.1,) * 90))
    assert found.symmetry is None
    assert plain_values(found, "mouth_width") == [0]
    assert natural(found, "nasal_index").whole is None
    assert natural(found, "canthal_tilt").left is None


def test_a_measure_with_a_guessed_point_says_so():
    uncertainty = [0.01] * 90
    uncertainty[index("mouth-6")] = 0.09
    found = {row.measure.name: row.is_guessed for row in measure(plain_face(uncertainty=tuple(uncertainty))).rows}
    assert found["mouth_width"]
    assert not found["nose_width"]
