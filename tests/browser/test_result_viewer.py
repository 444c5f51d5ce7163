"""Exploring a result by mouse: regions, points, faces, colours, zoom; and what of it stays in the address."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from playwright.sync_api import expect

from landmarks.core.schema import BY_NAME
from landmarks.drawing.colour import face_colour
from landmarks.models import Face, Result
from tests.browser.audit import overlaps
from tests.browser.conftest import Open, becomes_true, open_full_screen, open_style
from tests.conftest import BASE_DIR

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOUTHS = ".overlay .marks > [data-region=mouth]"


@pytest.fixture(autouse=True)
def calm(page: "Page") -> None:
    """Nothing moves for its own sake, so there is nothing to wait for."""
    page.emulate_media(reduced_motion="reduce")


def zoom_of(page: "Page") -> float:
    return float(page.locator("[data-zoom-level]").inner_text().rstrip(" %")) / 100


def centre_of(page: "Page", selector: str) -> tuple[float, float]:
    box = page.locator(selector).first.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


# --- regions, points, lines, numbers ---------------------------------------------------------------------------------


def test_a_region_is_hidden_and_shown_without_a_request(
    page: "Page", open_result: Open, browser_errors: list[str]
) -> None:
    open_result()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url) if "/static/" not in request.url else None)
    page.uncheck("input[value=mouth]")
    for mouth in page.locator(MOUTHS).all():
        expect(mouth).to_be_hidden()
    expect(page.locator("[data-cell=mouth] .legend-name")).to_have_css("text-decoration-line", "line-through")
    page.check("input[value=mouth]")
    expect(page.locator(".close-up").locator(MOUTHS)).to_be_visible()
    assert requests == []
    assert browser_errors == []


def test_pointing_at_a_region_in_the_legend_highlights_it(page: "Page", open_result: Open) -> None:
    open_result()
    page.hover("[data-cell=mouth]")
    expect(page.locator(".stage .marks > [data-region=nose]").first).to_have_css("opacity", "0.25")
    expect(page.locator(".stage").locator(MOUTHS).first).to_have_css("opacity", "1")


def test_a_region_is_shown_alone_and_then_all_are_back(page: "Page", open_result: Open) -> None:
    open_result()
    only = page.locator("[data-cell=nose] .only")
    page.hover("[data-cell=nose]")
    only.click()
    assert page.url.endswith("/?regions=nose")
    expect(only).to_have_text("All Nose")
    expect(page.locator(".legend input:checked")).to_have_count(1)
    only.click()
    expect(page.locator(".legend input:checked")).to_have_count(9)
    assert page.url.endswith("/")
    page.click("text=Hide all")
    assert page.url.endswith("/?regions=")
    page.click("text=Show all")
    assert page.url.endswith("/")


def test_options_are_kept_in_the_address_and_in_downloads(page: "Page", open_result: Open) -> None:
    open_result()
    page.uncheck("[name=points][type=checkbox]")
    open_style(page)
    page.locator("[name=opacity]").fill("0.5")
    page.uncheck("input[value=mouth]")
    page.uncheck("input[value=nose]")
    query = "regions=left_eye_brow,face_profile,right_eye_brow,left_eye,right_eye,left_pupil,right_pupil"
    assert page.url.endswith(f"/?{query}&points=0&opacity=0.5")
    assert "points=0" in str(page.get_attribute(".download", "href"))
    page.reload()
    expect(page.locator("[name=opacity]")).to_have_value("0.5")
    expect(page.locator(".overlay use")).to_have_count(0)
    page.check("[name=points][type=checkbox]")
    expect(page.locator(".close-up use:visible")).to_have_count(90 - BY_NAME["mouth"].count - BY_NAME["nose"].count)
    page.check("input[value=nose]")
    expect(page.locator(".close-up use:visible")).to_have_count(90 - BY_NAME["mouth"].count)


def test_numbers_are_fetched_when_they_are_switched_on(
    page: "Page", open_result: Open, browser_errors: list[str]
) -> None:
    open_result()
    page.check("[name=labels]")
    expect(page.locator(".close-up .numbers text")).to_have_count(90)
    page.uncheck("[name=labels]")
    expect(page.locator(".close-up .numbers")).to_be_hidden()
    assert browser_errors == []


def test_size_and_opacity_follow_the_sliders(page: "Page", open_result: Open) -> None:
    open_result()
    mark = page.locator(".close-up use").first
    before = mark.bounding_box()
    open_style(page)
    page.locator("[name=size]").fill("2")
    after = mark.bounding_box()
    assert before and after and after["width"] == pytest.approx(2 * before["width"], rel=0.05)
    page.locator("[name=opacity]").fill("0.4")
    expect(page.locator(".stage .marks").first).to_have_attribute("opacity", "0.4")


def test_faces_and_errors_have_colours_with_a_legend(
    page: "Page", open_result: Open, browser_errors: list[str]
) -> None:
    open_result()
    open_style(page)
    page.select_option("[name=colour]", "face")
    expect(page.locator(".colour-keys li")).to_have_text(["Face 1", "Face 2"])
    expect(page.locator(".stage [data-face='2'] .marks > g").first).to_have_attribute("fill", face_colour(2))
    page.select_option("[name=colour]", "uncertainty")
    expect(page.locator(".colour-keys li").last).to_have_text("8 % or more: guessed")
    assert "colour=uncertainty" in page.url
    page.select_option("[name=colour]", "region")
    expect(page.locator(".colour-keys")).to_have_count(0)
    assert browser_errors == []


# --- points and faces ------------------------------------------------------------------------------------------------


def test_a_point_under_the_pointer_has_a_tooltip(page: "Page", open_result: Open, browser_errors: list[str]) -> None:
    open_result()
    x, y = Result.objects.get().found_faces()[0].region("mouth")[3]
    page.mouse.move(*centre_of(page, ".stage [data-face='1'] [data-region=mouth] use:nth-child(4)"))
    tip = page.locator(".tooltip")
    expect(tip).to_have_text(f"Mouth 3 · {BY_NAME['mouth'].meanings[3]}x {x:.1f}  y {y:.1f}")
    expect(page.locator(".ring")).to_have_count(2)
    box = tip.bounding_box()
    marks = page.locator(".stage [data-face='1'] .marks").bounding_box()
    assert box and marks
    assert box["x"] > marks["x"] + marks["width"] or box["x"] + box["width"] < marks["x"]
    page.mouse.move(5, 5)
    expect(tip).to_be_hidden()
    assert browser_errors == []


def test_the_tooltip_of_a_guessed_point_gives_its_error(page: "Page", open_result: Open) -> None:
    open_result("astronaut.jpg")
    Face.objects.update(uncertainty=[0.2] * 90)
    page.reload()
    page.mouse.move(*centre_of(page, ".close-up [data-region=left_pupil] use"))
    expect(page.locator(".tooltip")).to_contain_text("guessed, ± ")


def test_a_face_is_chosen_by_its_box_and_by_its_tab(page: "Page", open_result: Open, browser_errors: list[str]) -> None:
    open_result()
    page.mouse.click(*centre_of(page, ".stage [data-face='2'] [data-region=nose] use"))
    expect(page.locator(".close-up [data-face]")).to_have_attribute("data-face", "2")
    expect(page.locator(".tab[aria-current]")).to_contain_text("Face 2")
    expect(page.locator("caption")).to_contain_text("points of face 2")
    assert "?face=2" in page.url
    page.click(".tab >> nth=0")
    expect(page.locator(".close-up [data-face]")).to_have_attribute("data-face", "1")
    assert "face=" not in page.url
    assert browser_errors == []


# --- zoom ------------------------------------------------------------------------------------------------------------


def test_the_wheel_zooms_where_the_pointer_is(page: "Page", open_result: Open, browser_errors: list[str]) -> None:
    open_result("astronaut.jpg")
    nose = ".stage [data-region=nose] use"
    before = centre_of(page, nose)
    page.mouse.move(*before)
    page.mouse.wheel(0, -200)
    expect(page.locator(".stage")).to_have_class(re.compile("is-zoomed"))
    assert zoom_of(page) == pytest.approx(1.65, abs=0.02)
    assert centre_of(page, nose) == pytest.approx(before, abs=1)
    page.mouse.wheel(0, 2000)
    assert zoom_of(page) == 1
    assert browser_errors == []


def widths(page: "Page", *keys: str) -> list[float]:
    """Of a mark of the contour on the screen, without its halo, after each key."""
    found = []
    for key in keys:
        page.keyboard.press(key)
        mark = page.locator(".stage .marks > [data-region=face_profile] use").nth(10)
        found.append(mark.evaluate("mark => mark.getBoundingClientRect().width"))
    return found


def test_marks_keep_their_size_on_the_screen(page: "Page", open_result: Open, images: Path, tmp_path: Path) -> None:
    head = tmp_path / "head.png"
    with Image.open(images / "astronaut.jpg") as photo:
        photo.crop((140, 0, 320, 200)).save(head)
    open_result(head)
    large, *zoomed = widths(page, "0", "+", "+", "+")
    assert zoomed == pytest.approx([large] * 3, rel=0.02)
    page.set_viewport_size({"width": 375, "height": 667})
    open_result("astronaut.jpg")
    small, *zoomed = widths(page, "0", "z", "+")
    assert small == 0  # Lines only, since the face is tiny.
    assert zoomed == pytest.approx([2 * 0.92 * 2.1] * 2, rel=0.02)


def test_a_drag_moves_the_photo_but_never_out_of_its_frame(page: "Page", open_result: Open) -> None:
    open_result()
    page.click("[data-zoom=in]")
    page.click("[data-zoom=in]")
    assert zoom_of(page) == 2.25
    chosen = page.locator(".tab[aria-current]").inner_text()
    x, y = centre_of(page, ".stage")
    for way in (-3000, 3000):
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + way, y + way, steps=60)
        page.mouse.up()
        stage, plane = (page.locator(part).bounding_box() for part in (".stage", ".plane"))
        assert stage and plane
        assert plane["x"] <= stage["x"] + 1 and plane["y"] <= stage["y"] + 1
        assert plane["x"] + plane["width"] >= stage["x"] + stage["width"] - 1
        edge = plane["x"] + plane["width"] - stage["x"] - stage["width"] if way < 0 else plane["x"] - stage["x"]
        assert edge == pytest.approx(0, abs=1)
    assert page.locator(".tab[aria-current]").inner_text() == chosen
    page.click("[data-zoom=fit]")
    assert page.locator(".plane").bounding_box() == page.locator(".stage").bounding_box()


def test_zooming_to_a_face_fills_the_frame_with_it(page: "Page", open_result: Open) -> None:
    open_result()
    page.click("[data-zoom=face]")
    stage, face = (page.locator(part).bounding_box() for part in (".stage", ".stage [data-face='1'] .marks"))
    assert stage and face
    assert face["height"] > 0.55 * stage["height"]
    assert stage["y"] < face["y"] and face["y"] + face["height"] < stage["y"] + stage["height"]


def test_small_faces_get_their_marks_when_they_are_large_enough(
    page: "Page", open_result: Open, browser_errors: list[str]
) -> None:
    open_result(BASE_DIR / "static/samples/solvay1927.jpg")
    marks = page.locator(".stage [data-face='1'] use")
    expect(marks).to_have_count(2)
    page.click("[data-zoom=face]")
    expect(marks).to_have_count(90)
    assert page.locator(".stage [data-face='1'] [data-region=mouth] use:visible").count() == 22
    assert zoom_of(page) > 4
    assert browser_errors == []


# --- the layout ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [375, 768, 1280, 1440])
def test_tools_are_one_row_and_open_without_moving_the_photo(page: "Page", open_result: Open, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    open_result()
    rows = [box["y"] for bar in page.locator(".tools:visible").all() if (box := bar.bounding_box())]
    assert len(rows) == 3 and len(set(rows)) == 1
    place = (
        "({ offsetLeft, offsetTop, offsetWidth, offsetHeight }) => [offsetLeft, offsetTop, offsetWidth, offsetHeight]"
    )
    photo = page.locator(".stage").evaluate(place)
    open_style(page)
    for name in ("size", "opacity", "colour"):
        expect(page.locator(f"[name={name}]")).to_be_in_viewport(ratio=1)
    page.locator("[name=panel][value=request]").check()
    page.locator(".more-measurements summary").click()
    assert page.locator(".stage").evaluate(place) == photo


def test_a_wide_photo_leaves_no_hole_below_its_legend(page: "Page", open_result: Open, tmp_path: Path) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    path = tmp_path / "wide.jpg"
    with Image.open(BASE_DIR / "static/samples/solvay1927.jpg") as photo:
        photo.crop((0, 250, photo.width, 800)).save(path)
    open_result(path)
    legend, panels, rail = (page.locator(part).bounding_box() for part in (".legend", ".panels", ".rail"))
    assert legend and panels and rail
    assert panels["y"] - legend["y"] - legend["height"] == pytest.approx(24, abs=1)
    assert panels["x"] + panels["width"] < rail["x"]


# --- points as text --------------------------------------------------------------------------------------------------


def test_the_whole_response_is_copied(page: "Page", open_result: Open, browser_errors: list[str]) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_result("astronaut.jpg")
    page.click("[data-panel=response] [data-copy]")
    expect(page.locator("[data-panel=response] [data-copy-label]")).to_have_text("Copied")
    answer = json.loads(page.evaluate("navigator.clipboard.readText()"))
    assert len(answer["face_shape_set"][0]["mouth"]) == 22
    page.click("text=curl")
    page.click("[data-panel=curl] [data-copy]")
    expect(page.locator("[data-panel=curl] [data-copy-label]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()").startswith("curl http://localhost")
    assert browser_errors == []


# --- what the address keeps ------------------------------------------------------------------------------------------


def in_stage(page: "Page", selector: str) -> tuple[float, float]:
    """The centre of an element, from that of the frame, wherever the page is scrolled to."""
    (x, y), (left, top) = centre_of(page, selector), centre_of(page, ".stage")
    return x - left, y - top


def test_zoom_point_and_panel_are_opened_again_from_the_address(page: "Page", open_result: Open) -> None:
    open_result("astronaut.jpg")
    page.click("[data-zoom=face]")
    page.mouse.click(*centre_of(page, ".stage [data-region=nose] use"))
    page.click("text=Table")
    assert becomes_true(page, "new URL(location).searchParams.has('view')")
    zoom, nose = zoom_of(page), in_stage(page, ".stage [data-region=nose] use")
    address = page.url
    assert "point=nose-0" in address and "panel=table" in address
    page.goto("about:blank")
    page.goto(address)
    page.locator(".stage [display]").first.wait_for(state="attached")
    assert zoom_of(page) == pytest.approx(zoom, rel=0.01)
    assert in_stage(page, ".stage [data-region=nose] use") == pytest.approx(nose, abs=2)
    expect(page.locator(".tooltip strong")).to_have_text("Nose 0")
    assert page.locator(".panel table").is_visible()
    page.click("[data-zoom=fit]")
    assert becomes_true(page, "!new URL(location).searchParams.has('view')")


@pytest.mark.parametrize("width", [375, 768, 1280, 1440])
def test_full_screen_keeps_regions_size_opacity_and_colour(page: "Page", open_result: Open, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    open_result()
    open_full_screen(page)
    photo = page.locator(".stage").bounding_box()
    page.click(".style-tools summary")
    for name in ("points", "size", "opacity", "colour"):
        expect(page.locator(f".viewer [name={name}]:not([type=hidden])")).to_be_in_viewport(ratio=1)
    page.click("[data-cell=mouth] input")
    expect(page.locator(".stage .marks > [data-region=mouth]").first).to_be_hidden()
    page.locator("[name=opacity]").fill("0.4")
    expect(page.locator(".stage .marks").first).to_have_attribute("opacity", "0.4")
    assert page.locator(".stage").bounding_box() == photo
    assert overlaps(page, ".tools, .legend") == []
    page.click(".stage", position={"x": 5, "y": 5})
    expect(page.locator(".viewer [name=opacity]")).to_be_hidden()


def test_full_screen_has_the_photo_and_one_bar(page: "Page", open_result: Open) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    open_result()
    open_full_screen(page)
    stage, bars = page.locator(".stage").bounding_box(), page.locator(".tools:visible, .legend").all()
    assert stage
    boxes = [box for bar in bars if (box := bar.bounding_box())]
    assert {round(box["y"]) for box in boxes} == {round(stage["y"] + stage["height"])}
    assert all(box["height"] <= 56 for box in boxes)
    assert page.locator(".legend-cell:visible").count() == 9
    page.click("[data-cell=mouth] input")
    expect(page.locator(".stage .marks > [data-region=mouth]").first).to_be_hidden()
    page.click(".stepper [data-face-step='1']")
    expect(page.locator(".stepper [data-face-position]")).to_have_text("2 of 2")
    page.click("[data-zoom=full]")
    assert becomes_true(page, "document.fullscreenElement === null")
