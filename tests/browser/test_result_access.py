"""A result's page in each of its states, on both screens and in both themes: the audit finds nothing."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from tests.browser.audit import SCREENS_AND_SCHEMES, flaws
from tests.browser.conftest import open_style, submit

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OPENINGS = {
    "name and note": ".describe summary",
    "delete": ".delete summary",
    "save": ".actions .drawer:not(.delete) summary",
    "run again": ".run-again summary",
    "more figures": ".more-measurements summary",
    "request": ".panel-tab:has-text('Request')",
    "table": ".panel-tab:has-text('Table')",
}


@pytest.fixture
def page(page: "Page", size: tuple[int, int], scheme: Literal["light", "dark"]) -> "Page":
    page.set_viewport_size({"width": size[0], "height": size[1]})
    # What fades in would be measured half faded.
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    return page


@SCREENS_AND_SCHEMES
def test_a_result_is_accessible_whatever_is_open(site: str, page: "Page", images: Path) -> None:
    page.goto(submit(page, site, images / "two_people.jpg"))
    found = {"as loaded": flaws(page)}
    for name, opener in OPENINGS.items():
        page.locator(f"main >> {opener}").first.click()
        if name == "save":
            page.locator("[data-save-text]", has_text="Save PNG").wait_for()
        found[name] = flaws(page)
        page.keyboard.press("Escape")
    open_style(page)
    found["style"] = flaws(page)
    page.select_option("[name=colour]", "uncertainty")
    page.locator(".colour-keys li").first.wait_for()
    page.focus(".stage")
    page.keyboard.press("ArrowRight")
    page.locator(".tooltip strong").wait_for()
    found["a point, by uncertainty"] = flaws(page)
    page.keyboard.press("?")
    page.locator("#shortcuts").wait_for()
    found["keys"] = flaws(page)
    assert not any(found.values()), found


@SCREENS_AND_SCHEMES
def test_a_result_without_faces_is_accessible(site: str, page: "Page", images: Path) -> None:
    page.goto(submit(page, site, images / "rocket.jpg"))
    for opener in (".delete summary", ".describe summary", ".run-again summary"):
        page.locator(opener).click()
        assert flaws(page) == []
        page.keyboard.press("Escape")


@SCREENS_AND_SCHEMES
def test_an_invalid_name_is_accessible(site: str, page: "Page", images: Path) -> None:
    page.goto(submit(page, site, images / "astronaut.jpg"))
    page.click(".describe summary")
    page.fill("#describe-name", " ")
    page.click("text=Save name and note")
    page.locator("#name-error").wait_for()
    assert flaws(page) == []
