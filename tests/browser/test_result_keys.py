"""A result by keyboard: points, regions, faces, zoom, the list of keys, neighbouring results."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from landmarks.core.schema import BY_NAME
from landmarks.models import Result
from tests.browser.conftest import Open, submit

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def calm(page: "Page") -> None:
    page.emulate_media(reduced_motion="reduce")


def press(page: "Page", *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def tab_to(page: "Page", selector: str) -> None:
    for _ in range(60):
        press(page, "Tab")
        if page.locator(f"{selector}:focus").count():
            return
    pytest.fail(f"{selector} is not reached by Tab")


def test_points_are_walked_and_announced(page: "Page", open_result: Open, browser_errors: list[str]) -> None:
    open_result()
    face = Result.objects.get().found_faces()[0]
    status, tip = page.locator("[data-status]"), page.locator(".tooltip strong")
    tab_to(page, ".stage")
    expect(tip).to_have_text("Face contour 0")
    press(page, "ArrowRight", "ArrowDown")
    x, y = face.region("face_profile")[2]
    expect(status).to_have_text(f"Face contour 2, {BY_NAME['face_profile'].meanings[2]}, x {x:.1f}  y {y:.1f}")
    press(page, "]", "]")
    expect(tip).to_have_text("Right eye 0")
    press(page, "ArrowLeft")
    expect(tip).to_have_text("Left eye 7")
    press(page, "[", "[")
    expect(tip).to_have_text("Right pupil 0")
    press(page, "f")
    expect(page.locator("h2.visually-hidden", has_text="Face 2")).to_be_attached()
    expect(tip).to_have_text("Right pupil 0")
    expect(page.locator(".close-up .ring")).to_have_count(1)
    press(page, "Escape")
    expect(page.locator(".tooltip")).to_be_hidden()
    assert browser_errors == []


def test_hidden_regions_are_skipped(page: "Page", open_result: Open) -> None:
    open_result()
    press(page, "2")
    tab_to(page, ".stage")
    expect(page.locator(".tooltip strong")).to_have_text("Left eye 0")
    press(page, "p")
    press(page, "ArrowRight")
    expect(page.locator(".ring")).to_have_count(0)


def test_a_point_out_of_view_is_brought_into_view(page: "Page", open_result: Open) -> None:
    open_result("astronaut.jpg")
    tab_to(page, ".stage")
    press(page, "+", "+", "+", "+", "+", "ArrowRight")
    ring, stage = page.locator(".stage .ring").bounding_box(), page.locator(".stage").bounding_box()
    assert ring and stage
    assert stage["x"] < ring["x"] < stage["x"] + stage["width"]
    assert stage["y"] < ring["y"] < stage["y"] + stage["height"]


@pytest.mark.parametrize("steps", [0, 2, 6])
def test_the_ring_keeps_its_size_at_every_zoom(page: "Page", open_result: Open, steps: int) -> None:
    open_result("astronaut.jpg")
    tab_to(page, ".stage")
    press(page, *["+"] * steps, "ArrowRight")
    ring = page.locator(".stage .ring")
    light = page.locator(".stage .ring-light")
    scale = light.evaluate("circle => circle.getBoundingClientRect().width / (2 * circle.r.baseVal.value)")
    expect(ring).to_have_count(1)
    assert light.evaluate("circle => circle.r.baseVal.value") * scale == pytest.approx(7, abs=0.1)
    for name, width in (("ring-light", 2), ("ring-halo", 5)):
        stroke = page.locator(f".stage .{name}").evaluate("circle => parseFloat(getComputedStyle(circle).strokeWidth)")
        assert stroke * scale == pytest.approx(width, abs=0.1)
        assert page.locator(f".stage .{name}").evaluate("circle => getComputedStyle(circle).vectorEffect") == "none"


def test_digits_toggle_regions_and_shift_shows_one_alone(page: "Page", open_result: Open) -> None:
    open_result()
    press(page, "8")
    assert page.locator("input[value=mouth]").is_checked() is False
    press(page, "8", "Shift+Digit5")
    assert page.url.endswith("/?regions=nose")
    press(page, "Shift+Digit5")
    assert page.url.endswith("/")


def test_letters_toggle_points_lines_and_numbers(page: "Page", open_result: Open) -> None:
    open_result()
    press(page, "l", "n", "p")
    assert page.url.endswith("/?points=0&lines=0&labels=1")
    press(page, "l", "n", "p")
    assert page.url.endswith("/")


def test_f_cycles_through_the_faces(page: "Page", open_result: Open) -> None:
    open_result()
    chosen = page.locator(".tab[aria-current]")
    for key, number in (("f", 2), ("f", 1), ("Shift+F", 2)):
        press(page, key)
        expect(chosen).to_contain_text(f"Face {number}")
        expect(page.locator(".close-up [data-face]")).to_have_attribute("data-face", str(number))


def test_keys_zoom(page: "Page", open_result: Open) -> None:
    open_result()
    shown = page.locator("[data-zoom-level]")
    press(page, "+", "=")
    expect(shown).to_have_text("225 %")
    press(page, "-")
    expect(shown).to_have_text("150 %")
    press(page, "0")
    expect(shown).to_have_text("100 %")
    press(page, "z")
    expect(shown).not_to_have_text("100 %")


def test_an_animated_zoom_ends_where_it_should(page: "Page", open_result: Open) -> None:
    page.emulate_media(reduced_motion="no-preference")
    open_result()
    press(page, "+")
    expect(page.locator("[data-zoom-level]")).to_have_text("150 %")
    press(page, "0")
    expect(page.locator(".plane")).to_have_attribute("style", "")


def test_j_and_k_go_to_neighbouring_results(page: "Page", open_result: Open) -> None:
    for photo in ("two_people.jpg", "astronaut.jpg"):
        open_result(photo)
    press(page, "j")
    expect(page.locator("h1")).to_have_text("two_people.jpg")
    page.locator(".stage [display]").first.wait_for(state="attached")  # its scripts take keys
    press(page, "k")
    expect(page.locator("h1")).to_have_text("astronaut.jpg")


def test_the_list_of_keys_opens_and_closes(page: "Page", open_result: Open, browser_errors: list[str]) -> None:
    open_result()
    sheet = page.locator("#shortcuts")
    press(page, "?")
    expect(sheet).to_be_visible()
    press(page, "l")
    assert page.url.endswith("/")
    press(page, "Escape")
    expect(sheet).to_be_hidden()
    page.click("[data-shortcuts]")
    press(page, "Enter")
    expect(sheet).to_be_hidden()
    assert browser_errors == []


def test_w_draws_the_mesh_if_it_was_kept(site: str, page: "Page", images: Path) -> None:
    page.goto(submit(page, site, images / "astronaut.jpg", dense="1"))
    page.locator(".stage [display]").first.wait_for(state="attached")
    press(page, "w")
    expect(page.locator(".stage .mesh")).to_be_visible()
    assert page.url.endswith("?mesh=1")
    press(page, "w")
    expect(page.locator(".stage .mesh")).to_be_hidden()


def test_keys_are_letters_while_typing(page: "Page", open_result: Open) -> None:
    open_result()
    tab_to(page, ".describe summary")
    press(page, "Enter", "Tab", "End")
    page.keyboard.type(" l?8")
    expect(page.locator("#describe-name")).to_have_value("two_people.jpg l?8")
    expect(page.locator("#shortcuts")).to_be_hidden()
    press(page, "Enter")
    expect(page.locator("h1")).to_have_text("two_people.jpg l?8")
    assert page.url.endswith("/")


def test_panels_are_chosen_by_arrows(page: "Page", open_result: Open) -> None:
    open_result()
    tab_to(page, "[name=panel]")
    press(page, "ArrowRight", "ArrowRight")
    expect(page.locator("[data-panel=table]")).to_be_visible()
    expect(page.locator("[data-panel=response]")).to_be_hidden()
