import math

import pytest

from landmarks.core.pixels import Box
from landmarks.core.schema import POINT_COUNT, REGIONS, Mark
from landmarks.drawing.geometry import Drawing, lay_out
from landmarks.drawing.sizes import Detail, sizes_of
from landmarks.drawing.style import Style
from tests.drawing.faces import make_face, on_plane

PHOTO = Box(0, 0, 400, 400)


def draw_one(side: float, style: Style | None = None, scale: float = 1.0) -> Drawing:
    return lay_out([make_face(side)], PHOTO, style or Style(), scale=scale)[0]


@pytest.mark.parametrize(
    ("side", "radius"),
    [(30, 0.55), (76, 0.95), (168, 2.1), (256, 3.2), (400, 4.0), (1600, 8.0), (5000, 9.0)],
)
def test_marks_grow_with_the_face_up_to_a_limit(side: float, radius: float) -> None:
    assert sizes_of(make_face(side)).radius == pytest.approx(radius)


def test_halo_and_lines_follow_the_radius() -> None:
    sizes = sizes_of(make_face(400))
    assert (sizes.halo, sizes.line) == (pytest.approx(0.34 * 4), pytest.approx(0.42 * 4))
    assert sizes.halo_line == pytest.approx(0.42 * 4 + 1.3 * 0.34 * 4)


def test_halo_and_lines_of_a_small_face_stay_visible() -> None:
    sizes = sizes_of(make_face(40))
    assert (sizes.halo, sizes.line) == (0.45, 1.05)


@pytest.mark.parametrize(
    ("side", "detail"),
    [(75, Detail.LINES), (77, Detail.DOTS), (167, Detail.DOTS), (169, Detail.MARKS)],
)
def test_small_faces_are_drawn_with_less_detail(side: float, detail: Detail) -> None:
    assert sizes_of(make_face(side)).detail is detail


def test_the_size_multiplies_the_radius() -> None:
    assert sizes_of(make_face(400), Style(size=2.0)).radius == pytest.approx(8.0)
    assert sizes_of(make_face(400), Style(size=0.5)).radius == pytest.approx(2.0)


@pytest.mark.parametrize("size", [0.4, 2.1, math.nan])
def test_refuses_a_size_out_of_range(size: float) -> None:
    with pytest.raises(ValueError, match="size must be"):
        Style(size=size)


def test_sizes_are_those_of_the_output_divided_by_the_scale() -> None:
    whole, reduced = sizes_of(make_face(200)), sizes_of(make_face(400), scale=0.5)
    assert reduced.side == pytest.approx(whole.side)
    assert (reduced.radius, reduced.line) == (pytest.approx(whole.radius * 2), pytest.approx(whole.line * 2))


def test_a_large_face_has_a_mark_of_its_region_at_every_point() -> None:
    face = make_face(300)
    markers = lay_out([face], PHOTO)[0].markers
    assert tuple(marker.centre for marker in markers) == on_plane(face.points)
    assert all(marker.mark is marker.region.mark for marker in markers)


def test_the_contour_has_smaller_dots() -> None:
    markers = draw_one(400).markers
    assert (markers[0].radius, markers[30].radius) == (pytest.approx(0.92 * 4), pytest.approx(4))


def test_a_middling_face_has_round_dots_at_every_point() -> None:
    markers = draw_one(120).markers
    assert len(markers) == POINT_COUNT
    assert {marker.mark for marker in markers} == {Mark.DOT}


def test_a_tiny_face_has_lines_and_pupils_only() -> None:
    drawing = draw_one(50)
    radii = [(marker.region.name, marker.radius) for marker in drawing.markers]
    assert radii == [("left_pupil", 0.75), ("right_pupil", 0.75)]
    assert {line.region.name for line in drawing.lines} == {region.name for region in REGIONS if region.paths}


def test_a_tiny_face_without_lines_still_shows_its_points() -> None:
    drawing = draw_one(50, Style(lines=False))
    assert (len(drawing.markers), drawing.lines) == (POINT_COUNT, ())


def test_the_contour_is_open_and_the_mouth_two_closed_rings() -> None:
    lines = draw_one(300).lines
    assert [(len(line.points), line.is_closed) for line in lines if line.region.name == "face_profile"] == [(21, False)]
    assert [(len(line.points), line.is_closed) for line in lines if line.region.name == "mouth"] == [
        (12, True),
        (10, True),
    ]


def test_a_closed_line_returns_to_its_start_and_an_open_one_does_not() -> None:
    contour, eye = draw_one(300).lines[:2]
    assert len(list(contour.segments)) == 20
    assert list(eye.segments)[-1] == (eye.points[-1], eye.points[0])


def test_the_tip_of_the_nose_stands_alone() -> None:
    face = make_face(300)
    (nose,) = [line for line in lay_out([face], PHOTO)[0].lines if line.region.name == "nose"]
    assert nose.points == on_plane(face.region("nose")[1:])


def test_only_the_selected_regions_are_drawn() -> None:
    drawing = draw_one(300, Style(regions=frozenset({"mouth", "left_pupil"}), labels=True))
    assert len(drawing.markers) == len(drawing.numbers) == 23
    assert {line.region.name for line in drawing.lines} == {"mouth"}


def test_only_the_selected_faces_are_drawn_and_keep_their_numbers() -> None:
    faces = [make_face(100), make_face(90), make_face(80)]
    drawings = lay_out(faces, PHOTO, Style(faces=frozenset({2, 7})))
    assert [(drawing.number, drawing.frame is not None) for drawing in drawings] == [(2, True)]


def test_numbers_are_written_only_when_requested() -> None:
    assert draw_one(300).numbers == ()
    assert [number.text for number in draw_one(300, Style(labels=True)).numbers][:21] == [str(n) for n in range(21)]


def test_numbers_are_left_out_where_nobody_could_read_them() -> None:
    assert draw_one(60, Style(labels=True)).numbers == ()


def test_the_size_from_which_numbers_are_written_can_be_selected() -> None:
    assert draw_one(200, Style(labels=True, labels_from=240.0)).numbers == ()
    assert len(draw_one(200, Style(labels=True)).numbers) == POINT_COUNT


def test_numbers_stand_outside_their_region() -> None:
    drawing = draw_one(300, Style(labels=True))
    for name in ("face_profile", "left_eye", "right_eye_brow", "mouth"):
        points = [marker.centre for marker in drawing.markers if marker.region.name == name][:12]
        middle = sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)
        numbers = [number.centre for number in drawing.numbers if number.region.name == name]
        for point, number in zip(points, numbers, strict=False):
            assert math.dist(number, middle) > math.dist(point, middle)


def test_a_number_stands_beside_a_point_on_its_neighbours() -> None:
    face = make_face(300)
    points = (*face.points[:21], *[face.points[21]] * 8, *face.points[29:])
    numbers = lay_out([type(face)(points, None)], PHOTO, Style(labels=True))[0].numbers
    assert numbers[21].centre[1] > points[21][1]


def test_a_single_face_has_no_frame() -> None:
    assert draw_one(300).frame is None


def test_several_faces_have_numbers_and_large_ones_corners() -> None:
    faces = [make_face(100, (90.0, 150.0)), make_face(70, (300.0, 150.0)), make_face(15, (200.0, 300.0))]
    frames = [drawing.frame for drawing in lay_out(faces, PHOTO)]
    assert [frame and (frame.text, len(frame.corners)) for frame in frames] == [("1", 4), ("2", 0), None]


def test_only_the_selected_one_of_many_faces_has_corners() -> None:
    faces = [make_face(80, (60.0 + 90 * (index % 4), 80.0 + 200 * (index // 4))) for index in range(7)]
    frames = [drawing.frame for drawing in lay_out(faces, PHOTO, Style(selected=3))]
    assert [frame and (frame.text, bool(frame.corners)) for frame in frames] == [
        (str(number), number == 3) for number in range(1, 8)
    ]


def test_a_number_without_corners_stands_below_the_chin() -> None:
    faces = [make_face(40, (100.0, 150.0)), make_face(40, (300.0, 150.0))]
    drawing = lay_out(faces, PHOTO)[0]
    assert drawing.frame
    assert drawing.frame.tag.centre[0] == pytest.approx(drawing.box.centre[0])
    assert drawing.frame.tag.top == pytest.approx(drawing.box.bottom + 4)
    assert drawing.frame.anchor == (pytest.approx(drawing.box.centre[0]), drawing.box.bottom)


def test_a_number_never_covers_another_face() -> None:
    above, below = make_face(40, (100.0, 100.0)), make_face(40, (100.0, 145.0))
    drawings = lay_out([above, below], PHOTO)
    tags = [drawing.frame.tag for drawing in drawings if drawing.frame]
    assert tags[0].bottom < drawings[0].box.top
    assert tags[1].top > drawings[1].box.bottom


def test_a_number_without_room_is_left_out() -> None:
    column = [make_face(40, (100.0, 100.0 + 45 * row)) for row in range(3)]
    assert [drawing.frame is not None for drawing in lay_out(column, PHOTO)] == [True, False, True]


def test_a_selected_face_has_a_frame_however_small_it_is() -> None:
    frames = [drawing.frame for drawing in lay_out([make_face(100), make_face(50)], PHOTO, Style(selected=2))]
    assert [frame and (frame.text, frame.is_selected) for frame in frames] == [("1", False), ("2", True)]


def test_frames_can_be_left_out() -> None:
    assert all(drawing.frame is None for drawing in lay_out([make_face(), make_face()], PHOTO, Style(frames=False)))


def test_corners_stand_around_the_points() -> None:
    face = make_face(100)
    frame = lay_out([face, face], PHOTO)[0].frame
    assert frame
    xs, ys = zip(*(point for corner in frame.corners for point in corner), strict=True)
    assert min(xs) < face.box.left < face.box.right < max(xs)
    assert min(ys) < face.box.top < face.box.bottom < max(ys)


@pytest.mark.parametrize("centre", [(0.0, 0.0), (400.0, 400.0), (-40.0, 200.0), (200.0, 460.0)])
def test_a_tag_stays_inside_the_photo(centre: tuple[float, float]) -> None:
    face = make_face(200, centre)
    frame = lay_out([face, face], PHOTO)[0].frame
    assert frame
    assert 0 <= frame.tag.left < frame.tag.right <= 400
    assert 0 <= frame.tag.top < frame.tag.bottom <= 400


@pytest.mark.parametrize(
    ("side", "style", "more_from"),
    [
        (60, Style(), 76),
        (60, Style(size=0.5), 152),
        (60, Style(lines=False), 0),
        (300, Style(), 0),
        (100, Style(labels=True, labels_from=240), 240),
        (300, Style(labels=True, labels_from=240), 0),
    ],
)
def test_a_face_tells_from_which_size_there_is_more_of_it(side: float, style: Style, more_from: float) -> None:
    assert draw_one(side, style).more_from == pytest.approx(more_from)


@pytest.mark.parametrize("opacity", [0.0, 1.1, math.nan])
def test_refuses_an_opacity_out_of_range(opacity: float) -> None:
    with pytest.raises(ValueError, match="opacity must be"):
        Style(opacity=opacity)
