"""Two engines in a real browser: choosing, retrying, comparing; by mouse, by keyboard and without JavaScript."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import LazySettings

from landmarks.models import Result
from tests.browser.conftest import send
from tests.vendor import Vendor, refusal

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RESULT, COMPARISON = "**/results/*-*/", "**/results/*/compare/*/"
USED_UP = refusal(403, "used_up", "Your balance is not sufficient for current request.")


def test_an_engine_is_chosen_by_keyboard_before_a_photo_is_sent(
    site: str, page: "Page", images: Path, hosted: Vendor, browser_errors: list[str]
) -> None:
    page.goto(site)
    page.focus("input[value=acedata]:checked")
    page.keyboard.press("ArrowUp")
    send(page, images / "astronaut.jpg")
    page.wait_for_url(RESULT)
    assert Result.objects.get().engine == "local"
    assert not hosted.requests
    assert browser_errors == []


def test_a_sample_goes_to_the_chosen_engine(site: str, page: "Page", hosted: Vendor) -> None:
    page.goto(site)
    page.check("input[value=local]")
    page.click("button[value=astronaut]")
    page.wait_for_url(RESULT)
    assert not hosted.requests


def test_from_a_failure_to_a_comparison_without_javascript(
    site: str, browser: "Browser", images: Path, hosted: Vendor
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    hosted.answers(USED_UP)
    page.goto(site)
    page.check("input[value=acedata]")
    page.set_input_files("#photo", images / "two_people.jpg")
    page.click('button:text-is("Analyse")')
    page.wait_for_url(RESULT)
    page.click("text=Use the embedded engine")
    page.click("text=Compare with Ace Data Cloud")
    page.wait_for_url(COMPARISON)
    assert page.locator(".compared .overlay").count() == 2
    assert len(hosted.requests) == 2
    context.close()


def test_a_running_button_says_so_and_ignores_a_second_click(
    site: str, page: "Page", images: Path, hosted: Vendor, browser_errors: list[str]
) -> None:
    hosted.answers(USED_UP, USED_UP)
    page.goto(site)
    send(page, images / "astronaut.jpg")
    page.wait_for_url(RESULT)
    failed = page.url
    labels = page.evaluate(
        """() => {
            const [again, other] = document.querySelectorAll("[data-run] button");
            for (const button of [again, again, other]) button.click();
            return [again, other].map((button) => button.textContent);
        }"""
    )
    page.wait_for_url(lambda url: url != failed)
    assert labels == ["Analysing …", "Use the embedded engine"]
    assert len(hosted.requests) == 2
    assert Result.objects.count() == 2
    page.go_back()
    page.get_by_role("button", name="Try again with Ace Data Cloud").wait_for()
    assert browser_errors == []


@pytest.mark.parametrize("width", [375, 768, 1440])
def test_both_overlays_lie_exactly_over_the_photo(
    site: str, page: "Page", images: Path, hosted: Vendor, width: int, browser_errors: list[str]
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(site)
    page.check("input[value=local]")
    send(page, images / "two_people.jpg")
    page.wait_for_url(RESULT)
    page.click("text=Compare with Ace Data Cloud")
    page.wait_for_url(COMPARISON)
    for stage in page.locator(".stage").all():
        assert stage.locator("svg").bounding_box() == stage.locator("img").bounding_box()
        stage.locator("[display]").first.wait_for(state="attached")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert browser_errors == []


def test_an_engine_that_takes_no_files_says_so_before_one_is_sent(
    site: str, page: "Page", images: Path, hosted: Vendor, settings: LazySettings
) -> None:
    settings.ACEDATA_PLATFORM_TOKEN = ""
    requests: list[str] = []
    page.goto(site)
    page.on("request", lambda request: requests.append(request.method))
    page.set_input_files("#photo", images / "astronaut.jpg")
    page.get_by_role("status").filter(has_text="ACEDATA_PLATFORM_TOKEN or PUBLIC_URL").wait_for()
    assert page.locator("photo-row").count() == 0
    assert "POST" not in requests
    page.check("input[value=local]")
    send(page, images / "astronaut.jpg")
    page.wait_for_url(RESULT)
    assert Result.objects.get().engine == "local"
