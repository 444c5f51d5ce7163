"""Peers beside the engine. Where they are not installed, the engine itself plays one of them."""

import numpy as np
import pytest
from landmarks.intake.photo import Photo, PhotoLimits, read_photo

from landmarks.benchmark.accuracy import ANCHORS, Annotation, Truth
from landmarks.benchmark.album import SAMPLES
from landmarks.benchmark.peers import (
    SHAPE_PREDICTOR,
    VERTICES_TO_POINTS,
    Dlib,
    FaceLandmarker,
    find_predictor,
    installed_peers,
)
from landmarks.benchmark.scenes import make_scenes
from landmarks.benchmark.sidebyside import OURS, run_side_by_side
from tests.benchmark.conftest import watch


class Twin:
    """The embedded engine in the part of a peer."""

    label = "Twin"
    open = 0

    def __init__(self, bench, engine) -> None:
        self.bench, self.engine = bench, engine
        Twin.open += 1

    def find(self, pixels):
        from PIL import Image

        photo = Photo(Image.fromarray(pixels), "PNG", 1)
        return [np.array(face.points) for face in self.engine.find(photo, self.bench.options).faces]

    def close(self) -> None:
        Twin.open -= 1


@pytest.fixture(scope="module")
def twins(bench, engine, looks):
    """A comparison in which the peers are as good as we are."""
    first = looks[0]
    marks = np.full((68, 2), np.nan)
    here, there = ANCHORS["ibug68"]
    marks[there] = np.array(first.faces[0].points)[here]
    truths = {first.path: Truth(first.path.name, (), 1, 1, (Annotation("ibug68", marks),))}
    makers = {name: lambda most_faces: Twin(bench, engine) for name in ("mediapipe", "dlib")}
    return run_side_by_side([first], truths, bench, engine, makers, SAMPLES, watch)


def test_compares_time_faces_and_accuracy_on_the_same_photos(twins):
    assert set(twins.sides) == {OURS, "mediapipe", "dlib"}
    ours, peer = twins.sides[OURS], twins.sides["mediapipe"]
    assert (ours.faces, ours.time_ratio, ours.recall_ratio) == (1, None, None)
    assert (peer.label, peer.faces, peer.recall_ratio) == ("Twin", 1, 1.0)
    assert peer.time_ratio == pytest.approx(ours.find.median_ms / peer.find.median_ms, abs=0.01)
    assert peer.accuracy
    assert peer.accuracy.anchors == 0


def test_compares_the_scenes_that_were_promised(twins):
    found = {(each.scene, each.peer): each for each in twins.comparisons}
    assert set(found) == {("selfie_640", "mediapipe"), ("group_of_10", "dlib"), ("jpeg_12mp", "mediapipe")}
    assert [found[key].ours_faces for key in found] == [1, 10, 1]
    assert [found[key].peer_faces for key in found] == [1, 10, 1]
    assert [found[key].target for key in found] == [1.0, 0.8, 0.5]


def test_closes_every_peer(twins):
    assert Twin.open == 0


def test_without_peers_there_is_nothing_to_compare(bench, engine, looks):
    nothing = run_side_by_side(looks, {}, bench, engine, {}, SAMPLES, watch)
    assert (nothing.sides, nothing.comparisons) == ({}, ())


def test_the_large_scene_is_a_jpeg_of_twelve_million_pixels():
    photo = read_photo(make_scenes(SAMPLES).large, PhotoLimits(10**8, 10**8))
    assert (photo.width, photo.height, photo.format) == (3000, 4000, "JPEG")


def test_each_point_of_facelandmarker_is_a_mean_of_vertices():
    assert VERTICES_TO_POINTS.sum(axis=1) == pytest.approx(1)


def test_the_shape_predictor_may_lie_beside_the_model_files(tmp_path):
    (tmp_path / SHAPE_PREDICTOR).write_bytes(b"")
    assert find_predictor(tmp_path) == tmp_path / SHAPE_PREDICTOR


def test_finds_the_peers_that_are_installed(models_dir):
    assert set(installed_peers(models_dir)) <= {"mediapipe", "dlib", "dlib_enlarged"}


@pytest.mark.parametrize(("package", "make"), [("mediapipe", FaceLandmarker), ("dlib", None)])
def test_a_peer_puts_its_points_where_ours_are(package, make, bench, looks):
    pytest.importorskip(package)
    predictor = find_predictor(bench.models_dir)
    if make is None and predictor is None:
        pytest.skip("dlib's shape predictor is not on this machine")
    peer = make(bench.models_dir) if make else Dlib(predictor, 0)
    photo = bench.read(looks[0].path, whole=True)
    faces = peer.find(np.asarray(photo.image))
    peer.close()
    ours = np.array(looks[0].faces[0].points)
    # dlib also sees a face in the flag behind.
    assert min(np.nanmean(np.linalg.norm(face - ours, axis=1)) for face in faces) < 4
