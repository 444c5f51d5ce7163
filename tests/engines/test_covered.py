"""Parts of faces that something hides."""

import io
import zipfile

import cv2
import numpy as np
import pytest
from PIL import Image, ImageOps

from benchmarks.painting import COVERS, HARMLESS, Canvas
from landmarks.core.faces import GUESSED, Face
from landmarks.core.finding import Options
from landmarks.core.measures import openness
from landmarks.core.schema import SPANS
from landmarks.engines.local import model_files
from landmarks.engines.local.covered import (
    MEMBERSHIP,
    NAMES,
    Covered,
    context_of,
    features_at,
)
from landmarks.engines.local.engine import LocalEngine
from landmarks.engines.local.inner_output import with_output
from landmarks.engines.local.mesh import INNER, MEMBER
from landmarks.photos.photo import Photo


def covered(*names: str) -> Covered:
    points = MEMBERSHIP[[NAMES.index(name) for name in names]].any(axis=0)
    return Covered(points, points)


@pytest.fixture(scope="module")
def find(models_dir):
    engine = LocalEngine(models_dir)
    return lambda image: engine.find(Photo(image, "PNG", 1), Options(max_faces=10, dense=True)).faces[0]


@pytest.fixture(scope="module")
def astronaut(images):
    with Image.open(images / "astronaut.jpg") as file:
        return file.convert("RGB")


@pytest.fixture(scope="module")
def painted(find, astronaut):
    """The astronaut's face with a cover, as the engine sees it."""
    face = find(astronaut)

    def find_painted(kind: str, seed: int = 3, change=lambda image: image) -> Face:
        vertices = np.array([(x, y) for x, y, _ in face.dense])
        canvas = Canvas(np.asarray(astronaut, np.float32), vertices, np.array(face.points), np.random.default_rng(seed))
        (COVERS | HARMLESS)[kind](canvas)
        return find(change(Image.fromarray(np.clip(canvas.image, 0, 255).astype(np.uint8))))

    return find_painted


def test_nothing_covers_a_clear_face(find, astronaut):
    assert find(astronaut).covered == ()


@pytest.mark.parametrize("kind", HARMLESS)
def test_what_hides_nothing_is_no_cover(painted, kind):
    assert painted(kind).covered == ()


@pytest.mark.parametrize("kind", ["mask", "scarf"])
def test_a_mask_covers_the_mouth(painted, kind):
    face = painted(kind)
    assert "mouth" in face.covered
    assert not any(name.startswith(("left_eye", "right_eye")) for name in face.covered)
    assert len(face.guessed.intersection(range(SPANS["mouth"].start, SPANS["mouth"].stop))) >= 20
    assert openness(face)["mouth_openness"] is None
    assert None not in openness(face)["eye_openness"]
    assert face.expressions["mouthSmileLeft"] is None
    assert None not in [score for name, score in face.expressions.items() if name.startswith("eye")]


def test_dark_glasses_cover_both_eyes(painted):
    face = painted("dark glasses", 11)
    assert {"left_eye", "right_eye", "left_pupil", "right_pupil"} <= set(face.covered)
    assert "mouth" not in face.covered
    assert (face.gaze, face.irises) == (None, (None, None))
    assert openness(face)["eye_openness"] == (None, None)
    assert openness(face)["mouth_openness"] is not None
    assert (face.expressions["eyeBlinkLeft"], face.expressions["eyeBlinkRight"]) == (None, None)
    assert face.expressions["jawOpen"] is not None


def test_a_mirrored_photo_has_the_other_side_covered(painted):
    plain, other = painted("hand", 5), painted("hand", 5, ImageOps.mirror)
    swapped = [name.replace("left", "LEFT").replace("right", "left").replace("LEFT", "right") for name in other.covered]
    assert plain.covered and set(plain.covered) == set(swapped)


def test_points_of_covered_parts_are_guessed():
    errors = covered("mouth", "chin").raised(np.full(90, 0.02))
    assert (errors[SPANS["mouth"]] > GUESSED).all() and (errors[8:13] > GUESSED).all()
    assert (errors > 0.02).sum() == SPANS["mouth"].stop - SPANS["mouth"].start + 5


def test_errors_of_covered_points_stay_within_the_eye_distance():
    assert covered("nose").raised(np.full(90, 0.999)).max() == 1


def test_a_region_is_covered_from_half_of_its_points():
    assert covered("left_jaw", "right_jaw").regions == ()
    assert covered("left_jaw", "right_jaw", "chin").regions == ("face_profile",)
    assert covered("left_eye").regions == ("left_eye", "left_pupil")


def test_an_eye_and_its_pupil_are_covered_together():
    points = np.zeros(90, bool)
    points[SPANS["left_pupil"]] = True
    assert Covered(points, points).regions == ()
    points[SPANS["left_eye"].start : SPANS["left_eye"].start + 5] = True
    assert Covered(points, points).regions == ("left_eye", "left_pupil")


def test_eyes_that_may_be_covered_have_no_gaze_but_are_measured():
    points = np.zeros(90, bool)
    may_be = covered("right_eye").points
    assert Covered(points, may_be).may_hide_eyes
    assert Covered(points, may_be).without_hidden((11.0, 12.0)) == (11.0, 12.0)
    assert not Covered(points, covered("nose").points).may_hide_eyes


def test_only_covered_points_are_guessed():
    points = np.zeros(90, bool)
    points[SPANS["mouth"].start : SPANS["mouth"].start + 9] = True
    errors = Covered(points, points).raised(np.full(90, 0.02))
    assert ((errors > GUESSED) == points).all()


def test_glasses_count_by_the_eye_that_is_seen_better():
    alone = np.arange(len(NAMES), dtype=float)
    eyes = [NAMES.index("left_eye"), NAMES.index("right_eye")]
    assert context_of(alone).tolist() == [*alone.tolist(), min(eyes)]


def test_features_are_read_between_the_places():
    features = np.zeros((8, 8, 128), np.float32)
    features[:, :, 0] = np.arange(8)  # the column
    features[:, :, 1] = np.arange(8)[:, np.newaxis]
    # Every point at three quarters of the width and a quarter of the height.
    seen = features_at(features, np.tile([191.5, 63.5], (90, 1)))
    assert seen[:, 0] == pytest.approx(5.5)
    assert seen[:, 1] == pytest.approx(1.5)


def test_a_model_with_an_inner_output_gives_the_same_points(models_dir):
    task = model_files.read(model_files.MESH, models_dir)
    with zipfile.ZipFile(io.BytesIO(task)) as archive:
        model = archive.read(MEMBER)
    changed = with_output(model, INNER)
    assert len(changed) > len(model)
    picture = np.random.default_rng(1).random((1, 3, 256, 256), dtype=np.float32)
    answers = []
    for each in (model, changed):
        net = cv2.dnn.readNetFromTFLite(np.frombuffer(each, np.uint8))
        net.setInput(picture)
        answers.append(net.forward("Identity"))
    assert np.array_equal(*answers)
