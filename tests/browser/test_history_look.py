"""The history in all sizes and themes, by touch, in the time zone of the browser, and without script."""

from datetime import timedelta
from typing import TYPE_CHECKING, Literal

import pytest

from landmarks.models import Result
from tests.browser.album import DESKTOP, NAMES, PHONE, names, press, sign_in
from tests.browser.audit import SCREENS_AND_SCHEMES, flaws

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


# --- sizes, themes, zones --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "columns"), [(320, 2), (375, 2), (768, 3), (1440, 5)])
def test_nothing_is_wider_than_the_screen(history: "Page", width: int, columns: int) -> None:
    history.set_viewport_size({"width": width, "height": 800})
    history.locator(".tick").first.click()
    assert history.evaluate("document.documentElement.scrollWidth") == width
    for part in (".selection", ".filters"):
        box = history.locator(part).bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= width
    tops = [card.bounding_box() for card in history.locator(".day").first.locator("li").all()]
    assert len([box for box in tops if box and box["y"] == tops[0]["y"]]) == min(columns, 4)  # type: ignore[index]


def test_a_phone_selects_deletes_and_undoes_by_touch(site: str, browser: "Browser", album: None) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)  # type: ignore[arg-type]
    sign_in(context, site)
    page = context.new_page()
    page.goto(f"{site}/results/")
    for number in range(2):
        page.locator(".tick").nth(number).tap()
    page.locator("[data-delete]").tap()
    page.locator(".toast button").tap()
    page.wait_for_selector("text=2 results restored.")
    context.close()


@SCREENS_AND_SCHEMES
def test_no_state_of_the_page_has_a_flaw(
    history: "Page", site: str, size: tuple[int, int], scheme: Literal["light", "dark"]
) -> None:
    history.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    history.set_viewport_size({"width": size[0], "height": size[1]})

    def check(state: str) -> None:
        assert flaws(history) == [], state

    check("as loaded")
    history.click(".filters-days summary")
    check("days")
    press(history, "Escape")
    history.click(".filters-faces summary")
    check("filters of faces")
    press(history, "Escape", "?")
    history.wait_for_selector("#shortcuts")
    check("sheet")
    press(history, "Escape")
    history.locator(".tick").first.click()
    check("selected")
    history.click("[data-delete]")
    history.wait_for_selector(".toast")
    history.locator(".tick").first.click()
    check("undo notice")
    history.locator(".tick").last.click(modifiers=["Shift"])
    history.click("[data-delete]")
    history.wait_for_selector("text=Nothing here yet")
    check("empty")
    history.goto(f"{site}/results/?words=giraffe&state=failed")
    check("nothing found")
    history.goto(f"{site}/results/?since=2026-03-02&until=2026-03-01")
    check("refused")


def test_times_are_those_of_the_browser(site: str, browser: "Browser", album: None) -> None:
    context = browser.new_context(timezone_id="Asia/Kolkata")
    sign_in(context, site)
    page = context.new_page()
    page.goto(f"{site}/results/")
    page.locator("[data-zone]").wait_for(state="detached")
    first = page.locator(".day time").first
    moment = Result.objects.newest_first()[0].created + timedelta(hours=5, minutes=30)
    assert first.inner_text() == f"{moment:%H:%M}"
    page.reload()
    assert first.inner_text() == f"{moment:%H:%M}"
    context.close()


# --- without script --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_everything_works_without_javascript(site: str, browser: "Browser", album: None, size: dict[str, int]) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=size)  # type: ignore[arg-type]
    sign_in(context, site)
    page = context.new_page()
    page.goto(f"{site}/results/")
    assert page.locator("text=Times in UTC").is_visible()
    page.select_option("#filter-state", "found")
    page.click(".filters-go")
    assert names(page) == [NAMES[0], NAMES[2], NAMES[3]]
    page.locator(".tick").nth(0).check()
    page.locator(".tick").nth(1).check()
    page.click("text=Export")
    page.locator("[value=json]").check()
    with page.expect_download() as download:
        page.locator("button", has_text="Save").click()
    assert download.value.suggested_filename == "facesite-2-results.json"
    page.goto(f"{site}/results/?state=found")
    page.locator(".tick").nth(0).check()
    page.locator(".tick").nth(1).check()
    page.locator("[data-delete]").click()
    assert names(page) == [NAMES[3]]
    assert page.locator(".toast").inner_text().split("\n")[0] == "2 results deleted."
    assert page.locator(".toast button:focus").count() == 1
    page.keyboard.press("Enter")
    page.wait_for_selector("text=2 results restored.")
    assert names(page) == [NAMES[0], NAMES[2], NAMES[3]]
    context.close()
