"""Photos submitted in a real browser: previewed, sent with progress, shown as results."""

import re
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import ip_network
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import pytest
from django.conf import LazySettings
from PIL import Image
from playwright.sync_api import TimeoutError as NotInTime
from playwright.sync_api import expect
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from landmarks.models import Result
from tests.browser.conftest import send, slow_upload
from tests.patience import PATIENCE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FileChooser, Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RESULT = "**/results/*-*/"


def answer_posts(page: "Page", *answers: dict[str, object]) -> None:
    """The first posts get these answers, the others the site's."""
    left = list(answers)

    def answer(route: "Route") -> None:
        if route.request.method == "POST" and left:
            route.fulfill(**left.pop(0))  # type: ignore[arg-type]
        else:
            route.continue_()

    page.route(re.compile(r"/$"), answer)


@pytest.fixture
def hanging(httpserver: HTTPServer, settings: LazySettings) -> Iterator[str]:
    """The address of a photo that does not come before the test is over."""
    settings.FETCH_ALLOW_NETWORKS = (ip_network("127.0.0.0/8"),)
    is_over = Event()

    def hang(request: Request) -> Response:
        is_over.wait(PATIENCE)
        return Response(status=404)

    httpserver.expect_request("/slow.jpg").respond_with_handler(hang)
    yield httpserver.url_for("/slow.jpg").replace("localhost", "127.0.0.1")
    is_over.set()


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


def test_a_photo_can_be_sent_again_after_a_lost_connection(site: str, page: "Page", images: Path) -> None:
    page.goto(site)
    page.context.set_offline(True)
    send(page, images / "astronaut.jpg")
    page.locator("photo-row >> text=The connection was lost").wait_for()
    page.context.set_offline(False)
    page.click("text=Retry")
    page.wait_for_url(RESULT)


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_site_is_tried_again_after_its_delay(site: str, page: "Page", images: Path, status: int) -> None:
    page.clock.install()
    page.goto(site)
    answer_posts(page, {"status": status, "headers": {"Retry-After": "90"}, "body": "{}"})
    send(page, images / "astronaut.jpg")
    page.locator("text=/The site is busy. Trying again in \\d+ s/").wait_for()
    page.clock.run_for(90_000)
    page.wait_for_url(RESULT)


def test_a_site_that_is_busy_for_long_is_not_tried_again(site: str, page: "Page", images: Path) -> None:
    page.goto(site)
    answer_posts(
        page, {"status": 429, "headers": {"Retry-After": "3600"}, "body": '{"error": {"message": "Too many."}}'}
    )
    send(page, images / "astronaut.jpg")
    page.locator("photo-row >> text=Too many.").wait_for()
    page.click("text=Retry")
    page.wait_for_url(RESULT)


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (413, "This file is too large for the server"),
        (504, "took too long to respond"),
        (502, "The server failed (502)"),
    ],
)
def test_a_response_without_a_message_gets_one(site: str, page: "Page", images: Path, status: int, text: str) -> None:
    page.goto(site)
    answer_posts(page, {"status": status, "body": "<html>"})
    send(page, images / "astronaut.jpg")
    page.locator("photo-row", has_text=text).wait_for()


def test_each_error_is_in_its_row(site: str, page: "Page", images: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.jpg"
    damaged.write_bytes((images / "astronaut.jpg").read_bytes()[:2000])
    page.goto(site)
    send(page, damaged, images / "astronaut.jpg")
    page.locator("text=Sent 1 of 2, 1 refused").wait_for()
    refused = page.locator("photo-row").first
    assert "This photo is damaged" in refused.inner_text()
    assert refused.locator("button:visible").evaluate_all("all => all.map((one) => one.title)") == ["Remove"]


NO_PHOTOS = {
    "text.jpg": b"This is no photo.",
    "document.pdf": b"%PDF-1.7 and so on",
    "drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "scan.tif": b"II*\0 and so on",
    "film.mp4": b"\0\0\0\x18ftypisom\0\0\2\0isommp41 and so on",
}


def test_what_is_no_photo_is_not_sent(site: str, page: "Page") -> None:
    posts = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    page.goto(site)
    files = [{"name": name, "mimeType": "image/jpeg", "buffer": start} for name, start in NO_PHOTOS.items()]
    page.set_input_files("#photo", files)
    expect(page.locator(".row-status")).to_have_text([re.compile("isn’t a supported image. Use JPEG")] * len(files))
    assert page.locator("photo-row button:visible").evaluate_all("all => all.map((one) => one.title)") == ["Remove"] * 5
    page.fill("#image_url", "photos.example.org/one.jpg")
    page.keyboard.press("Enter")
    page.locator("photo-row >> text=This isn’t an http or https address.").wait_for()
    assert page.locator("text=Retry").locator("visible=true").count() == 0
    assert not page.locator("[data-queue=find]").is_visible()
    assert posts == []


@pytest.mark.parametrize(
    ("kind", "suffix"), [("PNG", "png"), ("WEBP", "webp"), ("BMP", "bmp"), ("AVIF", "avif"), ("GIF", "gif")]
)
def test_every_accepted_format_is_sent(
    site: str, page: "Page", images: Path, tmp_path: Path, kind: str, suffix: str
) -> None:
    photo = tmp_path / f"astronaut.{suffix}"
    with Image.open(images / "astronaut.jpg") as original:
        original.save(photo, kind)
    page.goto(site)
    send(page, photo)
    page.wait_for_url(RESULT)


def test_what_is_too_large_or_empty_is_not_sent(site: str, page: "Page", settings: LazySettings) -> None:
    settings.MAX_UPLOAD_MB = 1
    posts = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    page.goto(site)
    page.set_input_files(
        "#photo",
        [
            {"name": "large.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff" * 2**20},
            {"name": "empty.jpg", "mimeType": "image/jpeg", "buffer": b""},
        ],
    )
    expected = [
        "This file is larger than the limit of 1 MB. Send a smaller copy.",
        "This file is empty. Choose another one.",
    ]
    expect(page.locator(".row-status")).to_have_text(expected)
    assert not page.locator("[data-queue=find]").is_visible()
    assert posts == []


def test_an_address_is_sent_at_once_and_can_be_cancelled(site: str, page: "Page", hanging: str) -> None:
    page.goto(site)
    page.fill("#image_url", hanging)
    page.keyboard.press("Enter")
    page.locator(".row-bar:indeterminate").wait_for()
    assert page.locator(".row-name").inner_text() == hanging
    page.click("photo-row >> text=Cancel")
    assert page.locator("photo-row >> text=Retry").is_visible()


def test_a_refused_address_can_be_corrected(
    site: str, page: "Page", images: Path, settings: LazySettings, httpserver: HTTPServer
) -> None:
    settings.FETCH_ALLOW_NETWORKS = (ip_network("127.0.0.0/8"),)
    httpserver.expect_request("/nobody.jpg").respond_with_data(b"text")
    httpserver.expect_request("/astronaut.jpg").respond_with_data((images / "astronaut.jpg").read_bytes())
    address = httpserver.url_for("/astronaut.jpg").replace("localhost", "127.0.0.1")
    page.goto(site)
    page.fill("#image_url", address.replace("astronaut", "nobody"))
    page.click('button:text-is("Analyse")')
    page.locator("photo-row >> text=supported image").wait_for()
    assert page.input_value("#image_url") == address.replace("astronaut", "nobody")
    page.fill("#image_url", address)
    page.click('button:text-is("Analyse")')
    page.wait_for_url(RESULT)
    assert Result.objects.get().face_count == 1


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_the_picture_of_a_web_page_can_be_used_instead(
    site: str, browser: "Browser", images: Path, settings: LazySettings, httpserver: HTTPServer, has_script: bool
) -> None:
    settings.FETCH_ALLOW_NETWORKS = (ip_network("127.0.0.0/8"),)
    page_text = '<html><title>Jane</title><meta property="og:image" content="/astronaut.jpg?a=1&amp;b=2">'
    httpserver.expect_request("/page").respond_with_data(page_text, content_type="text/html")
    httpserver.expect_request("/astronaut.jpg").respond_with_data((images / "astronaut.jpg").read_bytes())
    context = browser.new_context(java_script_enabled=has_script)
    page = context.new_page()
    page.goto(site)
    page.fill("#image_url", f"\u200b{httpserver.url_for('/page').replace('localhost', '127.0.0.1')}")
    page.click('button:text-is("Analyse")')
    page.locator("text=a web page, “Jane”").first.wait_for()
    page.click("photo-row [data-action=use]" if has_script else "text=Use the picture of this page")
    page.wait_for_url(RESULT)
    assert Result.objects.get().name == "astronaut.jpg"
    context.close()


def test_an_address_joins_chosen_photos(site: str, page: "Page", images: Path) -> None:
    page.goto(site)
    page.set_input_files("#photo", [images / "astronaut.jpg", images / "rocket.jpg"])
    page.locator("photo-row >> nth=1").wait_for()
    page.fill("#image_url", "http://127.0.0.1/photo.jpg")
    page.click("text=Add >> nth=-1")
    page.click("text=Find the points in 3 photos")
    page.locator("text=Sent 2 of 3, 1 refused").wait_for()
    assert page.input_value("#image_url") == ""


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
