"""Addresses of photos on the submit page: sent, cancelled, corrected, beside chosen photos."""

from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import pytest
from django.conf import LazySettings
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from landmarks.models import Result
from tests.patience import PATIENCE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RESULT = "**/results/*-*/"


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
