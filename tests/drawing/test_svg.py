import re
from dataclasses import replace
from itertools import accumulate
from xml.etree import ElementTree

import pytest

from landmarks.core.pixels import Box
from landmarks.core.schema import BY_NAME, HALO, POINT_COUNT, REGIONS
from landmarks.drawing.marks import DARK, LIGHT
from landmarks.drawing.sizes import sizes_of
from landmarks.drawing.style import Style
from landmarks.drawing.svg import draw_standalone_svg, draw_svg, draw_swatch, draw_symbols
from tests.drawing.faces import make_face, on_plane

SVG = "{http://www.w3.org/2000/svg}"
FACES = [make_face(150, (100, 150)), make_face(140, (300, 150))]


def walked(path: str, start: tuple[float, float] = (0, 0)) -> list[tuple[float, float]]:
    """The points of a line that is written as moves."""
    moves = [float(number) for number in re.findall(r"-?[\d.]+", path)]
    x, y = accumulate(moves[::2], initial=start[0]), accumulate(moves[1::2], initial=start[1])
    return list(zip(x, y, strict=True))[1:]


def parse(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)  # noqa: S314 - our own text


def test_every_face_has_a_mark_for_each_point() -> None:
    overlay = parse(draw_svg(400, 300, FACES, scale=1.0))
    faces = overlay.findall("g[@class='face']")
    assert [face.get("data-face") for face in faces] == ["1", "2"]
    assert [len(face.findall(".//use")) for face in faces] == [POINT_COUNT, POINT_COUNT]


def test_marks_stand_on_the_points_in_pixels_of_the_photo() -> None:
    overlay = parse(draw_svg(400, 300, [make_face(350, (100.123, 150))], scale=1.0))
    use = overlay.find(".//g[@data-region='nose']/use")
    assert use is not None and str(use.get("transform")).startswith("translate(100.62 150.5) scale(")


def test_a_line_goes_through_the_points_of_its_region() -> None:
    face = make_face(350, (100.123, 150))
    path = parse(draw_svg(400, 300, [face], scale=1.0)).find(".//g[@class='lines']/path[@data-region='nose']")
    assert path is not None
    assert walked(str(path.get("d"))) == [
        pytest.approx(point, abs=0.006) for point in on_plane(face.region("nose")[1:])
    ]


def test_the_lines_of_a_region_are_one_path() -> None:
    face = make_face(350, (100, 150))
    (path,) = parse(draw_svg(400, 300, [face], scale=1.0)).findall(".//g[@class='lines']/path[@data-region='mouth']")
    outer, inner = str(path.get("d")).removesuffix("z").split("z")
    first = walked(outer)
    # The second begins where the first one began and has closed.
    second = walked(inner, first[0])
    assert [*first, *second] == [pytest.approx(point, abs=0.006) for point in on_plane(face.region("mouth"))]


@pytest.mark.parametrize(("side", "scale"), [(60, 0.469), (60, 0.24), (80, 0.703), (8, 4.0)])
def test_lines_of_a_tiny_face_are_a_fifth_of_a_pixel_off_at_most(side: float, scale: float) -> None:
    face = make_face(side, (100, 150))
    path = parse(draw_svg(400, 300, [face], scale=scale)).find(".//g[@class='lines']/path[@data-region='face_profile']")
    assert path is not None
    expected = on_plane(face.region("face_profile"))
    off = [
        abs(a - b) * scale
        for one, other in zip(walked(str(path.get("d"))), expected, strict=True)
        for a, b in zip(one, other, strict=True)
    ]
    assert max(off) < 0.25
    assert max(off) > 0.05


def test_lines_of_a_file_are_written_in_full() -> None:
    face = make_face(60, (100.123, 150))
    drawn = ElementTree.fromstring(draw_standalone_svg(400, 300, [face]).encode())  # noqa: S314
    path = drawn.find(f".//{SVG}g[@class='lines']/{SVG}path[@data-region='nose']")
    assert path is not None
    assert walked(str(path.get("d"))) == [
        pytest.approx(point, abs=0.006) for point in on_plane(face.region("nose")[1:])
    ]


def test_lines_that_are_not_drawn_anew_are_written_in_full() -> None:
    face = make_face(60, (100.123, 150))
    style = Style(points=False)
    path = parse(draw_svg(400, 300, [face], style, scale=0.469)).find(".//g[@class='lines']/path[@data-region='nose']")
    assert path is not None
    assert walked(str(path.get("d"))) == [pytest.approx(point, abs=0.06) for point in on_plane(face.region("nose")[1:])]


def test_pixels_that_are_drawn_small_are_written_to_a_tenth() -> None:
    overlay = parse(draw_svg(400, 300, [make_face(350, (100.123, 150))], scale=0.9))
    use = overlay.find(".//g[@data-region='nose']/use")
    assert use is not None and str(use.get("transform")).startswith("translate(100.6 150.5) scale(")


def test_sizes_are_divided_by_the_scale() -> None:
    face = make_face(400)
    overlay = parse(draw_svg(400, 300, [face], scale=0.5))
    lines = overlay.find(".//g[@class='lines']")
    assert lines is not None
    assert float(str(lines.get("stroke-width"))) == pytest.approx(2 * sizes_of(make_face(200)).line, abs=0.01)


def test_its_view_box_is_the_photo_or_the_part_of_it_that_is_shown() -> None:
    assert parse(draw_svg(400, 300, FACES, scale=1.0)).get("viewBox") == "0 0 400 300"
    close_up = draw_svg(400, 300, FACES, scale=1.0, view=Box(10, 20.5, 110, 120.5))
    assert parse(close_up).get("viewBox") == "10 20.5 100 100"


@pytest.mark.parametrize(("count", "label"), [(0, "No face"), (1, "1 face, 90 points"), (2, "2 faces, 90 points each")])
def test_says_what_it_shows(count: int, label: str) -> None:
    overlay = parse(draw_svg(400, 300, FACES[:count], scale=1.0))
    assert (overlay.get("role"), overlay.get("aria-label")) == ("img", label)


def test_can_be_named_after_what_is_shown() -> None:
    assert parse(draw_svg(400, 300, FACES, scale=1.0, label="Close-up")).get("aria-label") == "Close-up"


def test_the_tag_of_the_chosen_face_is_light() -> None:
    overlay = parse(draw_svg(400, 300, FACES, Style(selected=2), scale=1.0))
    assert [plate.get("fill") for plate in overlay.iter("rect")] == [DARK, LIGHT]


def test_every_mark_and_line_can_be_found_by_its_region() -> None:
    overlay = parse(draw_svg(400, 300, [make_face()], scale=1.0))
    for region in REGIONS:
        shown = overlay.findall(f".//*[@data-region='{region.name}']")
        assert len(shown) == 1 + 2 * bool(region.paths)


def test_regions_faces_and_lines_can_be_left_out() -> None:
    style = Style(regions=frozenset({"mouth"}), faces=frozenset({2}), lines=False)
    overlay = parse(draw_svg(400, 300, FACES, style, scale=1.0))
    assert [face.get("data-face") for face in overlay.findall("g")] == ["2"]
    assert (len(overlay.findall(".//use")), overlay.findall(".//g[@class='lines']")) == (22, [])


def test_numbers_are_written_only_when_requested() -> None:
    counts = [
        len(parse(draw_svg(400, 300, [make_face()], Style(labels=labels), scale=1.0)).findall(".//text"))
        for labels in (False, True)
    ]
    assert counts == [0, POINT_COUNT]


def test_small_faces_have_dots_of_the_region_s_colour() -> None:
    overlay = parse(draw_svg(400, 300, [make_face(120)], scale=1.0))
    mouth = overlay.find(".//g[@data-region='mouth']")
    assert mouth is not None and mouth.get("fill") == BY_NAME["mouth"].colour
    assert {use.get("href") for use in mouth} == {"#mark-face_profile"}


def test_needs_no_inline_style() -> None:
    text = draw_svg(400, 300, FACES, Style(labels=True), scale=1.0) + draw_symbols() + draw_swatch("nose")
    assert "style=" not in text and "<style" not in text


def test_twenty_faces_stay_light() -> None:
    assert len(draw_svg(4000, 3000, [make_face(200)] * 20, scale=1.0)) < 250_000


def test_there_is_a_symbol_for_every_region() -> None:
    symbols = parse(draw_symbols()).findall("symbol")
    names = [f"{kind}-{region.name}" for region in REGIONS for kind in ("mark", "guess")]
    assert [symbol.get("id") for symbol in symbols] == names
    assert all(symbol.find("path[@paint-order='stroke']") is not None for symbol in symbols)


def test_a_guessed_point_has_a_hollow_mark() -> None:
    face = replace(make_face(350), uncertainty=(0.01,) * 53 + (0.3,) + (0.01,) * 36)
    uses = parse(draw_svg(400, 300, [face], scale=1.0)).findall(".//g[@data-region='mouth']/use")
    assert [use.get("href") for use in uses] == ["#guess-mouth"] + ["#mark-mouth"] * 21


def test_a_guessed_point_of_a_small_face_is_a_hollow_dot() -> None:
    face = replace(make_face(120), uncertainty=(0.3,) * 90)
    uses = parse(draw_svg(400, 300, [face], scale=1.0)).findall(".//use")
    assert {use.get("href") for use in uses} == {"#guess-face_profile"}


def test_lines_to_a_guessed_point_are_dashed_on_a_fainter_halo() -> None:
    face = replace(make_face(350), uncertainty=tuple(0.3 if index == 3 else 0.01 for index in range(90)))
    overlay = parse(draw_svg(400, 300, [face], scale=1.0))
    lines, halos = (
        overlay.findall(f".//g[@class='{kind}']/path[@data-region='face_profile']") for kind in ("lines", "halos")
    )
    assert [line.get("class") for line in lines] == [None, "guessed", None]
    width = sizes_of(face).line
    assert lines[1].get("stroke-dasharray") == f"{2 * width:.2f} {2.75 * width:.2f}"
    assert [halo.get("opacity") for halo in halos] == [None, "0.55", None]
    assert [halo.get("stroke-dasharray") for halo in halos] == [None, None, None]


def test_marks_of_an_enlarged_part_grow_less_than_the_face() -> None:
    face = make_face(100)

    def scale(whole: float | None) -> float:
        overlay = parse(draw_svg(400, 300, [face], scale=4.0, whole=whole))
        transform = overlay.findall(".//use")[0].get("transform", "")
        return float(transform.partition("scale(")[2].rstrip(")"))

    assert scale(None) == pytest.approx(0.92 * 4 / 4, abs=0.01)  # by the enlarged face alone
    assert scale(1.0) == pytest.approx(0.92 * 2.1 / 4, abs=0.01)  # just large enough for marks
    assert scale(3.0) == pytest.approx(0.92 * 0.2 * 300**0.5 / 4, abs=0.01)  # as in the whole photo


def test_a_hollow_symbol_is_its_mark_with_a_dark_middle() -> None:
    mark, guess = parse(draw_symbols()).findall("symbol")[:2]
    rim, middle = guess.findall("path")
    assert rim.attrib == mark.findall("path")[0].attrib
    assert (middle.get("fill"), middle.get("stroke")) == (HALO, "none")


@pytest.mark.parametrize("region", REGIONS, ids=lambda region: region.name)
def test_a_swatch_shows_the_mark_in_its_colour(region) -> None:
    swatch = parse(draw_swatch(region.name))
    use = swatch.find("use")
    assert use is not None and (use.get("href"), use.get("fill")) == (f"#mark-{region.name}", region.colour)
    assert (swatch.find("circle") is not None) == region.name.endswith("pupil")


def test_the_file_needs_nothing_else() -> None:
    text = draw_standalone_svg(400, 300, FACES)
    overlay = parse(text)
    symbols = {f"#{symbol.get('id')}" for symbol in overlay.iter(f"{SVG}symbol")}
    assert text.startswith("<?xml") and overlay.tag == f"{SVG}svg"
    assert (overlay.get("width"), overlay.get("height")) == ("400", "300")
    assert {use.get("href") for use in overlay.iter(f"{SVG}use")} <= symbols
