"""Which way up a face is, by all looks at it."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from benchmarks.scenes import make_scenes
from landmarks.core.finding import Options
from landmarks.core.pixels import Box
from landmarks.core.schema import SPANS
from landmarks.engines.local.confidence import preference
from landmarks.engines.local.detector import Detection, Detector
from landmarks.engines.local.engine import LocalEngine
from landmarks.engines.local.mesh import Crop, Mesh, MeshResult
from landmarks.engines.local.pyramid import Pyramid
from landmarks.engines.local.search import examine, is_shown_again, look_closer, without_duplicates
from landmarks.photos.photo import Photo

ALL = Options(max_faces=100)


@pytest.fixture(scope="module")
def engine(models_dir):
    return LocalEngine(models_dir)


@pytest.fixture(scope="module")
def group():
    """Ten people, upright."""
    return make_scenes().group


def find(engine, image: Image.Image, options: Options = ALL):
    return engine.find(Photo(image, "PNG", 1), options)


def is_upside_down(face) -> bool:
    return face.region("mouth")[0][1] < face.region("left_eye")[0][1]


def test_the_detector_decides_between_looks_that_the_mesh_believes_alike():
    """A forehead taken for a chin, as it was seen: the mesh believes it more, the detector less."""
    right, wrong = Detection(Box(0, 0, 9, 9), (), 0.92), Detection(Box(0, 0, 9, 9), (), 0.84)
    assert preference(right, 23.6, is_turned=True) > preference(wrong, 26.2, is_turned=False)


def test_of_equal_looks_the_photo_as_it_stands_is_preferred():
    look = Detection(Box(0, 0, 9, 9), (), 0.9)
    assert preference(look, 20, is_turned=False) > preference(look, 20, is_turned=True)


@pytest.fixture(scope="module")
def candidate(models_dir, images):
    with Image.open(images / "astronaut.jpg") as file:
        photo = Pyramid(np.asarray(file.convert("RGB")))
    (detection,) = Detector(models_dir).search(photo).found
    return examine(Mesh(models_dir), photo, detection, 0)


def test_of_two_looks_at_a_face_the_preferred_one_stays(candidate):
    other = replace(candidate, turned=90)
    assert without_duplicates([other, candidate]) == [candidate]
    doubted = replace(candidate, presence=candidate.presence - 10)
    assert without_duplicates([doubted, other]) == [other]


def test_a_mesh_that_contradicts_the_marks_is_no_face(candidate):
    def in_crop(roll: float) -> MeshResult:
        crop = candidate.mesh.crop
        return replace(candidate.mesh, crop=Crop(crop.centre, crop.side, crop.roll + roll))

    assert replace(candidate, mesh=in_crop(0.7)).is_face
    assert not replace(candidate, mesh=in_crop(0.9)).is_face
    assert not replace(candidate, mesh=in_crop(np.pi)).is_face


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_group_is_found_by_default_however_the_photo_lies(engine, group, turns):
    finding = find(engine, group.rotate(-90 * turns, expand=True))
    assert len(finding.faces) >= 9
    eyes = (
        [face.region("right_eye")[0] for face in finding.faces],
        [face.region("left_eye")[0] for face in finding.faces],
    )
    across = np.array(eyes[0]) - np.array(eyes[1])
    # The way from the left to the right eye in the picture, turned with the photo.
    expected = np.array([(0, 1), (-1, 0), (0, -1)][turns - 1])
    assert (across @ expected > 0.7 * np.linalg.norm(across, axis=1)).all()


def test_what_looks_like_a_face_in_one_size_only_is_no_face(models_dir, shared):
    """A dog, that the mesh takes for a person at log odds of 13."""
    with Image.open(shared / "data" / "faces" / "dlib" / "dogs.jpg") as file:
        photo = Pyramid(np.asarray(file.convert("RGB")))
    detector, mesh = Detector(models_dir), Mesh(models_dir)
    seen = [examine(mesh, photo, detection, 0) for detection in detector.search(photo).found]
    faces = [each for each in seen if each.is_face]
    assert faces
    assert not any(is_shown_again(detector, photo, each) for each in faces)


def test_a_face_is_shown_again_in_a_close_look(models_dir, candidate, images):
    with Image.open(images / "astronaut.jpg") as file:
        photo = Pyramid(np.asarray(file.convert("RGB")))
    assert is_shown_again(Detector(models_dir), photo, replace(candidate, presence=0.0))


@pytest.mark.parametrize(("confidence", "turns"), [(0.85, [90]), (0.99, [])])
def test_a_face_of_which_the_mesh_is_sure_is_looked_at_in_other_ways_if_it_is_doubtful(
    models_dir, candidate, images, confidence, turns
):
    """As happened with a face at 81 degrees: the mesh was sure of it, and took it for one that is tilted by 30."""
    with Image.open(images / "astronaut.jpg") as file:
        photo = Pyramid(np.rot90(np.asarray(file.convert("RGB"))).copy())
    (x, y), size = candidate.detection.box.centre, candidate.detection.side / 2
    centre = y, photo.height - 1 - x
    box = Box(centre[0] - size, centre[1] - size, centre[0] + size, centre[1] + size)
    sure = replace(candidate, detection=replace(candidate.detection, box=box), presence=15.2, confidence=confidence)
    found = look_closer(Detector(models_dir), Mesh(models_dir), photo, [sure])
    assert [each.turned for each in found] == turns


def test_an_upright_group_is_not_turned(engine, group):
    assert [attempt.turned for attempt in find(engine, group).attempts] == [0]


def test_a_face_upside_down_beside_an_upright_one_is_found_upside_down(engine, images):
    with Image.open(images / "astronaut.jpg") as file:
        portrait = file.convert("RGB").crop((100, 0, 350, 250))
    both = Image.new("RGB", (500, 250))
    both.paste(portrait, (0, 0))
    both.paste(portrait.rotate(180), (250, 0))
    finding = find(engine, both)
    left, right = sorted(finding.faces, key=lambda face: face.box.left)
    assert (is_upside_down(left), is_upside_down(right)) == (False, True)
    upright = np.array(left.points)
    turned = np.array([(499 - x, 249 - y) for x, y in right.points])
    apart = np.linalg.norm(turned.mean(axis=0) - upright.mean(axis=0))
    assert apart < 3
    span = SPANS["face_profile"]
    assert np.abs(turned[span] - upright[span]).max() < 6
