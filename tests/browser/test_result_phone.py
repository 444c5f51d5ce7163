"""A result on a phone: by touch, without a script, and what it weighs when it is seen for the first time."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import LazySettings
from playwright.sync_api import expect

from tests.browser.audit import overlaps
from tests.browser.conftest import RESULT, becomes_true, compressed_size, open_style, submit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Response

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 375, "height": 667}
BUDGET = 40 * 1024
"""Bytes of page, styles and scripts together, compressed, without the photo."""
CROWD = "../../static/samples/solvay1927.jpg"


@pytest.fixture
def page(browser: "Browser") -> Iterator["Page"]:
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, reduced_motion="reduce")  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


@pytest.fixture
def result(site: str, page: "Page", images: Path, browser_errors: list[str]) -> Iterator["Page"]:
    page.goto(submit(page, site, images / "two_people.jpg"))
    page.locator(".stage [display]").first.wait_for(state="attached")
    yield page
    assert browser_errors == []
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def touch(page: "Page", *steps: list[tuple[float, float]]) -> None:
    """Put fingers down at the first positions, move them to the next ones, and lift them."""
    session = page.context.new_cdp_session(page)
    for kind, fingers in zip(("touchStart", *["touchMove"] * (len(steps) - 1), "touchEnd"), (*steps, []), strict=True):
        points = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(fingers)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def middle(page: "Page", selector: str) -> tuple[float, float]:
    box = page.locator(selector).first.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_two_fingers_zoom_and_one_moves(result: "Page") -> None:
    x, y = middle(result, ".stage")
    touch(result, *([(x - reach, y), (x + reach, y)] for reach in (20, 30, 40, 60)))
    expect(result.locator(".stage")).to_have_class(re.compile("is-zoomed"))
    expect(result.locator("[data-zoom-level]")).to_have_text("300 %")
    before = result.locator(".plane").bounding_box()
    touch(result, *([(x + moved, y)] for moved in (0, 10, 25, 40)))
    after = result.locator(".plane").bounding_box()
    assert before and after and after["x"] - before["x"] == pytest.approx(40, abs=11)
    # By the mouse: a tap would only stop the photo, which the finger has set in motion.
    result.click("[data-zoom=fit]")
    expect(result.locator("[data-zoom-level]")).to_have_text("100 %")
    assert result.locator(".plane").bounding_box() == result.locator(".stage").bounding_box()


def test_one_finger_scrolls_the_page_over_an_unzoomed_photo(result: "Page") -> None:
    x, y = middle(result, ".stage")
    touch(result, *([(x, y - moved)] for moved in (0, 20, 60, 100, 140)))
    assert becomes_true(result, "scrollY > 20")


def test_a_tap_chooses_a_face_and_picks_a_point(result: "Page") -> None:
    result.tap(".tab >> nth=1")
    expect(result.locator(".close-up [data-face]")).to_have_attribute("data-face", "2")
    result.touchscreen.tap(*middle(result, ".close-up [data-region=nose] use"))
    expect(result.locator(".tooltip strong")).to_have_text("Nose 0")


def test_regions_and_panels_are_chosen_by_tapping(result: "Page") -> None:
    result.tap("text=Hide all")
    result.tap("[data-cell=mouth] label")
    assert result.url.endswith("/?regions=mouth")
    expect(result.locator(".close-up use:visible")).to_have_count(22)
    expect(result.locator(".close-up .marks > [data-region=mouth]")).to_have_css("opacity", "1")
    result.tap("text=Table")
    expect(result.locator("caption")).to_be_visible()


@pytest.mark.parametrize("slug", ["response", "request", "table", "curl", "python"])
def test_the_copy_button_covers_no_text(result: "Page", slug: str) -> None:
    result.locator(f"[name=panel][value={slug}]").check()
    assert overlaps(result, f"[data-panel={slug}] :is(.copy, pre, .table)") == []


@pytest.mark.parametrize("selector", [".button:visible", ".tab", ".panel-tab", ".legend-cell label", ".toggle"])
def test_targets_are_large_enough(result: "Page", selector: str) -> None:
    for target in result.locator(f"main {selector}").all():
        box = target.bounding_box()
        assert box and min(box["width"], box["height"]) >= 43.9, target.inner_text()


def test_everything_works_without_javascript(site: str, browser: "Browser", images: Path) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(site)
    page.set_input_files("#photo", images / "two_people.jpg")
    page.click("noscript button")
    page.wait_for_url(RESULT)
    open_style(page)
    page.select_option("[name=colour]", "face")
    page.uncheck("[name=lines][type=checkbox]")
    page.check("[name=labels]")
    page.click(".marks-tools .apply")
    expect(page.locator(".close-up .numbers text")).to_have_count(90)
    expect(page.locator(".lines")).to_have_count(0)
    expect(page.locator(".colour-keys li")).to_have_count(2)
    page.click(".tab >> nth=1")
    expect(page.locator(".close-up [data-face]")).to_have_attribute("data-face", "2")
    page.click("text=Hide all")
    expect(page.locator(".overlay use")).to_have_count(0)
    page.click("text=Show all")
    for slug in ("request", "table", "curl", "python"):
        page.check(f"[name=panel][value={slug}]")
        expect(page.locator(f"[data-panel={slug}]")).to_be_visible()
    expect(page.locator(".script-only:visible")).to_have_count(0)
    page.click(".describe summary")
    page.fill("#describe-note", "Both look grave.")
    page.click("text=Save name and note")
    expect(page.locator(".note")).to_have_text("Both look grave.")
    page.click(".run-again summary")
    page.check(".run-again [name=mode][type=checkbox]")
    page.click("text=Run the embedded engine")
    expect(page.locator(".result-summary")).to_contain_text("The largest of 2 faces")
    context.close()


@pytest.mark.parametrize(("photo", "faces"), [("two_people.jpg", 2), (CROWD, 20)])
def test_the_first_visit_is_light(
    site: str, page: "Page", images: Path, settings: LazySettings, photo: str, faces: int
) -> None:
    settings.MAX_FACES = faces
    page.goto(submit(page, site, images / photo))
    expect(page.locator(".stage [data-face]")).to_have_count(faces)
    texts: list[Response] = []
    kinds = ("document", "stylesheet", "script")
    page.on("response", lambda answer: texts.append(answer) if answer.request.resource_type in kinds else None)
    page.reload(wait_until="networkidle")
    sizes = {answer.url: compressed_size(answer) for answer in texts}
    assert len(sizes) > 10
    assert sum(sizes.values()) <= BUDGET, sizes
