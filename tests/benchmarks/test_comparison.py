"""Peers beside the engine, each of them played by the engine itself."""

import numpy as np
import pytest
from PIL import Image

from benchmarks.accuracy import ANCHORS, Annotation, Truth
from benchmarks.comparison import OURS, compare_on_photos, compare_on_scenes
from benchmarks.scenes import make_scenes
from landmarks.photos.decode import read_photo
from landmarks.photos.photo import Photo, PhotoLimits
from tests.benchmarks.conftest import progress


class Twin:
    """The embedded engine in the part of a peer."""

    open = 0

    def __init__(self, setup, engine) -> None:
        self.setup, self.engine = setup, engine
        Twin.open += 1

    def find(self, pixels):
        photo = Photo(Image.fromarray(pixels), "PNG", 1)
        return [np.array(face.points) for face in self.engine.find(photo, self.setup.options).faces]

    def close(self) -> None:
        Twin.open -= 1


@pytest.fixture(scope="module")
def twins(setup, engine):
    return {name: lambda max_faces: Twin(setup, engine) for name in ("mediapipe", "dlib")}


@pytest.fixture(scope="module")
def truths(photos):
    """An annotation that agrees with the engine."""
    photo = photos[0]
    marks = np.full((68, 2), np.nan)
    here, there = ANCHORS["ibug68"]
    marks[there] = np.array(photo.faces[0].points)[here]
    return {photo.path: Truth(photo.path.name, (), 1, 1, (Annotation("ibug68", marks),))}


def medians(rows):
    return {row: {name: each.median for name, each in figures.items()} for row, figures in rows.items()}


def test_compares_time_faces_and_accuracy_on_the_same_photos(twins, truths, setup, engine, photos):
    tables = compare_on_photos(photos[:1], truths, setup, engine, twins, 1, progress)
    times, found = (medians(tables[name].rows) for name in ("time", "programs"))
    assert set(times) == set(found) == {OURS, "mediapipe", "dlib"}
    assert found[OURS] == {"faces": 1, "recall": 100, "anchors": 0}
    peer = found["mediapipe"]
    assert (peer["faces"], peer["recall_ratio"], peer["anchors"]) == (1, 1, 0)
    assert peer["time_ratio"] == pytest.approx(times[OURS]["time"] / times["mediapipe"]["time"], abs=0.01)
    assert Twin.open == 0


def test_compares_the_scenes_that_were_promised(twins, setup, engine):
    found = medians(compare_on_scenes(make_scenes(), setup, engine, twins, 1, progress)["scenes"].rows)
    assert {row: (each["our_faces"], each["peer_faces"], each["target"]) for row, each in found.items()} == {
        "selfie_640, mediapipe": (1, 1, 0.8),
        "group_of_10, dlib": (10, 10, 0.8),
        "empty_640, mediapipe": (0, 0, 20.0),
        "jpeg_12mp, mediapipe": (1, 1, 0.45),
    }
    assert Twin.open == 0


def test_without_peers_only_the_engine_is_measured(setup, engine, photos):
    tables = compare_on_photos(photos, {}, setup, engine, {}, 1, progress)
    assert medians(tables["programs"].rows) == {OURS: {"faces": 3}}


def test_the_large_scene_is_a_jpeg_of_twelve_million_pixels():
    photo = read_photo(make_scenes().large, PhotoLimits(10**8, 10**8))
    assert (photo.width, photo.height, photo.format) == (3000, 4000, "JPEG")
