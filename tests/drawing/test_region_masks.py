"""Regions as areas: polygons, and masks whose pixels are the numbers of regions."""

from pathlib import Path

import numpy as np
import pytest
from PIL import ImageColor

from landmarks.core.finding import Options
from landmarks.core.schema import BY_NAME, REGIONS
from landmarks.drawing.region_masks import NUMBERS, draw_mask, polygon_of
from landmarks.engines.local.engine import LocalEngine
from landmarks.photos.decode import read_photo
from landmarks.photos.photo import PhotoLimits
from tests.drawing.faces import make_face

FACE = make_face()
SIZE = 400, 500
ALL = [region.name for region in REGIONS]


def shoelace(polygon: tuple[tuple[float, float], ...]) -> float:
    x, y = np.array(polygon).T
    return float(abs(x @ np.roll(y, 1) - y @ np.roll(x, 1)) / 2)


@pytest.mark.parametrize("region", ALL)
def test_a_mask_of_one_region_has_its_number_and_its_area(region: str) -> None:
    mask = np.asarray(draw_mask(FACE, [region], SIZE))
    assert mask.shape == SIZE[::-1]
    assert set(np.unique(mask)) == {0, NUMBERS[region]}
    expected = shoelace(polygon_of(FACE, region))
    if region.endswith("pupil"):  # lids cover a part
        assert 0.2 * expected < (mask > 0).sum() <= 1.3 * expected
    else:
        assert (mask > 0).sum() == pytest.approx(expected, rel=0.25)


def test_numbers_are_those_of_the_order_of_regions_with_their_colours() -> None:
    assert list(NUMBERS.values()) == list(range(1, 10)) and list(NUMBERS) == ALL
    mask = draw_mask(FACE, ALL, SIZE)
    shown = mask.convert("RGB")
    for region in ALL:
        rows, columns = np.nonzero(np.asarray(mask) == NUMBERS[region])
        assert len(rows), region
        colour = ImageColor.getrgb(BY_NAME[region].colour)
        assert shown.getpixel((int(columns[0]), int(rows[0]))) == colour


def test_small_regions_lie_over_the_face() -> None:
    mask = np.asarray(draw_mask(FACE, ALL, SIZE))
    x, y = (round(value) for value in FACE.region("left_pupil")[0])
    assert mask[y, x] == NUMBERS["left_pupil"]
    x, y = (round(value) for value in FACE.region("nose")[0])
    assert mask[y, x] == NUMBERS["nose"]


def test_no_region_is_an_empty_mask() -> None:
    assert not np.asarray(draw_mask(FACE, [], SIZE)).any()


@pytest.mark.parametrize("region", ALL)
def test_areas_beyond_the_photo_are_cut_off(region: str) -> None:
    far = make_face(centre=(1e12, -1e12))
    assert not np.asarray(draw_mask(far, [region], SIZE)).any()


def test_with_dense_points_an_iris_has_its_size_from_them(images: Path, models_dir: Path) -> None:
    photo = read_photo((images / "two_people.jpg").read_bytes(), PhotoLimits(10**8, 10**8))
    face = LocalEngine(models_dir).find(photo, Options(max_faces=1, dense=True)).faces[0]
    polygon = np.array(polygon_of(face, "left_pupil"))
    assert face.dense
    ring = np.array([point[:2] for point in face.dense[469:473]])
    centre = np.array(face.region("left_pupil")[0])
    radius = np.linalg.norm(polygon - centre, axis=1)
    assert radius == pytest.approx(np.linalg.norm(ring - centre, axis=1).mean(), rel=0.01)
    eye = np.array(face.region("left_eye"))
    assert 0.12 < radius[0] / np.linalg.norm(eye[0] - eye[4]) < 0.3
