"""Scores of expressions, by two runtimes and on real faces."""

import io
import zipfile

import numpy as np
import pytest
from PIL import Image, ImageOps

from landmarks.core.finding import Options
from landmarks.engines.local import model_files
from landmarks.engines.local.engine import LocalEngine
from landmarks.engines.local.expressions import (
    INPUT_VERTICES,
    MEMBER,
    MIN_DISTANCE,
    SCORE_INDICES,
    Expressions,
    _load_litert,
    load_opencv,
    without_covered,
)
from landmarks.engines.local.pose import Head
from landmarks.photos.photo import Photo


@pytest.fixture(scope="module")
def find(models_dir, images):
    engine = LocalEngine(models_dir)

    def find(name, change=lambda image: image):
        with Image.open(images / name) as file:
            image = change(file.convert("RGB"))
        return engine.find(Photo(image, "JPEG", 1), Options(max_faces=10)).faces[0]

    return find


def test_a_smile_is_a_smile(find):
    scores = find("astronaut.jpg").expressions
    assert set(scores) == set(SCORE_INDICES)
    assert min(scores["mouthSmileLeft"], scores["mouthSmileRight"]) > 0.7
    assert max(scores["mouthPucker"], scores["jawOpen"], scores["browInnerUp"]) < 0.2
    assert all(0 <= score <= 1 for score in scores.values())


def test_left_and_right_are_those_of_the_person(find):
    plain = find("two_people.jpg").expressions
    mirrored = find("two_people.jpg", ImageOps.mirror).expressions
    for name in ("eyeBlink", "browOuterUp", "mouthSmile", "eyeLookOut"):
        assert mirrored[f"{name}Left"] == pytest.approx(plain[f"{name}Right"], abs=0.25)


def test_a_tilt_changes_little(find):
    plain = find("astronaut.jpg").expressions
    tilted = find("astronaut.jpg", lambda image: image.rotate(20, Image.Resampling.BICUBIC)).expressions
    assert np.mean([abs(tilted[name] - plain[name]) for name in plain]) < 0.05


def test_a_face_that_is_too_small_has_no_scores(models_dir):
    assert Expressions(models_dir).scores(np.zeros((478, 3)), Head(np.eye(3), MIN_DISTANCE - 1)) is None


def test_both_runtimes_give_the_same_scores(models_dir):
    pytest.importorskip("ai_edge_litert")
    with zipfile.ZipFile(io.BytesIO(model_files.read(model_files.MESH, models_dir))) as archive:
        model = archive.read(MEMBER)
    points = np.random.default_rng(7).normal(0, 50, (1, len(INPUT_VERTICES), 2)).astype(np.float32)
    assert _load_litert(model)(points) == pytest.approx(load_opencv(model)(points), abs=1e-3)


@pytest.mark.parametrize(
    ("region", "hidden"),
    [
        ("right_eye", {"eyeBlinkLeft"}),  # the person's left is on the right of the picture
        ("left_eye_brow", {"browDownRight", "browInnerUp"}),
        ("mouth", {"jawOpen", "mouthSmileLeft"}),
        ("nose", set()),
    ],
)
def test_expressions_of_a_covered_region_are_missing(region, hidden):
    names = ("browDownLeft", "browDownRight", "browInnerUp", "eyeBlinkLeft", "eyeBlinkRight", "jawOpen")
    scores = without_covered(dict.fromkeys((*names, "mouthSmileLeft"), 0.5), (region,))
    assert {name for name, score in scores.items() if score is None} == hidden
    assert set(scores.values()) <= {None, 0.5}
