"""A result's page in each of its states, on both screens and in both themes: the audit finds nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from tests.browser.audit import flaws
from tests.browser.conftest import RESULT, send

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCREENS = {"phone": (375, 667), "desktop": (1440, 900)}
OPENINGS = {
    "name and note": ".describe summary",
    "delete": ".delete summary",
    "save": ".actions .drawer:not(.delete) summary",
    "run again": ".run-again summary",
    "more figures": ".more-measurements summary",
    "request": ".panel-tab:has-text('Request')",
    "table": ".panel-tab:has-text('Table')",
}


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> Literal["light", "dark"]:
    return request.param


@pytest.fixture(params=SCREENS)
def page(browser: "Browser", request: pytest.FixtureRequest, theme: Literal["light", "dark"]) -> Iterator["Page"]:
    width, height = SCREENS[request.param]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme)
    yield context.new_page()
    context.close()


def submit(page: "Page", site: str, photo: Path) -> None:
    page.goto(site)
    send(page, photo)
    page.wait_for_url(RESULT)
    # What fades in would be measured half faded.
    page.emulate_media(reduced_motion="reduce")


def test_a_result_is_accessible_whatever_is_open(site: str, page: "Page", images: Path) -> None:
    submit(page, site, images / "two_people.jpg")
    found = {"as loaded": flaws(page)}
    for name, opener in OPENINGS.items():
        page.locator(f"main >> {opener}").first.click()
        found[name] = flaws(page)
        page.keyboard.press("Escape")
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


def test_a_result_without_faces_is_accessible(site: str, page: "Page", images: Path) -> None:
    submit(page, site, images / "rocket.jpg")
    for opener in (".delete summary", ".describe summary", ".run-again summary"):
        page.locator(opener).click()
        assert flaws(page) == []
        page.keyboard.press("Escape")


def test_an_invalid_name_is_accessible(site: str, page: "Page", images: Path) -> None:
    submit(page, site, images / "astronaut.jpg")
    page.click(".describe summary")
    page.fill("#describe-name", " ")
    page.click("text=Save name and note")
    page.locator("#name-error").wait_for()
    assert flaws(page) == []
