"""Expected errors of points, and whether they are right."""

import numpy as np
import pytest
from PIL import Image, ImageFilter, ImageOps

from landmarks.core.faces import GUESSED
from landmarks.core.finding import Options
from landmarks.core.measures import inter_ocular_distance
from landmarks.core.schema import SPANS
from landmarks.engines.local import uncertainty
from landmarks.engines.local.engine import LocalEngine
from landmarks.engines.local.keypoints import FLIPPED_ARRAY, flip_points
from landmarks.engines.local.pose import Head
from landmarks.engines.local.uncertainty import (
    CLEAR,
    FAR_FROM,
    LARGE_FROM,
    LARGE_TO,
    LEFT_HALF,
    expected_errors,
    hidden_errors,
    is_doubted,
    weight_of_flipped,
)
from landmarks.photos.photo import Photo
from tests.drawing.faces import make_face


def head(yaw: float = 0.0, scale: float = 100.0) -> Head:
    angle = np.radians(yaw)
    return Head(np.array([[np.cos(angle), 0, -np.sin(angle)], [0, 1, 0], [np.sin(angle), 0, np.cos(angle)]]), scale)


FACE = make_face(200)
POINTS = np.array(FACE.points)
APART = inter_ocular_distance(FACE)


@pytest.fixture(scope="module")
def find(models_dir):
    engine = LocalEngine(models_dir)
    return lambda image: engine.find(Photo(image, "PNG", 1), Options(max_faces=10)).faces[0]


@pytest.fixture(scope="module")
def astronaut(images):
    with Image.open(images / "astronaut.jpg") as file:
        return file.convert("RGB")


def test_flipping_an_index_twice_gives_the_index():
    assert (FLIPPED_ARRAY[FLIPPED_ARRAY] == np.arange(90)).all()
    assert FLIPPED_ARRAY[SPANS["left_eye"]].tolist() == list(range(29, 37))


def test_all_points_of_a_mirrored_photo_are_the_mirrored_points(find, astronaut):
    plain, other = (np.array(find(image).points) for image in (astronaut, ImageOps.mirror(astronaut)))
    assert np.abs(flip_points(other) + [astronaut.width - 1, 0] - plain).max() < 2


def test_a_clear_face_has_no_guessed_point(find, astronaut):
    face = find(astronaut)
    assert not face.guessed
    assert 0.02 < np.mean(face.uncertainty) < 0.05


def test_a_blurred_face_is_guessed(find, astronaut):
    assert len(find(astronaut.filter(ImageFilter.GaussianBlur(7))).guessed) > 30


def test_a_smaller_face_is_less_certain(find, astronaut):
    small = find(astronaut.resize((96, 96), Image.Resampling.LANCZOS))
    assert np.mean(small.uncertainty) > 1.2 * np.mean(find(astronaut).uncertainty)


def test_points_at_which_two_runs_differ_are_uncertain():
    other = POINTS.copy()
    other[SPANS["mouth"]] += 0.2 * APART
    agreed = expected_errors(POINTS, head(), 10.0, POINTS)
    apart = expected_errors(POINTS, head(), 10.0, other)
    grown = apart / agreed
    assert grown[SPANS["mouth"]].min() > 1.5 * grown[SPANS["left_eye"]].max()
    assert apart[SPANS["mouth"]].min() > GUESSED > agreed.max()


def test_the_half_that_is_turned_away_is_uncertain():
    assert not hidden_errors(10).any()
    right = hidden_errors(55)
    assert right[FLIPPED_ARRAY[LEFT_HALF]].min() == pytest.approx(0.1)
    assert not right[LEFT_HALF].any()
    assert right[0] == pytest.approx(0.1)  # the end of the contour near the ear
    assert hidden_errors(-55)[FLIPPED_ARRAY] == pytest.approx(right)


def test_errors_are_in_units_of_the_distance_in_the_picture():
    frontal = expected_errors(POINTS, head(scale=APART), 20.0, None)
    shortened = expected_errors(POINTS * [0.5, 1], head(scale=APART), 20.0, None)
    assert shortened == pytest.approx(2 * frontal)


def test_coinciding_points_are_entirely_uncertain():
    errors = expected_errors(np.full((90, 2), 3.0), head(scale=0.0001), 0.0, np.full((90, 2), 3.0))
    assert np.isfinite(errors).all() and errors.max() <= 1


def test_faint_and_turned_faces_are_doubted():
    assert is_doubted(CLEAR - 1, head())
    assert is_doubted(20.0, head(yaw=-40))
    assert not is_doubted(20.0, head(yaw=20))


def test_the_flipped_run_of_a_hardly_doubted_face_has_little_weight():
    assert weight_of_flipped(CLEAR - 0.01, head()) < 0.01
    assert weight_of_flipped(20.0, head(yaw=FAR_FROM + 0.1)) < 0.02


def test_both_runs_of_a_doubted_face_have_the_same_weight():
    assert weight_of_flipped(0.0, head()) == 0.5
    assert weight_of_flipped(20.0, head(yaw=-50)) == 0.5


def test_the_weight_of_the_flipped_run_grows_with_a_large_face():
    assert weight_of_flipped(20.0, head(scale=LARGE_FROM)) == 0
    assert 0 < weight_of_flipped(20.0, head(scale=LARGE_FROM + 1)) < 0.02
    assert weight_of_flipped(20.0, head(scale=LARGE_TO)) == 0.5


def test_a_large_face_is_the_mean_of_two_runs(find, astronaut, monkeypatch):
    large = astronaut.resize((3000, 3000), Image.Resampling.BICUBIC)
    mean = np.array(find(large).points)
    monkeypatch.setattr(uncertainty, "LARGE_FROM", 10_000.0)
    monkeypatch.setattr(uncertainty, "LARGE_TO", 20_000.0)
    plain = find(large)
    apart = np.hypot(*(mean - np.array(plain.points)).T)
    assert 1 < apart.max() < 0.05 * inter_ocular_distance(plain)


def test_a_large_clear_face_is_as_certain_as_a_smaller_one(find, astronaut):
    """The distance between two runs counts for doubted faces only."""
    large, small = find(astronaut.resize((3000, 3000), Image.Resampling.BICUBIC)), find(astronaut)
    assert large.uncertainty == pytest.approx(small.uncertainty, rel=0.1)
    assert large.gaze
