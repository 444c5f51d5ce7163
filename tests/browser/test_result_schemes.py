"""Points of other schemes on the page of a result: chosen by the legend, named by pointer and keys."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.audit import SCREENS_AND_SCHEMES, flaws
from tests.browser.conftest import Open

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_scheme_is_chosen_and_the_rest_of_the_view_stays(
    page: "Page", open_result: Open, browser_errors: list[str]
) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_result("two_people.jpg")
    page.locator("label", has_text="Numbers").click()
    page.select_option("[name=scheme]", "ibug68")
    page.wait_for_url("**scheme=ibug68**")
    assert "labels=1" in page.url
    expect(page.locator(".close-up .numbers text", has_text="67")).to_have_count(1)
    page.locator(".stage").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-tooltip]")).to_contain_text("Face contour 1 · face_profile_1")
    page.keyboard.press("[")
    expect(page.locator("[data-tooltip]")).to_contain_text("Nose 27 · nose_bridge_0")
    page.select_option("[name=scheme]", "")
    page.wait_for_url(lambda url: "scheme" not in url)
    assert browser_errors == []


def test_hiding_a_region_asks_for_nothing_in_a_scheme_with_few_regions(page: "Page", open_result: Open) -> None:
    open_result("astronaut.jpg")
    page.select_option("[name=scheme]", "five")
    page.wait_for_url("**scheme=five**")
    page.wait_for_load_state("networkidle")
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url) if "/static/" not in request.url else None)
    page.uncheck("input[value=nose]")
    expect(page.locator(".close-up [data-region=nose]").first).to_be_hidden()
    assert requests == []
    assert page.locator("input[value=left_pupil]").is_disabled()


@SCREENS_AND_SCHEMES
def test_the_page_has_no_flaw(page: "Page", open_result: Open, size: tuple[int, int], scheme: str) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    open_result("astronaut.jpg")
    page.goto(page.url + "?scheme=lapa106&panel=table")
    assert flaws(page) == []
