import pytest

from landmarks.core.pixels import Box
from landmarks.drawing.thumbnail import choose_crop

RATIO = 4 / 3


def holds(crop: Box, face: Box) -> bool:
    across = crop.left <= face.left and face.right <= crop.right
    return across and crop.top <= face.top and face.bottom <= crop.bottom


@pytest.mark.parametrize(("width", "height"), [(4000, 1000), (1000, 4000), (800, 600), (2, 2)])
def test_is_the_largest_of_its_ratio_inside_the_photo(width: int, height: int) -> None:
    crop = choose_crop(width, height, [Box(0, 0, 1, 1)], RATIO)
    assert crop.width / crop.height == pytest.approx(RATIO)
    assert crop.width == pytest.approx(width) or crop.height == pytest.approx(height)
    assert holds(Box(0, 0, width + 1e-6, height + 1e-6), crop)


def test_is_the_middle_without_faces() -> None:
    assert choose_crop(1000, 300, [], RATIO) == Box(300, 0, 700, 300)


def test_puts_a_face_in_the_middle_and_a_little_above() -> None:
    assert choose_crop(2000, 300, [Box(900, 50, 1000, 150)], RATIO).centre[0] == 950
    upright = choose_crop(300, 2000, [Box(50, 900, 150, 1000)], RATIO)
    assert upright.top + 0.4 * upright.height < 950 < upright.centre[1]


def test_stays_inside_the_photo_when_the_face_is_at_its_edge() -> None:
    assert choose_crop(1000, 300, [Box(-20, 50, 80, 150)], RATIO) == Box(0, 0, 400, 300)


def test_keeps_all_faces_that_fit() -> None:
    faces = [Box(100, 50, 160, 120), Box(420, 50, 480, 120)]
    crop = choose_crop(1000, 300, faces, RATIO)
    assert all(holds(crop, face) for face in faces)


@pytest.mark.parametrize(("width", "height"), [(3000, 300), (300, 3000)], ids=["wide", "tall"])
def test_is_longer_where_faces_are_too_far_apart(width: int, height: int) -> None:
    far, size = max(width, height) - 500, 100
    faces = [Box(x, y, x + size, y + size) for x, y in ((100, 100), (min(far, width - 200), min(far, height - 200)))]
    crop = choose_crop(width, height, faces, RATIO)
    assert all(holds(crop, face) for face in faces)
    assert min(crop.width, crop.height) == 300
    assert max(crop.width, crop.height) == pytest.approx(2600 - 100 + 2 * 25)


def test_is_not_longer_than_the_photo() -> None:
    assert choose_crop(300, 2000, [Box(-20, -30, 300, 1500), Box(0, 1600, 300, 2100)], RATIO) == Box(0, 0, 300, 2000)


def test_is_longer_for_a_face_larger_than_its_ratio() -> None:
    face = Box(0, 500, 300, 1500)
    assert holds(choose_crop(300, 2000, [face], RATIO), face)


def test_is_the_upper_part_of_a_tall_photo_without_faces() -> None:
    crop = choose_crop(300, 1225, [], RATIO)
    assert (crop.top, crop.height) == (100, 225)
