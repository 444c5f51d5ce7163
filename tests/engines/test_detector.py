"""Where faces may be: sizes, edges, turns, and when the search ends."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from landmarks.engines.local.detector import GLANCE, Detector, Spot, distinct, is_enough, overlap
from landmarks.engines.local.pyramid import Pyramid

FACE = (203, 98)
"""Between the eyes and the mouth of the astronaut, who is about 95 pixels wide there."""


@pytest.fixture(scope="module")
def detector(models_dir):
    return Detector(models_dir)


@pytest.fixture(scope="module")
def astronaut(images):
    with Image.open(images / "astronaut.jpg") as file:
        return file.convert("RGB")


@pytest.fixture(scope="module")
def rocket(images):
    with Image.open(images / "rocket.jpg") as file:
        return file.convert("RGB")


def of(image: Image.Image) -> Pyramid:
    return Pyramid(np.asarray(image))


def spot_at(x, side, score, *, seen=60.0) -> Spot:
    return Spot(np.array([x, 100.0]), side, side, np.zeros((5, 2)), score, seen)


def test_a_plain_portrait_takes_one_look(detector, astronaut):
    search = detector.search(of(astronaut.crop((100, 0, 350, 250))))
    assert search.sizes == (GLANCE,)
    assert len(search.spots) == 1


def test_without_a_face_all_sizes_are_looked_at(detector, rocket):
    search = detector.search(of(rocket))
    assert search.sizes == (320, 640, 1280)
    assert search.spots == []


def test_a_turned_photo_that_nobody_asked_about_is_looked_at_less_closely(detector, rocket):
    assert detector.search(of(rocket), 90, is_asked=False).sizes == (320, 640)
    assert detector.search(of(rocket), 90).sizes == (320, 640, 1280)


def test_a_small_face_in_a_very_large_photo_is_seen_in_pieces(detector, astronaut):
    large = Image.new("RGB", (4000, 3000), "grey")
    large.paste(astronaut.resize((110, 110), Image.Resampling.BOX), (2611, 1733))
    search = detector.search(of(large))
    assert search.sizes == (320, 640, 1280, 2560)
    (spot,) = search.spots
    assert spot.centre == pytest.approx((2611 + 220 * 110 / 512, 1733 + 115 * 110 / 512), abs=4)


def test_a_very_large_photo_with_a_large_face_is_not_looked_at_in_pieces(detector, astronaut):
    assert 2560 not in detector.search(of(astronaut.resize((3000, 3000)))).sizes


@pytest.mark.parametrize("side", [32, 48, 64])
def test_a_face_in_a_tiny_photo_is_seen(detector, astronaut, side):
    tiny = astronaut.crop((100, 0, 350, 250)).resize((side, side), Image.Resampling.BOX)
    assert len(detector.search(of(tiny)).spots) == 1


@pytest.mark.parametrize("scale", [1, 15])
def test_a_face_that_fills_the_photo_is_seen(detector, astronaut, scale):
    face = astronaut.crop((178, 75, 268, 172))
    assert len(detector.search(of(face.resize((face.width * scale, face.height * scale)))).spots) == 1


@pytest.mark.parametrize("box", [(224, 0, 512, 512), (0, 0, 224, 512), (0, 122, 512, 512), (0, 0, 512, 128)])
def test_a_face_that_the_edge_cuts_in_half_is_seen_once(detector, astronaut, box):
    (spot,) = detector.search(of(astronaut.crop(box))).spots
    assert spot.is_cut
    assert spot.score > 0.7


def test_a_face_beside_the_edge_is_not_seen_in_its_mirror_image(detector, astronaut):
    (spot,) = detector.search(of(astronaut.crop((170, 0, 512, 512)))).spots
    assert not spot.is_cut
    assert spot.centre[0] > 0


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_turned_photo_shows_the_face_at_its_place(detector, astronaut, turned):
    (upright,) = detector.search(of(astronaut)).spots
    lying = astronaut.rotate(turned, expand=True)
    (spot,) = (spot for spot in detector.search(of(lying), turned).spots if spot.score > 0.9)
    x, y = upright.centre
    last = 511
    at = {90: (y, last - x), 180: (last - x, last - y), 270: (last - y, x)}[turned]
    assert spot.centre == pytest.approx(at, abs=8)


def test_a_face_seen_twice_is_kept_once_with_the_surer_score():
    sure, unsure = spot_at(100, 50, 0.9, seen=80), spot_at(104, 52, 0.7, seen=20)
    (kept,) = distinct([unsure, sure])
    assert kept.score == 0.9
    assert kept.seen == 20, "and it tells how small it was when first seen"


def test_a_face_seen_twice_lies_between_the_two_nearer_to_the_surer():
    sure, unsure = spot_at(100, 50, 0.9), spot_at(104, 52, 0.8)
    (kept,) = distinct([unsure, sure])
    assert kept.centre == pytest.approx((100 + 4 * 4 / 13, 100)), "odds of 9 against 4"
    assert kept.width == pytest.approx(50 + 2 * 4 / 13)


def test_a_little_noise_moves_a_face_seen_twice_a_little():
    one, other = spot_at(100, 50, 0.9), spot_at(104, 52, 0.9)
    (before,), (after,) = (distinct([replace(one, score=0.9 + noise), other]) for noise in (-0.001, 0.001))
    assert abs(before.centre[0] - after.centre[0]) < 0.05


def test_neighbours_are_two_faces():
    one, other = spot_at(100, 50, 0.9), spot_at(140, 50, 0.8)
    assert overlap(one, other) < 0.4
    assert len(distinct([one, other])) == 2


GROUP = [spot_at(100 * at, 50, 0.9) for at in range(1, 6)]


@pytest.mark.parametrize(
    ("look", "ends"),
    [
        ([spot_at(100, 50, 0.9)], True),
        ([spot_at(100, 50, 0.9), spot_at(300, 50, 0.7)], True),
        ([], False),
        ([spot_at(100, 50, 0.75)], False),
        ([spot_at(100, 50, 0.9, seen=30)], False),
        ([spot_at(100, 50, 0.9), spot_at(300, 50, 0.4)], False),
        (GROUP, False),
    ],
    ids=["one", "two", "none", "unsure", "small", "something doubtful", "a group"],
)
def test_a_small_look_ends_the_search_with_one_or_two_good_faces_and_nothing_doubtful(look, ends):
    assert is_enough(look, 320) == ends


@pytest.mark.parametrize(
    ("more", "ends"),
    [
        ([], True),
        ([spot_at(900, 50, 0.1)], True),
        ([spot_at(900, 50, 0.4)], False),
        ([spot_at(900, 20, 0.1, seen=20)], False),
        ([spot_at(900, 40, 0.9, seen=40)], False),
    ],
    ids=["nothing", "something faint and large", "something doubtful", "something faint and small", "a smaller face"],
)
def test_a_look_at_a_group_ends_the_search_when_nobody_shows_behind_it(more, ends):
    assert is_enough(GROUP + more, 640) == ends


def test_a_group_of_clear_faces_is_not_looked_at_closely(detector, images):
    search = detector.search(of(group_of_ten(images)))
    assert search.sizes == (320, 640)
    assert len(search.spots) == 10


def test_people_behind_a_group_are_seen(detector, images, astronaut):
    image = group_of_ten(images)
    face = astronaut.crop((150, 30, 300, 200)).resize((26, 30), Image.Resampling.LANCZOS)
    for left in range(20, 660, 80):
        image.paste(face, (left, 6))
    search = detector.search(of(image))
    assert 1280 in search.sizes
    assert len(search.spots) > 14


def group_of_ten(images) -> Image.Image:
    """The part of a photo of a conference in which ten people are seen well."""
    with Image.open(images.parent.parent / "static" / "samples" / "solvay1927.jpg") as file:
        return file.convert("RGB").crop((158, 0, 838, 830))
