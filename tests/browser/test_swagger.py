"""The page to try the API on, in a real browser under its own Content-Security-Policy."""

import json

import pytest
from playwright.sync_api import Page, expect

from landmarks.access import tokens

pytestmark = pytest.mark.browser


@pytest.mark.django_db(transaction=True)
def test_the_api_can_be_tried_on_the_page(page: Page, live_server) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_server.url}/api/docs/try")
    page.get_by_role("button", name="Authorize").click()
    page.get_by_role("textbox").first.fill(tokens.make("ann"))
    page.locator(".auth-btn-wrapper .authorize").click()
    page.locator(".auth-btn-wrapper .btn-done").click()
    listing = page.locator("[id$=-listResults]")
    listing.locator(".opblock-summary-control").click()
    listing.get_by_role("button", name="Try it out").click()
    for name in ("words", "since", "until"):  # their examples
        listing.locator(f"tr[data-param-name={name}] input").fill("")
    with page.expect_response(lambda response: "/api/results?" in response.url) as answered:
        listing.get_by_role("button", name="Execute").click()
    assert json.loads(answered.value.text())["results"] == []
    expect(listing.locator(".live-responses-table tbody .response-col_status").first).to_contain_text("200")
    assert complaints == []
    assert all(url.startswith((live_server.url, "data:", "blob:")) for url in asked)
