"""Submit, result, history and atlas in Firefox: what is different there, and one way through each page."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from landmarks.models import Result
from tests.browser.audit import overlaps
from tests.browser.conftest import RESULT, Open, becomes_true, open_full_screen, open_style, send
from tests.browser.test_submit_sources import carried
from tests.conftest import IN_CI, first_installed

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIREFOX = first_installed("firefox-esr", "firefox")
CROWD = "../../static/samples/solvay1927.jpg"
PREFERENCES = {"ui.primaryPointerCapabilities": 6, "ui.allPointerCapabilities": 6, "ui.prefersReducedMotion": 1}
"""A mouse, which can point and hover, and nothing that moves for its own sake."""


def launch(playwright: "Playwright", **preferences: int) -> "Browser":
    """The Firefox of the system, by WebDriver BiDi."""
    given = {**PREFERENCES, **preferences}
    return playwright.firefox.launch(channel="moz-firefox", executable_path=FIREFOX, firefox_user_prefs=given)


@pytest.fixture(scope="session")
def firefox_installed() -> None:
    if IN_CI:
        pytest.skip("CI has Chromium only")
    if FIREFOX is None:
        pytest.skip("no Firefox is installed")


@pytest.fixture(scope="module")
def browser(firefox_installed: None, playwright: "Playwright") -> Iterator["Browser"]:
    browser = launch(playwright)
    yield browser
    browser.close()


@pytest.fixture
def enlarged(firefox_installed: None, playwright: "Playwright") -> Iterator["Browser"]:
    """With text of twice the usual size."""
    browser = launch(playwright, **{"font.size.variable.x-western": 32})
    yield browser
    browser.close()


def press(page: "Page", *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def in_window(page: "Page", overlay: str, point: tuple[float, float]) -> tuple[float, float]:
    """Where a point of the photo is; Firefox has no box for a single mark."""
    find = "(svg, [x, y]) => new DOMPoint(x, y).matrixTransform(svg.getScreenCTM())"
    found = page.locator(overlay).evaluate(find, point)
    return found["x"], found["y"]


# --- submit ----------------------------------------------------------------------------------------------------------


def test_photos_are_chosen_sent_and_found_in_the_history(
    site: str, page: "Page", images: Path, browser_errors: list[str]
) -> None:
    page.goto(site)
    send(page, images / "two_people.jpg", images / "rocket.jpg")
    page.locator("text=Sent 2 of 2").wait_for()
    assert page.locator("photo-row .row-status").all_inner_texts() == ["2 faces", "No face"]
    expect(page.locator("[data-progress-found]")).to_have_text("2 faces in 1 photo · 1 without a face")
    page.click("text=View 2 results")
    page.wait_for_url("**/results/?results=*")
    assert page.locator(".result-card").count() == 2
    page.click("text=two_people.jpg")
    page.wait_for_url(f"{RESULT}?results=*")
    expect(page.locator(".close-up .overlay use")).to_have_count(90)
    assert browser_errors == []


@pytest.mark.parametrize("path", ["/", "/atlas/"])
def test_a_photo_is_dropped_and_analysed(
    site: str, page: "Page", images: Path, browser_errors: list[str], path: str
) -> None:
    page.goto(site + path)
    page.dispatch_event("main", "drop", {"dataTransfer": carried(page, images / "astronaut.jpg")})
    page.wait_for_url(RESULT)
    expect(page.locator("h1")).to_have_text("astronaut.jpg")
    assert browser_errors == []


# --- result ----------------------------------------------------------------------------------------------------------


def test_points_and_faces_are_walked_by_keyboard(page: "Page", open_result: Open, browser_errors: list[str]) -> None:
    open_result()
    page.focus(".stage")
    press(page, "ArrowRight", "ArrowRight")
    expect(page.locator(".tooltip strong")).to_have_text("Face contour 2")
    expect(page.locator(".stage .ring")).to_have_count(1)
    press(page, "f")
    expect(page.locator(".close-up [data-face]")).to_have_attribute("data-face", "2")
    expect(page.locator(".tab[aria-current]")).to_contain_text("Face 2")
    press(page, "8", "+")
    expect(page.locator("[data-zoom-level]")).to_have_text("150 %")
    expect(page.locator(".stage .marks > [data-region=mouth]").first).to_be_hidden()
    assert browser_errors == []


def test_a_point_under_the_pointer_has_a_tooltip(page: "Page", open_result: Open) -> None:
    open_result("astronaut.jpg")
    nose = Result.objects.get().found_faces()[0].region("nose")[0]
    page.mouse.move(*in_window(page, ".close-up .overlay", nose))
    expect(page.locator(".tooltip strong")).to_have_text("Nose 0")


def test_the_address_has_only_what_was_changed(page: "Page", open_result: Open) -> None:
    open_result()
    assert page.url.endswith("/")
    open_style(page)
    page.locator("[name=size]").fill("1.5")
    press(page, "l")
    assert page.url.endswith("/?lines=0&size=1.5")
    page.locator("[name=size]").fill("1")
    press(page, "l")
    assert page.url.endswith("/")


def test_the_chosen_face_is_in_sight_when_the_page_opens(page: "Page", open_result: Open) -> None:
    page.set_viewport_size({"width": 375, "height": 667})
    open_result(CROWD, "?face=25")
    box, row = (page.locator(part).bounding_box() for part in (".cell[aria-current]", ".crowd ul"))
    assert box and row
    assert row["x"] <= box["x"] and box["x"] + box["width"] <= row["x"] + row["width"]


def test_full_screen_keeps_all_tools(page: "Page", open_result: Open) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    open_result()
    open_full_screen(page)
    open_style(page)
    for name in ("size", "opacity", "colour", "points", "regions"):
        expect(page.locator(f".viewer [name={name}]:not([type=hidden])").first).to_be_in_viewport()
    page.click("[data-zoom=full]")
    assert becomes_true(page, "document.fullscreenElement === null")


@pytest.mark.parametrize("width", [375, 1440])
def test_text_of_twice_the_size_neither_overlaps_nor_scrolls_sideways(
    site: str, enlarged: "Browser", images: Path, width: int
) -> None:
    page = enlarged.new_page(viewport={"width": width, "height": 900})
    page.goto(site)
    send(page, images / CROWD)
    page.wait_for_url(RESULT)
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    for path in ("", "/", "/results/", "/atlas/"):
        page.goto(site + path if path else page.url)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        # Apart, because the bar of a narrow window stands still over what scrolls.
        for those in (".toggle, .slider, .slider select, .zooms .button", ".site-header a"):
            assert overlaps(page, those) == [], path


# --- history and atlas -----------------------------------------------------------------------------------------------


def test_results_are_selected_deleted_and_restored_by_keyboard(
    site: str, page: "Page", open_result: Open, browser_errors: list[str]
) -> None:
    for name in ("two_people.jpg", "astronaut.jpg"):
        open_result(name)
    page.goto(f"{site}/results/")
    press(page, "j", "x", "Delete")
    page.locator("text=1 result deleted.").wait_for()
    assert page.locator(".result-card").count() == 1
    press(page, "Enter")
    page.locator("text=1 result restored.").wait_for()
    assert page.locator(".result-card").count() == 2
    assert browser_errors == []


def test_a_point_of_the_atlas_goes_into_the_address(site: str, page: "Page", browser_errors: list[str]) -> None:
    page.goto(f"{site}/atlas/")
    page.click(".figure [data-point=nose-5] text")
    assert becomes_true(page, "location.hash === '#nose-5'")
    expect(page.locator("tr.is-highlighted")).to_have_id("nose-5")
    page.goto(f"{site}/atlas/?q=brow")
    assert page.locator("tr[id]:visible").count() > 0
    assert page.locator("#mouth-3").is_hidden()
    assert browser_errors == []
