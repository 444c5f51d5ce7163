"""A photo submitted in a real browser, with and without its script."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RESULT = "**/results/*-*/"


def test_a_chosen_photo_is_sent_at_once_and_its_points_are_seen(
    site: str, page: "Page", images: Path, complaints: list[str]
) -> None:
    page.goto(site)
    page.set_input_files("#photo", images / "astronaut.jpg")
    page.wait_for_url(RESULT)
    assert page.locator(".stage svg.overlay").get_attribute("viewBox") == "0 0 512 512"
    assert page.locator(".close-up svg.overlay use").count() == 90
    assert page.locator(".close-up svg.overlay use").first.is_visible()
    assert complaints == []


def test_the_overlay_lies_exactly_over_the_photo(site: str, page: "Page", images: Path) -> None:
    page.goto(site)
    page.set_input_files("#photo", images / "two_people.jpg")
    page.wait_for_url(RESULT)
    for width in (375, 768, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.locator(".stage svg").bounding_box() == page.locator(".stage img").bounding_box()
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_a_photo_dropped_anywhere_is_sent(site: str, page: "Page", images: Path, complaints: list[str]) -> None:
    page.goto(site)
    data = list((images / "astronaut.jpg").read_bytes())
    carried = page.evaluate_handle(
        """bytes => {
            const carried = new DataTransfer();
            carried.items.add(new File([new Uint8Array(bytes)], "dropped.jpg", { type: "image/jpeg" }));
            return carried;
        }""",
        data,
    )
    page.dispatch_event(".site-footer", "drop", {"dataTransfer": carried})
    page.wait_for_url(RESULT)
    assert page.locator("h1").inner_text() == "dropped.jpg"
    assert complaints == []


def test_a_sample_is_one_click_away(site: str, page: "Page", complaints: list[str]) -> None:
    page.goto(site)
    page.click("button[value=two_people]")
    page.wait_for_url(RESULT)
    assert page.locator(".tab").count() == 2
    assert complaints == []


def test_everything_works_without_script(site: str, browser: "Browser", images: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site)
    page.set_input_files("#photo", [images / "astronaut.jpg", images / "rocket.jpg"])
    page.click("text=Analyse")
    page.wait_for_url("**/results/")
    assert page.locator(".result-card").count() == 2
    page.click("text=astronaut.jpg")
    page.uncheck("input[value=mouth]")
    page.click(".legend-head button")
    assert page.locator(".close-up svg.overlay use").count() == 68
    page.click(".delete summary")
    page.click("text=Delete for good")
    page.wait_for_url("**/results/")
    assert page.locator(".result-card").count() == 1
    context.close()


def test_a_refusal_stands_beside_its_field(site: str, page: "Page") -> None:
    page.goto(site)
    page.fill("#image_url", "http://127.0.0.1/photo.jpg")
    page.click("text=Analyse")
    error = page.locator("#image-url-error")
    error.wait_for()
    assert page.input_value("#image_url") == "http://127.0.0.1/photo.jpg"
    assert "could not be fetched" in error.inner_text()
