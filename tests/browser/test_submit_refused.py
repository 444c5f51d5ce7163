"""Photos that are refused before or after they are sent, and a site that is busy or away."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import LazySettings
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import send

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

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
