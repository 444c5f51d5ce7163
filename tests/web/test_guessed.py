"""How the page explains guessed points."""

from dataclasses import replace

import pytest

from landmarks.core.schema import SPANS
from landmarks.web.presenters.guessed import guessed_points, what_is_covered
from landmarks.web.presenters.measurements import eyes, measurements, mouth
from tests.drawing.faces import make_face

FACE = make_face(200)


def covered(*regions: str):
    guessed = {index for name in regions for index in range(SPANS[name].start, SPANS[name].stop)}
    errors = tuple(0.1 if index in guessed else 0.01 for index in range(90))
    return replace(FACE, covered=regions, uncertainty=errors)


def test_a_covered_mouth_is_the_cause():
    guessed = guessed_points((covered("mouth"),), 1000, 1000)
    assert (guessed.count, guessed.causes, guessed.covered) == (22, ("covered",), "the mouth is covered")


@pytest.mark.parametrize(("scheme", "total", "count"), [("ibug68", 68, 20), ("wflw98", 98, 20), ("five", 5, 2)])
def test_points_are_counted_in_the_scheme_that_is_shown(scheme, total, count):
    guessed = guessed_points((covered("mouth"),), 1000, 1000, scheme)
    assert (guessed.total, guessed.count, guessed.causes) == (total, count, ("covered",))


@pytest.mark.parametrize(
    ("regions", "words"),
    [
        (("left_eye", "right_eye", "left_pupil", "right_pupil"), "the eyes are covered"),
        (("left_eye", "left_pupil"), "the eye on the left is covered"),
        (("face_profile", "mouth", "nose"), "the nose, the mouth and the contour are covered"),
        (("left_eye", "right_eye", "nose", "mouth"), "the eyes, the nose and the mouth are covered"),
        (("left_pupil",), "a part of the face is covered"),
        ((), ""),
    ],
    ids=["eyes", "one-eye", "mask", "most", "pupil", "nothing"],
)
def test_covered_parts_are_named(regions, words):
    assert what_is_covered((covered(*regions),)) == words


@pytest.mark.parametrize(
    ("regions", "words"),
    [
        (("mouth",), "the mouth of face 2 is covered"),
        (("left_eye", "right_eye", "mouth"), "the eyes and the mouth of face 2 are covered"),
        (("left_pupil",), "a part of face 2 is covered"),
    ],
    ids=["mouth", "two-parts", "pupil"],
)
def test_among_several_faces_the_covered_one_is_named(regions, words):
    assert what_is_covered((FACE, covered(*regions), FACE)) == words


def test_of_several_covered_faces_only_the_number_is_said():
    assert what_is_covered((covered("mouth"), FACE, covered("nose"))) == "parts of 2 faces are covered"


def test_figures_of_covered_parts_are_not_shown():
    face = covered("left_eye", "right_eye", "left_pupil", "right_pupil", "mouth")
    found = {each.label: each.value for group in measurements(face, 1000, 1000) for each in group}
    assert (found["Eyes"], found["Mouth"], found["Gaze"]) == ("Covered",) * 3
    assert (eyes(face), mouth(face)) == ("Covered", "Covered")


def test_one_closed_eye_beside_a_covered_one_is_one():
    closed = replace(covered("right_eye"), points=((5.0, 5.0),) * 90)
    assert eyes(closed) == "One closed"
