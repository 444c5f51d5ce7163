"""Which photos a benchmark runs over."""

import json
import shutil

import pytest

from benchmarks.album import bundled_album, open_album, portraits
from benchmarks.errors import UsageError


def test_takes_the_bundled_photos_without_their_thumbnails():
    album = bundled_album()
    assert {path.name for path in album.paths} >= {"astronaut.jpg", "solvay1927.jpg"}
    assert not any("thumbnail" in path.name for path in album.paths)
    assert album.truths == {}
    assert album.name == "static/samples"


def test_portraits_are_three_photos():
    assert [path.is_file() for path in portraits().paths] == [True] * 3


def test_takes_all_photos_below_a_folder(images, tmp_path):
    (tmp_path / "deep").mkdir()
    shutil.copy(images / "astronaut.jpg", tmp_path / "deep")
    (tmp_path / "notes.txt").write_text("no photo")
    album = open_album(tmp_path)
    assert [album.name_of(path) for path in album.paths] == ["deep/astronaut.jpg"]


def test_takes_the_photos_that_a_manifest_names(images, tmp_path):
    shutil.copy(images / "rocket.jpg", tmp_path)
    rows = [{"file": "astronaut.jpg", "n_faces": 1}, {"file": "two_people.jpg", "n_faces": 2}]
    (tmp_path / "manifest.json").write_text(json.dumps(rows))
    album = open_album(tmp_path)
    assert [path.name for path in album.paths] == ["astronaut.jpg", "two_people.jpg"]
    assert [truth.face_count for truth in album.truths.values()] == [1, 2]
    assert list(album.first(1).truths) == list(album.paths[:1])
    assert album.first(None) == album


def test_rejects_a_folder_without_photos(tmp_path):
    with pytest.raises(UsageError, match="There is no photo in"):
        open_album(tmp_path)


def test_rejects_what_is_not_a_folder(tmp_path):
    with pytest.raises(UsageError, match="is not a folder"):
        open_album(tmp_path / "none")
