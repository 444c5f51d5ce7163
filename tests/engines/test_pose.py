"""Which way a head is turned, from the vertices of its mesh."""

import cv2
import numpy as np
import pytest
from PIL import Image

from landmarks.engines.local.detector import Detector
from landmarks.engines.local.mesh import Mesh, MeshResult
from landmarks.engines.local.pose import NUMBERS, REFERENCE, fit_head
from landmarks.engines.local.pyramid import Pyramid


def head_turned(yaw: float = 0, pitch: float = 0, roll: float = 0) -> np.ndarray:
    """The vertices of the reference head, 80 pixels between the eyes, looking that way."""
    y, p, r = np.radians([yaw, pitch, roll])
    across = np.array([[np.cos(y), 0, -np.sin(y)], [0, 1, 0], [np.sin(y), 0, np.cos(y)]])
    up = np.array([[1, 0, 0], [0, np.cos(p), np.sin(p)], [0, -np.sin(p), np.cos(p)]])
    tilt = np.array([[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]])
    vertices = np.zeros((478, 3))
    vertices[NUMBERS] = 80 * REFERENCE @ (tilt @ across @ up).T + [300, 200, 7]
    return vertices


@pytest.fixture(scope="module")
def mesh(models_dir):
    return Mesh(models_dir)


@pytest.fixture(scope="module")
def run(models_dir, images, mesh):
    detector = Detector(models_dir)

    def run(name: str, change=lambda image: image) -> MeshResult:
        with Image.open(images / name) as file:
            photo = Pyramid(np.ascontiguousarray(change(np.asarray(file.convert("RGB")))))
        found = [each for turned in (0, 90, 180, 270) for each in detector.search(photo, turned).found]
        results = [mesh.run(photo, each) for each in found]
        return min((each for each in results if each.presence > 10), key=lambda each: each.crop.centre[1])

    return run


@pytest.mark.parametrize(
    ("yaw", "pitch", "roll"), [(0, 0, 0), (30, 0, 0), (-50, 0, 0), (0, 25, 0), (0, -25, 0), (0, 0, 120), (-35, 20, -80)]
)
def test_the_pose_of_a_turned_reference_head_is_recovered(yaw, pitch, roll):
    pose = fit_head(head_turned(yaw, pitch, roll)).pose
    assert (pose.yaw, pose.pitch, pose.roll) == pytest.approx((yaw, pitch, roll), abs=0.1)


def test_the_signs_are_those_that_a_person_sees():
    nose, root = 1, 197
    assert head_turned(yaw=30)[nose, 0] > head_turned(yaw=30)[root, 0]  # to the right of the picture
    assert head_turned(pitch=30)[nose, 1] < head_turned()[nose, 1]  # up
    assert head_turned(roll=30)[226, 1] < head_turned(roll=30)[446, 1]  # clockwise: the right eye is the lower one


def test_the_scale_does_not_shrink_with_a_turn():
    assert fit_head(head_turned(yaw=50)).scale == pytest.approx(80, rel=0.01)


def test_coinciding_vertices_have_some_pose():
    head = fit_head(np.full((478, 3), 5.0))
    assert head.scale == pytest.approx(0)
    assert all(np.isfinite([head.pose.yaw, head.pose.pitch, head.pose.roll]))


@pytest.mark.parametrize("name", ["astronaut.jpg", "obama-240p.jpg"])
def test_a_mirrored_photo_turns_yaw_and_roll_around(run, name):
    plain = fit_head(run(name).vertices).pose
    mirrored = fit_head(run(name, np.fliplr).vertices).pose
    assert (mirrored.yaw, mirrored.pitch, mirrored.roll) == pytest.approx((-plain.yaw, plain.pitch, -plain.roll), abs=3)


def test_a_photo_on_its_side_rolls_by_a_right_angle(run):
    plain = fit_head(run("astronaut.jpg").vertices).pose
    turned = fit_head(run("astronaut.jpg", lambda image: np.rot90(image, -1)).vertices).pose
    assert (turned.yaw, turned.pitch) == pytest.approx((plain.yaw, plain.pitch), abs=3)
    assert turned.roll - plain.roll == pytest.approx(90, abs=2)


def test_agrees_with_a_camera_model_that_knows_no_depth(run):
    vertices = run("two_people.jpg").vertices
    head, points = fit_head(vertices), vertices[NUMBERS, :2]
    far = 8 * head.scale
    centre = points.mean(axis=0)
    camera = np.array([[far, 0, centre[0]], [0, far, centre[1]], [0, 0, 1]])
    start = np.zeros((3, 1)), np.array([[0.0], [0.0], [8.0]])
    _, turn, _ = cv2.solvePnP(REFERENCE, points, camera, None, *start, True, cv2.SOLVEPNP_ITERATIVE)
    turn = cv2.Rodrigues(turn)[0]
    assert head.pose.yaw == pytest.approx(np.degrees(np.arcsin(turn[2, 0])), abs=4)
    assert head.pose.pitch == pytest.approx(np.degrees(np.arctan2(-turn[2, 1], turn[2, 2])), abs=6)
