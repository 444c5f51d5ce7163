"""The scripts of the pages on a site below a path, behind a real nginx."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import send
from tests.browser.test_submit_sources import carried
from tests.server.test_below_path import folder, sites  # noqa: F401
from tests.server.test_deployment import Site

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_scripts_send_photos_and_change_the_view_below_the_path(
    sites: dict[str, Site],  # noqa: F811
    browser: "Browser",
    images: Path,
) -> None:
    site = sites["cut"]
    context = browser.new_context(ignore_https_errors=True)
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("response", lambda response: errors.append(response.url) if response.status >= 400 else None)
    page.goto(f"{site.address}/")
    send(page, images / "two_people.jpg")
    page.wait_for_url("**/faces/results/*-*/")
    page.keyboard.press("2")
    page.wait_for_url("**/faces/results/*-*/?*")
    page.goto(f"{site.address}/atlas/")
    assert page.evaluate("location.pathname") == "/faces/atlas/"
    page.dispatch_event("main", "drop", {"dataTransfer": carried(page, images / "astronaut.jpg")})
    page.wait_for_url("**/faces/results/*-*/")
    assert {cookie["path"] for cookie in context.cookies()} == {"/faces", "/faces/"}
    assert errors == []
    context.close()
