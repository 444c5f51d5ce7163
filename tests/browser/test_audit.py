"""The audit itself: it finds each kind of flaw."""

from typing import TYPE_CHECKING

import pytest

from tests.browser.audit import flaws, overlaps

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
PAGE = '<!DOCTYPE html><html lang="en"><head><title>Page</title></head><body><main><h1>Page</h1>{}</main></body></html>'
FINE = '<button style="width: 44px; height: 44px">Go</button>'


@pytest.mark.parametrize(
    ("markup", "flaw"),
    [
        ('<p style="color: #ccc">Pale text</p>', "color-contrast"),
        ('<img src="data:,">', "image-alt"),
        ('<button style="width: 43px; height: 44px">Go</button>', "43 × 44"),
        ('<div style="width: 200vw">Wide</div>', "pixels too wide"),
    ],
)
def test_finds_a_flaw(page: "Page", markup: str, flaw: str) -> None:
    page.set_content(PAGE.format(markup))
    (found,) = flaws(page)
    assert flaw in found


def test_finds_overlapping_elements(page: "Page") -> None:
    page.set_content(PAGE.format('<p>One</p><p style="margin-top: -30px">Two</p><p>Three</p>'))
    (found,) = overlaps(page, "p")
    assert "One" in found and "Two" in found


def test_finds_nothing_on_a_page_without_flaws(page: "Page") -> None:
    page.set_content(PAGE.format(FINE))
    assert flaws(page) == []
