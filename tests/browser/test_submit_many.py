"""Ten photos and more on the submit page: lines instead of rows, the time left, and a link to just their results."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from landmarks.models import Result
from tests.browser.audit import flaws, overlaps
from tests.browser.conftest import send

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FOUND = [2, 0, None, 1, 1, 0, 3, 1]
"""Faces of the first photos, as a site answers; None where the engine failed."""


@pytest.fixture
def answer_first(page: "Page") -> Iterator[Callable[[int], None]]:
    """The first photos are answered at once, the others not before the test is over."""
    held: list[Route] = []

    def answer_first(count: int) -> None:
        left = list(enumerate(FOUND[:count]))

        def answer(route: "Route") -> None:
            if route.request.method != "POST":
                route.continue_()
            elif left:
                number, faces = left.pop(0)
                body = {"url": "/", "words": "done", "results": [{"key": f"key{number}", "faces": faces}]}
                route.fulfill(status=201, content_type="application/json", body=json.dumps(body))
            else:
                held.append(route)

        page.route("**/*", answer)

    yield answer_first
    for route in held:
        route.abort()


def test_ten_photos_are_lines_of_a_list(site: str, page: "Page", images: Path) -> None:
    page.goto(site)
    page.set_input_files("#photo", [images / "astronaut.jpg"] * 9)
    expect(page.locator("photo-row")).to_have_count(9)
    before = page.locator("photo-row").nth(1).bounding_box()
    page.set_input_files("#photo", images / "README.md")
    expect(page.locator(".is-compact photo-row")).to_have_count(10)
    after = page.locator("photo-row").nth(1).bounding_box()
    assert before and after
    assert after["height"] < 0.6 * before["height"]
    page.locator("photo-row >> nth=9 >> [data-action=remove]").click()
    expect(page.locator(".is-compact")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 375, 768, 1440])
def test_lines_have_no_flaw(site: str, page: "Page", images: Path, width: int) -> None:
    page.goto(site)
    page.set_viewport_size({"width": width, "height": 900})
    page.set_input_files("#photo", [*[images / "astronaut.jpg"] * 10, images / "README.md"])
    page.locator("photo-row img.is-shown >> nth=4").wait_for()
    assert flaws(page) == []
    assert overlaps(page, "photo-row, .row-name, .row-status, .row-actions .button") == []


def test_what_was_found_is_counted(site: str, page: "Page", images: Path, answer_first: Callable[[int], None]) -> None:
    page.goto(site)
    answer_first(3)
    send(page, *[images / "astronaut.jpg"] * 12)
    expect(page.locator("[data-progress-text]")).to_have_text("Sent 3 of 12")
    expect(page.locator("[data-progress-found]")).to_have_text("2 faces in 1 photo · 1 without a face · 1 failed")
    # Three are too few to tell.
    expect(page.locator("[data-progress-time]")).to_have_text("")
    page.click("text=Cancel all")
    expect(page.locator("[data-progress-text]")).to_have_text("Sent 3 of 12, 9 cancelled")
    link = page.locator("text=View 3 results")
    assert str(link.get_attribute("href")).endswith("/results/?results=key0.key1.key2")


def test_the_time_left_is_shown(site: str, page: "Page", images: Path, answer_first: Callable[[int], None]) -> None:
    page.goto(site)
    answer_first(4)
    send(page, *[images / "astronaut.jpg"] * 12)
    expect(page.locator("[data-progress-text]")).to_have_text("Sent 4 of 12")
    expect(page.locator("[data-progress-time]")).to_have_text(re.compile(r"(a few seconds|about \d+ \w+) left"))
    page.click("text=Cancel all")
    expect(page.locator("[data-progress-time]")).to_have_text("")


def test_many_photos_are_announced_at_every_tenth(
    site: str, page: "Page", images: Path, answer_first: Callable[[int], None]
) -> None:
    page.goto(site)
    page.evaluate(
        """() => {
            window.announced = new Set();
            const status = document.querySelector("[data-progress-status]");
            const text = status.querySelector("[data-progress-text]");
            new MutationObserver(() => {
                if (status.ariaLive !== "off") window.announced.add(text.textContent);
            }).observe(text, { childList: true });
        }"""
    )
    answer_first(8)
    send(page, *[images / "astronaut.jpg"] * 30)
    expect(page.locator("[data-progress-text]")).to_have_text("Sent 8 of 30")
    told = page.evaluate("[...window.announced].filter((text) => text.startsWith('Sent'))")
    assert told == ["Sent 3 of 30", "Sent 6 of 30"]


def test_the_link_leads_to_just_these_results(site: str, page: "Page", images: Path, browser_errors: list[str]) -> None:
    page.goto(site)
    send(page, images / "rocket.jpg")
    page.wait_for_url("**/results/*-*/")
    page.goto(site)
    send(page, *[images / "astronaut.jpg", images / "obama-240p.jpg"] * 5)
    page.click("text=View 10 results")
    page.wait_for_url("**/results/?results=*")
    assert page.locator(".result-card").count() == 10
    assert page.locator(".history-count").inner_text() == "10 of 11 results match"
    # Another filter keeps this one, and both are there again for the neighbours of a result.
    page.select_option("[name=count]", "0")
    page.locator("text=No matches").wait_for()
    page.go_back()
    page.locator(".result-card").first.click()
    page.wait_for_url("**/results/*-*/?results=*")
    assert Result.objects.count() == 11
    assert browser_errors == []
