"""Photos and their mirror images: left and right are exchanged."""

import pytest
from PIL import ImageOps

from landmarks.core.finding import Options
from landmarks.core.measures import measure
from landmarks.core.measures.report import Values
from landmarks.engines.local.engine import LocalEngine
from landmarks.photos.decode import read_photo
from landmarks.photos.photo import Photo, PhotoLimits


def numbers(values: Values, *sides: str) -> list[float | None]:
    figures = (getattr(values, side) for side in sides)
    return [number for figure in figures for number in ((figure.value, figure.error) if figure else (None, None))]


@pytest.mark.parametrize("name", ["astronaut.jpg", "two_people.jpg", "obama-240p.jpg"])
def test_the_mirror_image_of_a_photo_exchanges_left_and_right(models_dir, images, name):
    engine, options = LocalEngine(models_dir), Options(max_faces=100)
    photo = read_photo((images / name).read_bytes(), PhotoLimits(10**8, 10**8))
    faces = engine.find(photo, options).faces
    others = engine.find(Photo(ImageOps.mirror(photo.image), photo.format, 1), options).faces
    assert len(faces) == len(others) > 0
    for face, other in zip(faces, others, strict=True):
        found, mirrored = measure(face), measure(other)
        for row, opposite in zip(found.rows, mirrored.rows, strict=True):
            for unit, values in row.values.items():
                expected = numbers(values, "left", "right", "whole")
                assert numbers(opposite.values[unit], "right", "left", "whole") == pytest.approx(expected, abs=1e-9)
        assert found.symmetry and mirrored.symmetry
        assert found.symmetry.value == pytest.approx(mirrored.symmetry.value, abs=1e-9)
