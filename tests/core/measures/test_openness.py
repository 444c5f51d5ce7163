"""The eye distance, and how open eyes and mouth are."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from landmarks.core.faces import Face
from landmarks.core.measures import eye_openness, inter_ocular_distance, mouth_openness, openness
from landmarks.wire.acedata import face_from_wire
from tests.drawing.faces import make_face

REPLIES = Path(__file__).parents[2] / "replies"


def moved(face: Face, **places: tuple[float, float]) -> Face:
    """The face with points (named like `p53`) somewhere else."""
    points = list(face.points)
    for name, point in places.items():
        points[int(name[1:])] = point
    return Face(tuple(points), None)


def test_the_eye_distance_is_that_of_the_outer_corners():
    face = moved(make_face(), p21=(100.0, 100.0), p29=(130.0, 140.0))
    assert inter_ocular_distance(face) == 50


def test_an_eye_s_openness_is_its_height_to_its_width():
    lids = {"p21": (0.0, 0.0), "p25": (40.0, 0.0), "p22": (10.0, 6.0), "p24": (30.0, 4.0), "p28": (10.0, -4.0)}
    face = moved(make_face(), **lids, p26=(30.0, -6.0))
    assert eye_openness(face)[0] == pytest.approx(0.25)


def test_openness_does_not_change_with_size_or_tilt():
    face = make_face(300)
    turned = Face(tuple((3 * y, -3 * x) for x, y in face.points), None)
    assert eye_openness(turned) == pytest.approx(eye_openness(face))
    assert mouth_openness(turned) == pytest.approx(mouth_openness(face))


def test_a_mouth_whose_lips_meet_is_closed():
    face = make_face()
    mouth = face.region("mouth")
    closed = moved(face, p71=mouth[15], p72=mouth[14], p73=mouth[13])
    assert mouth_openness(closed) == 0
    assert mouth_openness(face) > 0.1


def test_a_face_in_one_point_is_neither_open_nor_an_error():
    face = Face(((5.0, 5.0),) * 90, None)
    assert (eye_openness(face), mouth_openness(face)) == ((0, 0), 0)


def test_what_is_covered_is_not_measured():
    face = replace(make_face(), covered=("right_eye", "mouth"))
    assert eye_openness(face) == (eye_openness(make_face())[0], None)
    assert mouth_openness(face) is None
    assert openness(face)["eye_openness"][1] is openness(face)["mouth_openness"] is None


def test_the_hosted_api_s_points_can_be_measured():
    reply = json.loads((REPLIES / "ace_guide_690x920.json").read_text())["response"]
    face = face_from_wire(reply["face_shape_set"][0])
    assert all(0.2 < each < 0.5 for each in eye_openness(face))
    assert mouth_openness(face) < 0.2
