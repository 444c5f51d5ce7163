"""The filters of the history in a browser: applied at once, by keyboard too."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.album import NAMES, names, press
from tests.browser.audit import layout_flaws

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_filter_applies_at_once_and_is_kept(history: "Page", browser_errors: list[str]) -> None:
    history.select_option("#filter-state", "found")
    history.wait_for_url("**/results/?state=found")
    assert names(history) == [NAMES[0], NAMES[2], NAMES[3]]
    assert history.locator("#filter-state:focus").count() == 1
    history.fill("#filter-words", "JPG")
    press(history, "Enter")
    history.wait_for_url("**/results/?words=JPG&state=found")
    history.click(f"text={NAMES[2]}")
    expect(history.locator("h1")).to_have_text(NAMES[2])
    history.click("a[rel=next]")
    expect(history.locator("h1")).to_have_text(NAMES[3])
    history.locator(".stage [display]").first.wait_for(state="attached")
    assert history.url.endswith("/?words=JPG&state=found")
    assert history.locator("a[rel=next]").count() == 0
    assert browser_errors == []


def test_days_are_chosen_by_keyboard(history: "Page", browser_errors: list[str]) -> None:
    history.focus(".filters-days summary")
    press(history, "Enter", "Tab")
    yesterday = timezone.localdate() - timedelta(days=1)
    history.locator("input[name=until]").fill(f"{yesterday}")
    press(history, "Enter")
    history.wait_for_url(f"**/results/?until={yesterday}")
    assert names(history) == ["old.jpg"]
    history.click(".filters-clear")
    assert len(names(history)) == 5
    assert browser_errors == []


def test_filters_of_faces_are_set_together(history: "Page", browser_errors: list[str]) -> None:
    history.click(".filters-faces summary")
    history.check("text=Head turned")
    history.fill("input[name=smaller_than]", "1000")
    press(history, "Enter")
    history.wait_for_url("**/results/?has_turned=1&smaller_than=1000")
    assert names(history) == []
    assert history.locator(".filters-faces summary").inner_text() == "Turned, Below 1000 px"
    history.click(".filters-faces summary")
    history.uncheck("text=Head turned")
    history.click(".filters-faces >> text=Show these")
    history.wait_for_url("**/results/?smaller_than=1000")
    assert names(history) == [NAMES[0], NAMES[2], NAMES[3]]
    assert browser_errors == []


@pytest.mark.parametrize("width", [320, 375, 768, 1440])
def test_the_filters_of_faces_open_within_the_window(history: "Page", width: int) -> None:
    history.set_viewport_size({"width": width, "height": 800})
    history.click(".filters-faces summary")
    box = history.locator(".filters-faces .drawer-panel").bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= width
    assert layout_flaws(history) == []


def test_a_search_without_matches_leads_back(history: "Page") -> None:
    history.fill("#filter-words", "giraffe")
    press(history, "Enter")
    history.click("text=Clear the filters")
    assert len(names(history)) == 5
