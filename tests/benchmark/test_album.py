"""Which photos a run is made over."""

import json
import shutil

import pytest

from landmarks.benchmark.album import bundled_album, first_of, open_album
from landmarks.benchmark.machine import this_machine


def test_takes_the_bundled_photos_without_their_thumbnails():
    album = bundled_album()
    assert {path.name for path in album.paths} >= {"astronaut.jpg", "solvay1927.jpg"}
    assert not any("thumbnail" in path.name for path in album.paths)
    assert album.truths == {}
    assert album.name == "static/samples"


def test_takes_all_photos_below_a_folder(images, tmp_path):
    (tmp_path / "deep").mkdir()
    shutil.copy(images / "astronaut.jpg", tmp_path / "deep")
    (tmp_path / "notes.txt").write_text("no photo")
    assert [path.name for path in open_album(tmp_path).paths] == ["astronaut.jpg"]


def test_takes_the_photos_that_a_manifest_names(images, tmp_path):
    shutil.copy(images / "rocket.jpg", tmp_path)
    rows = [{"file": "astronaut.jpg", "n_faces": 1}, {"file": "two_people.jpg", "n_faces": 2}]
    (tmp_path / "manifest.json").write_text(json.dumps(rows))
    album = open_album(tmp_path)
    assert [path.name for path in album.paths] == ["astronaut.jpg", "two_people.jpg"]
    assert [truth.face_count for truth in album.truths.values()] == [1, 2]
    assert list(first_of(album, 1).truths) == list(album.paths[:1])


def test_a_folder_without_photos_is_a_sentence(tmp_path):
    with pytest.raises(ValueError, match="There is no photo in"):
        open_album(tmp_path)


def test_names_the_machine_and_the_versions():
    machine = this_machine("1.0")
    assert machine.processor
    assert machine.cores >= 1
    assert machine.packages["numpy"]
    assert machine.engine == "1.0"
