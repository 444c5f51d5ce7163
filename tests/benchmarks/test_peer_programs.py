"""Peers: which are here, how the others are installed, and what their points mean."""

import numpy as np
import pytest

from benchmarks import peer_programs
from benchmarks.peer_programs import (
    SHAPE_PREDICTOR,
    VERTICES_TO_POINTS,
    Dlib,
    FaceLandmarker,
    find_predictor,
    installed_peers,
    missing_peers,
)


def test_each_point_of_facelandmarker_is_a_mean_of_vertices():
    assert VERTICES_TO_POINTS.sum(axis=1) == pytest.approx(1)


def test_the_shape_predictor_may_lie_beside_the_model_files(tmp_path):
    (tmp_path / SHAPE_PREDICTOR).write_bytes(b"")
    assert find_predictor(tmp_path) == tmp_path / SHAPE_PREDICTOR


def test_finds_the_peers_that_are_installed(models_dir):
    assert set(installed_peers(models_dir)) <= {"mediapipe", "dlib", "dlib_enlarged"}


def test_tells_how_missing_peers_are_installed(monkeypatch, tmp_path):
    monkeypatch.setattr(peer_programs, "find_spec", lambda name: None)
    mediapipe, dlib = missing_peers(tmp_path)
    assert "pip install --no-deps mediapipe" in mediapipe
    assert "pip install dlib-bin" in dlib


@pytest.mark.parametrize("name", ["dlib", "dlib-bin"])
def test_the_version_is_that_of_whichever_package_has_the_module(monkeypatch, name):
    monkeypatch.setattr(peer_programs, "package_version", {name: "20.0.1"}.get)
    assert peer_programs.peer_version("dlib") == "20.0.1"
    assert peer_programs.peer_version("mediapipe") is None


def test_tells_that_the_68_points_of_dlib_are_missing(monkeypatch, tmp_path):
    found = {"mediapipe": True, "dlib": True}
    monkeypatch.setattr(peer_programs, "find_spec", found.get)
    (missing,) = missing_peers(tmp_path)
    assert SHAPE_PREDICTOR in missing


@pytest.mark.parametrize(("package", "make"), [("mediapipe", FaceLandmarker), ("dlib", None)])
def test_the_points_of_a_peer_are_where_ours_are(package, make, setup, photos):
    pytest.importorskip(package)
    predictor = find_predictor(setup.models_dir)
    if make is None and predictor is None:
        pytest.skip("dlib's shape predictor, which is not for commercial use, is not among the models")
    peer = make(setup.models_dir, 100) if make else Dlib(predictor, 0)
    photo = setup.read(photos[0].path, whole=True)
    faces = peer.find(np.asarray(photo.image))
    peer.close()
    ours = np.array(photos[0].faces[0].points)
    # dlib also finds a face in the flag behind.
    assert min(np.nanmean(np.linalg.norm(face - ours, axis=1)) for face in faces) < 4
