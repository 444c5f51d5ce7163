from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageColor, ImageStat

from landmarks.core.pixels import Box, Transform
from landmarks.core.schema import BY_NAME, HALO, REGIONS
from landmarks.drawing.colour import Colouring, face_colour
from landmarks.drawing.geometry import lay_out
from landmarks.drawing.raster import draw_overlay
from landmarks.drawing.style import Style
from landmarks.drawing.thumbnail import draw_thumbnail
from tests.drawing.faces import make_face

SKIN = (150, 110, 90)
IMAGES = Path(__file__).parent.parent / "images"


def canvas(width: int = 400, height: int = 400) -> Image.Image:
    return Image.new("RGB", (width, height), SKIN)


def colour_at(image: Image.Image, x: float, y: float) -> tuple[int, ...]:
    pixel = image.getpixel((round(x), round(y)))
    assert isinstance(pixel, tuple)
    return pixel


def distance(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


def changed(image: Image.Image) -> Box | None:
    box = ImageChops.difference(image, canvas(*image.size)).getbbox()
    return Box(*box) if box else None


@pytest.mark.parametrize("name", [region.name for region in REGIONS if region.paths])
def test_the_middle_of_a_mark_has_the_colour_of_its_region(name: str) -> None:
    face = make_face(350)
    picture = draw_overlay(canvas(), [face])
    for point in face.region(name):
        assert distance(colour_at(picture, *point), ImageColor.getrgb(BY_NAME[name].colour)) <= 3


def test_pupils_are_rings_around_what_is_seen() -> None:
    face = make_face(350)
    picture = draw_overlay(canvas(), [face], Style(regions=frozenset({"left_pupil"})))
    x, y = face.region("left_pupil")[0]
    assert distance(colour_at(picture, x, y), SKIN) <= 8  # the reduction lets a little of the ring over
    assert colour_at(picture, x + 1.24 * 0.2 * 350**0.5, y) == (255, 255, 255)


def test_a_mark_has_a_dark_halo() -> None:
    face = make_face(350)
    picture = draw_overlay(canvas(), [face], Style(lines=False))
    x, y = face.region("face_profile")[10]
    radius = 0.2 * 350**0.5
    seen = colour_at(picture, x, y + 0.92 * radius + 0.17 * radius)
    halo = tuple(round(0.8 * dark + 0.2 * skin) for dark, skin in zip(ImageColor.getrgb(HALO), SKIN, strict=True))
    assert distance(seen, halo) <= 25


@pytest.mark.parametrize("name", [region.name for region in REGIONS])
def test_a_guessed_point_is_dark_within_a_rim_of_its_colour(name: str) -> None:
    face = replace(make_face(350), uncertainty=(0.3,) * 90)
    picture = draw_overlay(canvas(), [face], Style(regions=frozenset({name}), lines=False, size=2.0))
    x, y = face.region(name)[0]
    beside = 0.85 * 2 * 0.2 * 350**0.5 if name == "right_pupil" else 0.0  # its middle is a dot
    assert distance(colour_at(picture, x + beside, y), ImageColor.getrgb(HALO)) <= 30
    colours = [colour for _, colour in picture.getcolors(100_000) or []]
    assert min(distance(colour, ImageColor.getrgb(BY_NAME[name].colour)) for colour in colours) <= 12


def test_points_of_an_engine_that_tells_no_uncertainty_are_full() -> None:
    sure = replace(make_face(350), uncertainty=(0.01,) * 90)
    assert draw_overlay(canvas(), [make_face(350)]).tobytes() == draw_overlay(canvas(), [sure]).tobytes()


def test_lines_let_the_photo_shine_through() -> None:
    face = make_face(350)
    picture = draw_overlay(canvas(), [face], Style(regions=frozenset({"nose"})))
    (ax, ay), (bx, by) = face.region("nose")[1:3]
    seen = colour_at(picture, (ax + bx) / 2, (ay + by) / 2)
    nose = ImageColor.getrgb(BY_NAME["nose"].colour)
    below = [0.36 * dark + 0.64 * skin for dark, skin in zip(ImageColor.getrgb(HALO), SKIN, strict=True)]
    expected = tuple(round(0.82 * line + 0.18 * under) for line, under in zip(nose, below, strict=True))
    assert distance(seen, expected) <= 20


def test_lines_to_guessed_points_have_gaps() -> None:
    face = replace(make_face(350), uncertainty=(0.3,) * 90)
    style = Style(regions=frozenset({"nose"}), points=False)
    whole, dashed = draw_overlay(canvas(), [make_face(350)], style), draw_overlay(canvas(), [face], style)
    (ax, ay), (bx, by) = face.region("nose")[1:3]
    along = [(ax + (bx - ax) * step / 60, ay + (by - ay) * step / 60) for step in range(61)]
    nose = ImageColor.getrgb(BY_NAME["nose"].colour)
    inked = [sum(distance(colour_at(picture, *at), nose) < 60 for at in along) for picture in (whole, dashed)]
    assert inked[0] > 0.9 * len(along)
    assert 0.2 * len(along) < inked[1] < 0.8 * len(along)


def test_edges_are_smooth() -> None:
    picture = draw_overlay(canvas(), [make_face(350)], Style(regions=frozenset({"face_profile"})))
    colours = picture.getcolors(100_000)
    assert colours and len(colours) > 500


def test_nothing_changes_far_from_the_face() -> None:
    face = make_face(100)
    box = changed(draw_overlay(canvas(), [face]))
    assert box
    assert face.box.left - 6 <= box.left and box.right <= face.box.right + 6
    assert face.box.top - 6 <= box.top and box.bottom <= face.box.bottom + 6


def test_the_photo_itself_stays_as_it_is() -> None:
    photo = canvas()
    picture = draw_overlay(photo, [make_face()])
    assert picture is not photo
    assert changed(photo) is None
    assert changed(picture)


def test_without_faces_the_picture_is_a_copy() -> None:
    photo = canvas()
    picture = draw_overlay(photo, [])
    assert picture is not photo
    assert picture.tobytes() == photo.tobytes()


def test_a_grey_photo_becomes_a_picture_in_colour() -> None:
    assert draw_overlay(Image.new("L", (400, 400), 128), [make_face()]).mode == "RGB"


def test_points_outside_the_frame_are_cut_off() -> None:
    picture = draw_overlay(canvas(), [make_face(300, (-20, 390))])
    assert picture.size == (400, 400)
    assert changed(picture)


def test_points_that_all_coincide_are_drawn_too() -> None:
    face = make_face(300)
    picture = draw_overlay(canvas(), [type(face)(((200.0, 200.0),) * 90, None)])
    assert colour_at(picture, 200, 200) != SKIN


def test_leaving_out_a_region_leaves_its_pixels_untouched() -> None:
    face = make_face(350)
    picture = draw_overlay(canvas(), [face], Style(regions=frozenset({"mouth"})))
    assert colour_at(picture, *face.region("nose")[0]) == SKIN
    assert colour_at(picture, *face.region("mouth")[0]) != SKIN


def test_leaving_out_a_face_leaves_its_pixels_untouched() -> None:
    faces = [make_face(150, (100, 150)), make_face(140, (300, 150))]
    box = changed(draw_overlay(canvas(), faces, Style(faces=frozenset({2}))))
    assert box and box.left > 200


def test_leaving_out_the_lines_leaves_the_marks() -> None:
    face = make_face(350)
    picture = draw_overlay(canvas(), [face], Style(lines=False))
    (ax, ay), (bx, by) = face.region("face_profile")[9:11]
    assert colour_at(picture, (ax + bx) / 2, (ay + by) / 2) == SKIN
    assert colour_at(picture, ax, ay) != SKIN


def test_numbers_are_written_in_light_letters() -> None:
    face = make_face(350)
    plain, numbered = (draw_overlay(canvas(), [face], Style(labels=labels)) for labels in (False, True))
    drawing = lay_out([face], Box(0, 0, 400, 400), Style(labels=True))[0]
    for number in drawing.numbers[:21]:
        x, y = number.centre
        around = (int(x) - 4, int(y) - 4, int(x) + 5, int(y) + 5)
        assert ImageChops.difference(plain.crop(around), numbered.crop(around)).getextrema()[0][1] > 60


def test_several_faces_carry_their_numbers() -> None:
    faces = [make_face(150, (100, 200)), make_face(140, (300, 200))]
    picture = draw_overlay(canvas(), faces)
    for drawing in lay_out(faces, Box(0, 0, 400, 400)):
        assert drawing.frame
        assert distance(colour_at(picture, drawing.frame.tag.left + 3, drawing.frame.tag.centre[1]), (38, 34, 31)) <= 3


def test_a_face_in_many_tiles_has_no_seams() -> None:
    face = make_face(2000, (1100, 1100))
    shift = 37
    one = draw_overlay(canvas(2300, 2300), [face])
    other = draw_overlay(canvas(2300, 2300), [face.transformed(Transform.shift(shift, shift))])
    parts = one.crop((0, 0, 2200, 2200)), other.crop((shift, shift, 2200 + shift, 2200 + shift))
    histogram = ImageChops.difference(*parts).convert("L").histogram()
    assert sum(histogram[20:]) == 0


def test_a_thumbnail_shows_the_points_at_its_own_size() -> None:
    face = make_face(1500, (2000, 1600))
    thumbnail = draw_thumbnail(canvas(4000, 3000), [face])
    assert thumbnail.size == (480, 360)
    for x, y in face.region("left_eye"):
        assert distance(colour_at(thumbnail, x * 0.12, y * 0.12), ImageColor.getrgb("#55DFFA")) <= 20


def test_a_thumbnail_of_several_faces_has_no_frames() -> None:
    faces = [make_face(800, (1000, 1600)), make_face(800, (3000, 1600))]
    box = changed(draw_thumbnail(canvas(4000, 3000), faces))
    assert box and box.top >= min(face.box.top for face in faces) * 0.12 - 4


def test_a_thumbnail_is_narrower_where_faces_are_far_apart() -> None:
    faces = [make_face(300, (400, 300)), make_face(300, (400, 2900))]
    thumbnail = draw_thumbnail(canvas(800, 3200), faces)
    assert thumbnail.height == 360 and 80 < thumbnail.width < 110
    box = changed(thumbnail)
    assert box and box.bottom - box.top > 260


def test_a_thumbnail_of_a_small_grey_photo_fills_its_size() -> None:
    thumbnail = draw_thumbnail(Image.new("L", (40, 90), 128), [])
    assert (thumbnail.size, thumbnail.mode) == ((480, 360), "RGB")


@pytest.mark.parametrize("side", [160, 360, 520, 920, 2040], ids="{} px".format)
def test_a_thumbnail_shows_the_photo(side: int) -> None:
    with Image.open(IMAGES / "astronaut.jpg") as file:
        photo = file.convert("RGB").resize((side, side), Image.Resampling.BICUBIC)
    width, height = photo.size
    # A quarter of the height is left out, a tenth of that at the top.
    edges = (0, height / 40, width, height / 40 + 0.75 * height)
    expected = photo.resize((480, 360), Image.Resampling.HAMMING, box=edges)
    differences = ImageChops.difference(draw_thumbnail(photo, []), expected)
    assert max(ImageStat.Stat(differences).mean) < 1.5
    assert sum(differences.convert("L").histogram()[20:]) < 0.003 * 480 * 360


def test_marks_and_lines_can_be_faded() -> None:
    face = make_face(350)
    picture = draw_overlay(canvas(), [face], Style(opacity=0.5))
    nose = ImageColor.getrgb(BY_NAME["nose"].colour)
    half = tuple(round((colour + skin) / 2) for colour, skin in zip(nose, SKIN, strict=True))
    assert distance(colour_at(picture, *face.region("nose")[0]), half) <= 3


def test_points_can_be_left_out() -> None:
    face = make_face(350)
    picture = draw_overlay(canvas(), [face], Style(points=False))
    assert distance(colour_at(picture, *face.region("nose")[0]), SKIN) == 0
    assert changed(picture)


def test_a_picture_can_be_coloured_by_face() -> None:
    faces = [make_face(180, (100, 200)), make_face(170, (300, 200))]
    picture = draw_overlay(canvas(), faces, Style(colour=Colouring.FACE, lines=False))
    for number, face in enumerate(faces, start=1):
        seen = colour_at(picture, *face.region("nose")[0])
        assert distance(seen, ImageColor.getrgb(face_colour(number))) <= 30, number
