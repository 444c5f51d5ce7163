"""Detection: sizes, edges, turns, and when the search ends."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from benchmarks.scenes import make_scenes
from landmarks.core.pixels import Box
from landmarks.engines.local.detector import (
    FIRST_PASS,
    FIRST_THRESHOLD,
    Detection,
    Detector,
    is_enough,
    is_hopeless,
    is_worthwhile,
    merged,
)
from landmarks.engines.local.pyramid import Pyramid
from landmarks.engines.local.yunet import THRESHOLD

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


def detection(x, side, score, *, smallest=60.0) -> Detection:
    half = side / 2
    return Detection(Box(x - half, 100 - half, x + half, 100 + half), ((0.0, 0.0),) * 5, score, smallest)


def test_a_plain_portrait_takes_one_pass(detector, astronaut):
    search = detector.search(of(astronaut.crop((100, 0, 350, 250))))
    assert search.sizes == (FIRST_PASS,)
    assert len(search.found) == 1


def test_without_anything_like_a_face_the_search_ends_early(detector, rocket):
    assert detector.search(of(rocket)).sizes == (320, 640)
    assert detector.search(of(rocket)).found == []


def test_a_turned_photo_gets_smaller_passes_unless_requested(rocket):
    def is_tried(is_requested: bool) -> bool:
        return is_worthwhile(1280, of(rocket), [], is_requested=is_requested, is_turned=True)

    assert is_tried(is_requested=True)
    assert not is_tried(is_requested=False)


@pytest.mark.parametrize(
    ("score", "size", "turned", "hopeless"),
    [
        (0.1, 320, False, False),
        (0.1, 640, False, True),
        (0.2, 640, False, False),
        (0.1, 320, True, True),
        (0.2, 320, True, False),
        (0.2, 640, True, True),
        (0.4, 640, True, False),
    ],
)
def test_a_pass_that_shows_next_to_nothing_is_the_last(rocket, score, size, turned, hopeless):
    shown = [detection(100, 20, score, smallest=20)]
    assert is_hopeless(shown, size, of(rocket), (), is_turned=turned) is hopeless


def test_nothing_at_all_ends_the_search_too_but_not_in_a_very_large_photo(rocket):
    assert is_hopeless([], 640, of(rocket), (), is_turned=False)
    assert not is_hopeless([], 640, of(rocket.resize((2560, 1700))), (), is_turned=False)


def test_a_face_that_was_found_upright_is_no_reason_to_go_on_turned(rocket):
    shown = [detection(100, 20, 0.8, smallest=20)]
    assert not is_hopeless(shown, 320, of(rocket), (), is_turned=True)
    assert is_hopeless([replace(shown[0], smallest_side=60)], 320, of(rocket), (), is_turned=True)
    assert is_hopeless(shown, 320, of(rocket), [detection(102, 22, 0.9).box], is_turned=True)


def test_a_turned_pass_that_shows_nothing_in_a_close_look_is_the_last(detector):
    """A sleeve that looks a little like a face after three quarter turns."""
    selfie = of(make_scenes().selfie)
    known = [each.box for each in detector.search(selfie).found]
    assert detector._pass(selfie, 320, 270, FIRST_THRESHOLD)
    assert detector.search(selfie, 270, known=known).sizes == (320,)


@pytest.mark.parametrize("side", [100, 115])
def test_a_small_turned_face_that_is_faint_at_first_is_detected(detector, astronaut, side):
    picture = Image.new("RGB", (640, 640), "grey")
    picture.paste(astronaut.resize((side, side)), (300, 200))
    photo = of(picture.transpose(Image.Transpose.ROTATE_90))
    assert max(each.score for each in detector._pass(photo, 320, 90, FIRST_THRESHOLD)) < THRESHOLD
    (found,) = detector.search(photo, 90).found
    assert found.score > 0.9


def test_a_small_face_in_a_very_large_photo_is_detected_in_tiles(detector, astronaut):
    large = Image.new("RGB", (4000, 3000), "grey")
    large.paste(astronaut.resize((110, 110), Image.Resampling.BOX), (2611, 1733))
    search = detector.search(of(large))
    assert search.sizes == (320, 640, 1280, 2560)
    (found,) = search.found
    assert found.box.centre == pytest.approx((2611 + 220 * 110 / 512, 1733 + 115 * 110 / 512), abs=4)


def test_a_very_large_photo_with_a_large_face_gets_no_largest_pass(detector, astronaut):
    assert 2560 not in detector.search(of(astronaut.resize((3000, 3000)))).sizes


@pytest.mark.parametrize("side", [32, 48, 64])
def test_a_face_in_a_tiny_photo_is_detected(detector, astronaut, side):
    tiny = astronaut.crop((100, 0, 350, 250)).resize((side, side), Image.Resampling.BOX)
    assert len(detector.search(of(tiny)).found) == 1


@pytest.mark.parametrize("scale", [1, 15])
def test_a_face_that_fills_the_photo_is_detected(detector, astronaut, scale):
    face = astronaut.crop((178, 75, 268, 172))
    assert len(detector.search(of(face.resize((face.width * scale, face.height * scale)))).found) == 1


@pytest.mark.parametrize("box", [(224, 0, 512, 512), (0, 0, 224, 512), (0, 122, 512, 512), (0, 0, 512, 128)])
def test_a_face_cut_in_half_by_the_edge_is_detected_once(detector, astronaut, box):
    (found,) = detector.search(of(astronaut.crop(box))).found
    assert found.is_cut
    assert found.score > 0.7


def test_a_face_beside_the_edge_is_not_detected_in_its_mirror_image(detector, astronaut):
    (found,) = detector.search(of(astronaut.crop((170, 0, 512, 512)))).found
    assert not found.is_cut
    assert found.box.centre[0] > 0


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_face_in_a_turned_photo_has_its_position_in_the_photo(detector, astronaut, turned):
    (upright,) = detector.search(of(astronaut)).found
    lying = astronaut.rotate(turned, expand=True)
    (found,) = (each for each in detector.search(of(lying), turned).found if each.score > 0.9)
    x, y = upright.box.centre
    last = 511
    expected = {90: (y, last - x), 180: (last - x, last - y), 270: (last - y, x)}[turned]
    assert found.box.centre == pytest.approx(expected, abs=8)


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_closer_look_shows_a_face_that_is_turned(detector, astronaut, turned):
    (upright,) = detector.search(of(astronaut)).found
    x, y = upright.box.centre
    lying = astronaut.rotate(turned, expand=True)
    there = {90: (y, 511 - x), 180: (511 - x, 511 - y), 270: (511 - y, x)}[turned]
    half = upright.side / 2
    around = replace(upright, box=Box(there[0] - half, there[1] - half, there[0] + half, there[1] + half))
    (found,) = detector.look_closer(of(lying), around, turned)
    assert found.score > 0.8
    assert found.box.centre == pytest.approx(there, abs=8)


def test_a_face_detected_twice_is_kept_once_with_the_higher_score():
    certain, doubtful = detection(100, 50, 0.9, smallest=80), detection(104, 52, 0.7, smallest=20)
    (kept,) = merged([doubtful, certain])
    assert kept.score == 0.9
    assert kept.smallest_side == 20, "its side in the smallest pass that shows it"


def test_a_face_detected_twice_lies_between_both_closer_to_the_more_certain():
    certain, doubtful = detection(100, 50, 0.9), detection(104, 52, 0.8)
    (kept,) = merged([doubtful, certain])
    assert kept.box.centre == pytest.approx((100 + 4 * 4 / 13, 100)), "odds of 9 against 4"
    assert kept.box.width == pytest.approx(50 + 2 * 4 / 13)


def test_a_little_noise_moves_a_face_detected_twice_a_little():
    one, other = detection(100, 50, 0.9), detection(104, 52, 0.9)
    (before,), (after,) = (merged([replace(one, score=0.9 + noise), other]) for noise in (-0.001, 0.001))
    assert abs(before.box.centre[0] - after.box.centre[0]) < 0.05


def test_neighbours_are_two_faces():
    one, other = detection(100, 50, 0.9), detection(140, 50, 0.8)
    assert one.box.iou(other.box) < 0.4
    assert len(merged([one, other])) == 2


GROUP = [detection(100 * at, 50, 0.9) for at in range(1, 6)]


@pytest.mark.parametrize(
    ("found", "ends"),
    [
        ([detection(100, 50, 0.9)], True),
        ([detection(100, 50, 0.9), detection(300, 50, 0.7)], True),
        ([], False),
        ([detection(100, 50, 0.75)], False),
        ([detection(100, 50, 0.9, smallest=30)], False),
        ([detection(100, 50, 0.9), detection(300, 50, 0.4)], False),
        (GROUP, False),
    ],
    ids=["one", "two", "none", "uncertain", "small", "something doubtful", "a group"],
)
def test_a_small_pass_with_one_or_two_good_faces_and_nothing_doubtful_ends_the_search(found, ends):
    assert is_enough(found, 320) == ends


@pytest.mark.parametrize(
    ("more", "ends"),
    [
        ([], True),
        ([detection(900, 50, 0.1)], True),
        ([detection(900, 50, 0.4)], False),
        ([detection(900, 20, 0.1, smallest=20)], False),
        ([detection(900, 40, 0.9, smallest=40)], False),
    ],
    ids=["nothing", "something faint and large", "something doubtful", "something faint and small", "a smaller face"],
)
def test_a_pass_over_a_group_ends_the_search_if_nobody_is_behind_it(more, ends):
    assert is_enough(GROUP + more, 640) == ends


def test_a_group_of_clear_faces_gets_no_larger_pass(detector, images):
    search = detector.search(of(group_of_ten(images)))
    assert search.sizes == (320, 640)
    assert len(search.found) == 10


def test_people_behind_a_group_are_detected(detector, images, astronaut):
    image = group_of_ten(images)
    face = astronaut.crop((150, 30, 300, 200)).resize((26, 30), Image.Resampling.LANCZOS)
    for left in range(20, 660, 80):
        image.paste(face, (left, 6))
    search = detector.search(of(image))
    assert 1280 in search.sizes
    assert len(search.found) > 14


def group_of_ten(images) -> Image.Image:
    """The part of a photo of a conference that shows ten people clearly."""
    with Image.open(images.parent.parent / "static" / "samples" / "solvay1927.jpg") as file:
        return file.convert("RGB").crop((158, 0, 838, 830))
