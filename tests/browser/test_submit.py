"""Photos submitted in a real browser: previewed, sent with progress, shown as results."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import TimeoutError as NotInTime
from playwright.sync_api import expect

from landmarks.models import Result
from tests.browser.conftest import send, slow_upload

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FileChooser, Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RESULT = "**/results/*-*/"


def test_several_photos_are_previewed_before_they_are_sent(site: str, page: "Page", images: Path) -> None:
    page.goto(site)
    page.set_input_files("#photo", [images / "astronaut.jpg", images / "rocket.jpg"])
    page.locator("photo-row img.is-shown >> nth=1").wait_for()
    rows = [row.inner_text().split("\n") for row in page.locator("photo-row").all()]
    assert rows == [["astronaut.jpg", "512 × 512 · 92 KB"], ["rocket.jpg", "640 × 427 · 110 KB"]]
    assert not Result.objects.exists()
    page.set_input_files("#photo", images / "two_people.jpg")
    page.locator("text=Find the points in 3 photos").wait_for()


def test_a_single_photo_is_sent_at_once(site: str, page: "Page", images: Path, browser_errors: list[str]) -> None:
    page.goto(site)
    page.set_input_files("#photo", images / "astronaut.jpg")
    page.wait_for_url(RESULT)
    assert page.locator(".stage svg.overlay").get_attribute("viewBox") == "0 0 512 512"
    assert page.locator(".close-up svg.overlay use").count() == 90
    assert page.locator(".close-up svg.overlay use").first.is_visible()
    assert browser_errors == []


def test_the_back_button_does_not_send_a_photo_again(site: str, page: "Page", images: Path) -> None:
    page.goto(site)
    send(page, images / "astronaut.jpg")
    page.wait_for_url(RESULT)
    page.go_back()
    page.locator("text=Choose photos").wait_for()
    assert page.locator("#photo").evaluate("field => field.files.length") == 0
    assert not page.locator("[data-queue=find]").is_visible()


def test_the_overlay_lies_exactly_over_the_photo(site: str, page: "Page", images: Path) -> None:
    page.goto(site)
    send(page, images / "two_people.jpg")
    page.wait_for_url(RESULT)
    for width in (375, 768, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.locator(".stage svg").bounding_box() == page.locator(".stage img").bounding_box()
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_several_photos_stay_listed_until_the_history_is_opened(
    site: str, page: "Page", images: Path, browser_errors: list[str]
) -> None:
    page.goto(site)
    page.set_input_files("#photo", [images / "two_people.jpg", images / "rocket.jpg", images / "astronaut.jpg"])
    page.click("photo-row:has-text('astronaut.jpg') >> [data-action=remove]")
    page.set_input_files("#photo", images / "obama-240p.jpg")
    page.click("text=Find the points in 3 photos")
    page.locator("text=Sent 3 of 3").wait_for()
    statuses = page.locator("photo-row .row-status").all_inner_texts()
    assert statuses == ["2 faces", "No face", "1 face"]
    assert page.locator("photo-row >> text=View").count() == 3
    expect(page.locator("[data-progress-found]")).to_have_text("3 faces in 2 photos · 1 without a face")
    page.click("text=View 3 results")
    page.wait_for_url("**/results/?results=*")
    assert page.locator(".result-card").count() == 3
    page.click("text=Sent together: 3")
    page.wait_for_url("**/results/")
    assert page.locator(".result-card").count() == 3
    assert browser_errors == []


def chooser_by_key(page: "Page") -> "FileChooser":
    """The dialog that the space bar opens; a browser that is busy can miss a key."""
    for _ in range(10):
        page.bring_to_front()
        with suppress(NotInTime):
            with page.expect_file_chooser(timeout=10_000) as chooser:
                page.keyboard.press("Space")
            return chooser.value
    raise AssertionError("the space bar opens no dialog")


def test_everything_works_by_keyboard(site: str, page: "Page", images: Path, browser_errors: list[str]) -> None:
    page.goto(site)
    page.focus("#photo")
    chooser_by_key(page).set_files([images / "two_people.jpg", images / "README.md", images / "astronaut.jpg"])
    page.locator("photo-row >> nth=2").wait_for()
    page.focus("photo-row >> nth=0 >> [data-action=remove]")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.ariaLabel") == "Remove README.md"
    page.keyboard.press("Space")
    assert page.evaluate("document.activeElement.ariaLabel") == "Remove astronaut.jpg"
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.queue") == "find":
            break
    page.keyboard.press("Enter")
    page.wait_for_url(RESULT)
    assert Result.objects.get().name == "astronaut.jpg"
    assert browser_errors == []


def test_options_hold_for_every_photo(site: str, page: "Page", images: Path) -> None:
    page.goto(site)
    page.set_input_files("#photo", [images / "two_people.jpg", images / "astronaut.jpg"])
    page.click(".options summary")
    page.check("text=The largest face only")
    page.click("[data-queue=find]")
    page.locator("text=Sent 2 of 2").wait_for()
    assert set(Result.objects.values_list("largest_only", "face_count")) == {(True, 1)}


def test_at_most_two_photos_are_sent_at_once(site: str, page: "Page", images: Path) -> None:
    page.goto(site)
    slow_upload(page, 20_000)
    send(page, *[images / "two_people.jpg"] * 4)
    states = page.locator("photo-row").evaluate_all("rows => rows.map((row) => row.state)")
    assert states == ["sending", "sending", "waiting", "waiting"]
    page.click("text=Cancel all")
    page.locator("text=Sent 0 of 4, 4 cancelled").wait_for()
    assert page.evaluate("document.activeElement.textContent") == "Try 4 again"


def test_sending_shows_progress_and_can_be_cancelled_and_retried(site: str, page: "Page", images: Path) -> None:
    page.goto(site)
    slow_upload(page, 50_000)
    send(page, images / "two_people.jpg")
    page.locator("text=/Sending, [1-9]/").wait_for()
    assert 0 < page.locator(".row-bar").evaluate("bar => bar.value") < 1
    page.click("photo-row >> text=Cancel")
    assert page.locator(".row-status").inner_text() == "Cancelled"
    assert page.evaluate("document.activeElement.ariaLabel") == "Retry two_people.jpg"
    slow_upload(page, -1)
    page.keyboard.press("Enter")
    page.wait_for_url(RESULT)
    assert Result.objects.count() == 1


def test_leaving_while_photos_are_sent_needs_confirmation(site: str, page: "Page", images: Path) -> None:
    page.goto(site)
    slow_upload(page, 20_000)
    page.click("h1")  # browsers ask only those who have done something on the page
    send(page, images / "two_people.jpg")
    page.locator("photo-row[data-state=sending]").wait_for()
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.type), dialog.accept()))
    page.goto(f"{site}/results/")
    assert dialogs == ["beforeunload"]


def test_invalid_photos_are_counted_before_others_are_sent(
    site: str, page: "Page", images: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty.jpg").touch()
    page.goto(site)
    page.set_input_files("#photo", [images / "astronaut.jpg", tmp_path / "empty.jpg"])
    page.locator("text=1 photo chosen, 1 refused").wait_for()


def test_submitting_nothing_explains_what_to_do(site: str, page: "Page") -> None:
    page.goto(site)
    page.click('button:text-is("Analyse")')
    assert page.locator("[data-status]").inner_text() == "Choose a photo or enter the address of one."
    assert page.evaluate("document.activeElement.id") == "image_url"


def test_a_sample_is_one_click_away(site: str, page: "Page", browser_errors: list[str]) -> None:
    page.goto(site)
    held: list[Route] = []
    page.route("**/*", lambda route: held.append(route) if route.request.method == "POST" else route.continue_())
    page.click("button[value=two_people]", no_wait_after=True)
    expect(page.locator("button[value=two_people][aria-busy=true]")).to_contain_text("Analysing …")
    assert held
    held[0].continue_()
    page.wait_for_url(RESULT)
    assert page.locator(".tab").count() == 2
    assert browser_errors == []


def test_a_phone_sends_a_photo_by_touch(site: str, browser: "Browser", images: Path) -> None:
    context = browser.new_context(viewport={"width": 375, "height": 667}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(site)
    with page.expect_file_chooser() as chooser:
        page.tap("#photo")
    chooser.value.set_files([images / "astronaut.jpg", images / "two_people.jpg", images / "rocket.jpg"])
    page.tap("photo-row >> nth=1 >> [data-action=remove]")
    # In sight above the bar of the site, however long the card is.
    box = page.locator("[data-queue=find]").bounding_box()
    bar = page.locator(".site-nav").bounding_box()
    assert box and bar and box["y"] + box["height"] <= bar["y"]
    assert page.evaluate("document.documentElement.scrollWidth") == 375
    page.tap("[data-queue=find]")
    page.locator("text=Sent 2 of 2").wait_for()
    context.close()


def test_the_empty_history_accepts_photos(site: str, page: "Page", images: Path, browser_errors: list[str]) -> None:
    page.goto(f"{site}/results/")
    send(page, images / "astronaut.jpg")
    page.wait_for_url(RESULT)
    assert browser_errors == []


def test_everything_works_without_javascript(site: str, browser: "Browser", images: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site)
    page.set_input_files("#photo", [images / "astronaut.jpg", images / "rocket.jpg"])
    page.click("noscript button")
    page.wait_for_url("**/results/")
    assert page.locator(".result-card").count() == 2
    page.click("text=astronaut.jpg")
    page.uncheck("input[value=mouth]")
    page.click(".legend-head button")
    expect(page.locator(".close-up svg.overlay use")).to_have_count(68)
    page.click(".delete summary")
    page.click("text=Delete this result")
    page.wait_for_url("**/results/")
    assert page.locator(".result-card").count() == 1
    context.close()


def test_without_javascript_an_error_is_beside_its_field(site: str, browser: "Browser") -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site)
    page.fill("#image_url", "http://127.0.0.1/photo.jpg")
    page.click('button:text-is("Analyse")')
    error = page.locator("#image-url-error")
    error.wait_for()
    assert page.input_value("#image_url") == "http://127.0.0.1/photo.jpg"
    assert "couldn't be fetched" in error.inner_text()
    context.close()
