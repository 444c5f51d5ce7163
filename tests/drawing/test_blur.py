"""Blurred faces: the engine finds none of them, and nothing finer than a few blocks is left."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmarks.core.faces import Face
from landmarks.core.finding import Options
from landmarks.core.pixels import Transform
from landmarks.drawing.blur import BLOCKS, blur_faces, outline_of
from landmarks.engines.local.engine import LocalEngine
from landmarks.photos.decode import read_photo
from landmarks.photos.encode import encode_photo
from landmarks.photos.photo import PhotoLimits
from tests.conftest import BASE_DIR
from tests.drawing.faces import make_face

LIMITS = PhotoLimits(10**8, 10**8)


def find(data: bytes, models_dir: Path) -> tuple[Face, ...]:
    return LocalEngine(models_dir).find(read_photo(data, LIMITS), Options(max_faces=100, rotate=True)).faces


@pytest.mark.parametrize("name", ["astronaut.jpg", "two_people.jpg", "solvay1927.jpg"])
def test_the_engine_finds_no_blurred_face(models_dir: Path, name: str) -> None:
    path = BASE_DIR / "static/samples" / name
    faces = find(path.read_bytes(), models_dir)
    with Image.open(path) as image:
        photo = image.convert("RGB")
    before = np.asarray(photo)
    blur_faces(photo, faces)
    assert faces and not find(encode_photo(photo), models_dir)
    changed = np.any(np.asarray(photo) != before, axis=2)
    assert changed.any() and not changed.all()


def test_the_rest_of_the_photo_stays_as_it_is() -> None:
    photo = noise(900, 900)
    before, face = np.asarray(photo).copy(), make_face(100, (450, 450))
    blur_faces(photo, [face])
    xs, ys = np.array(outline_of(face)).T
    changed = np.argwhere(np.any(np.asarray(photo) != before, axis=2))
    assert changed.min(axis=0) == pytest.approx((ys.min(), xs.min()), abs=2)
    assert changed.max(axis=0) == pytest.approx((ys.max(), xs.max()), abs=2)


def test_forehead_chin_and_ears_are_covered() -> None:
    face = make_face(100, (450, 450))
    xs, ys = np.array(outline_of(face)).T
    assert xs.min() <= face.box.left - 25 and xs.max() >= face.box.right + 25
    assert ys.min() <= face.box.top - 50 and ys.max() >= face.box.bottom + 15


def test_pixels_within_a_block_leave_no_trace() -> None:
    """Two photos whose blocks have the same means are the same when they are blurred."""
    face = make_face(100, (450, 450))
    photo = noise(900, 900)
    pixels = np.asarray(photo).copy()
    corners = np.array(outline_of(face))
    left, top = corners.min(axis=0).astype(int) - 1
    right, bottom = corners.max(axis=0).astype(int) + 2
    # Pairs of neighbours far from the edges of blocks change places.
    rows, columns = (np.linspace(0, length, BLOCKS + 1) for length in (bottom - top, right - left))
    for row in rows[:-1]:
        for column in columns[:-1]:
            y, x = int(top + row) + 5, int(left + column) + 5
            pixels[[y, y + 1], x : x + 10] = pixels[[y + 1, y], x : x + 10]
    other = Image.fromarray(pixels)
    blur_faces(photo, [face])
    blur_faces(other, [face])
    inside = np.s_[top + 2 : bottom - 2, left + 2 : right - 2]
    assert np.abs(np.asarray(photo)[inside].astype(int) - np.asarray(other)[inside]).max() <= 2


def test_bands_fit_together() -> None:
    """A large head is blurred in parts, without an edge between them."""
    photo = noise(1500, 1500)
    face = make_face(500, (750, 750))
    blur_faces(photo, [face])
    steps = np.abs(np.diff(np.asarray(photo)[300:1100, 600:900].astype(int), axis=0))
    assert steps.max() <= 3


def test_tilted_heads_and_those_at_the_edge_are_covered() -> None:
    turned = make_face(200, (300, 300)).transformed(Transform.align((300, 300), (300, 300), scale=1, roll=-0.6))
    at_edge = make_face(200, (10, 890))
    photo = noise(900, 900)
    before = np.asarray(photo).copy()
    blur_faces(photo, [turned, at_edge, make_face(50, (5000, 5000))])
    changed = np.any(np.asarray(photo) != before, axis=2)
    for face in (turned, at_edge):
        for x, y in face.points:
            if 0 <= x < 899 and 0 <= y < 899:
                assert changed[round(y) - 1 : round(y) + 2, round(x) - 1 : round(x) + 2].any()


def noise(width: int, height: int) -> Image.Image:
    return Image.fromarray(np.random.default_rng(3).integers(0, 256, (height, width, 3), np.uint8))
