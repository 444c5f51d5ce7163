"""Every page, error pages included, as a real browser takes it under the content security policy."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from landmarks.models import Result
from tests.addresses import addresses
from tests.browser.conftest import submit

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOADED = "Failed to load resource"
"""What the browser logs for a page with an error status; not a violation."""


def test_no_page_violates_the_content_security_policy(
    page: "Page", site: str, images: Path, browser_errors: list[str]
) -> None:
    page.goto(submit(page, site, images / "two_people.jpg"))
    seen = 0
    for address in [*addresses(Result.objects.get().pk), "/nothing/", "/results/?before=x"]:
        answer = page.request.get(site + address)
        if answer.headers["content-type"].startswith("text/html") and "content-disposition" not in answer.headers:
            page.goto(site + address)
            seen += 1
    assert seen >= 5
    assert [line for line in browser_errors if not line.startswith(LOADED)] == []
