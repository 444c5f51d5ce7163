"""The first pass over all photos."""

import shutil

import pytest

from benchmarks.album import open_album
from benchmarks.errors import BenchmarkError
from benchmarks.first_pass import photo_conditions, run_first_pass
from tests.benchmarks.conftest import progress


@pytest.fixture
def folder(images, tmp_path):
    """One photo, and one file that cannot be read."""
    shutil.copy(images / "astronaut.jpg", tmp_path)
    (tmp_path / "broken.jpg").write_bytes(b"no photo")
    return tmp_path


def test_counts_photos_and_faces(folder, setup, engine):
    album = open_album(folder)
    seen = run_first_pass(album, setup, engine, progress)
    assert [(photo.path.name, photo.width, len(photo.faces)) for photo in seen.photos] == [("astronaut.jpg", 512, 1)]
    conditions = photo_conditions(album, seen, setup)
    assert conditions == {"photos": f"1 of {folder}", "faces": 1, "rotate": "off"}


def test_a_file_that_cannot_be_read_is_a_note(folder, setup, engine):
    (note,) = run_first_pass(open_album(folder), setup, engine, progress).notes
    assert note.startswith(f"Not read: {folder / 'broken.jpg'}: This file ")


def test_photos_none_of_which_can_be_read_are_an_error(folder, setup, engine):
    (folder / "astronaut.jpg").unlink()
    with pytest.raises(BenchmarkError, match="None of these photos can be read"):
        run_first_pass(open_album(folder), setup, engine, progress)
