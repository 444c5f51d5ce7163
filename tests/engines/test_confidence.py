"""The engine's confidence in a face."""

import json

import numpy as np
import pytest

from landmarks.core.pixels import Box
from landmarks.engines.local.confidence import MAX_SIDE, confidence
from landmarks.engines.local.detector import Detection
from landmarks.engines.local.engine import LocalEngine
from tests.engines.test_local import ALL, read


def detection(score: float, smallest_side: float) -> Detection:
    return Detection(Box(-50, -50, 50, 50), ((0.0, 0.0),) * 5, score, smallest_side)


def test_is_always_a_probability():
    for score in (0.6, 0.99999, 1.0):
        for presence in (-40.0, 0.0, 30.0):
            assert 0 < confidence(detection(score, 0.0), presence) < 1


def test_grows_with_the_scores_of_detector_and_mesh():
    assert confidence(detection(0.9, 40), 5) > confidence(detection(0.8, 40), 5)
    assert confidence(detection(0.8, 40), 10) > confidence(detection(0.8, 40), 0)


def test_what_is_detected_only_when_large_is_doubted():
    assert confidence(detection(0.8, 15), 0) > 0.9
    assert confidence(detection(0.8, 60), 0) < 0.5
    assert confidence(detection(0.8, MAX_SIDE), 0) == confidence(detection(0.8, 4 * MAX_SIDE), 0)


def test_a_profile_that_the_mesh_rejects_is_a_face_if_the_detector_is_certain():
    assert confidence(detection(0.91, 40), -6) > 0.9


def test_people_get_more_than_animals_and_things(models_dir, shared):
    """In the annotated photos nearly all faces have a high confidence; photos without a face hardly have candidates."""
    folder = shared / "data" / "faces"
    photos = [each for each in json.loads((folder / "manifest.json").read_text()) if "rotated" not in each["tags"]]
    engine = LocalEngine(models_dir)

    def scores(photos) -> list[float]:
        findings = [engine.find(read(folder / each["file"]), ALL) for each in photos]
        return [face.score for finding in findings for face in finding.faces]

    plain = scores([each for each in photos if each["n_faces"] == each["n_faces_max"] == 1])
    assert np.median(plain) > 0.99
    assert np.mean(np.array(plain) > 0.95) > 0.95
    assert len(scores([each for each in photos if each["n_faces_max"] == 0])) <= 2


@pytest.mark.parametrize("name", ["PRI_1473.jpg", "000000037516.jpg", "000061.jpg", "1400.jpg"])
def test_an_animal_is_not_a_person(models_dir, shared, name):
    finding = LocalEngine(models_dir).find(read(shared / "data" / "faces" / "animals" / name), ALL)
    assert finding.faces == ()
