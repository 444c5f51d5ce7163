"""Analysing again with rotation from the page of a result, with a script and without."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from landmarks.models import Face, Result
from tests.browser.audit import flaws
from tests.browser.conftest import submit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LABEL = "Analyse again with rotation"


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("name", ["rocket.jpg", "two_people.jpg"])
def test_a_button_analyses_again(site: str, browser: "Browser", images: Path, has_script: bool, name: str) -> None:
    context = browser.new_context(java_script_enabled=has_script)
    page = context.new_page()
    first = submit(page, site, images / name)
    Face.objects.update(score=0.8)
    page.goto(first)
    page.get_by_role("button", name=LABEL).click()
    page.wait_for_url(lambda url: url != first)
    assert set(Result.objects.values_list("rotate", flat=True)) == {False, True}
    expect(page.get_by_role("button", name=LABEL)).to_have_count(0)
    page.goto(first)
    page.get_by_role("link", name="See what was found with rotation").click()
    page.wait_for_url(f"**/results/{Result.objects.get(rotate=True).pk}/")
    context.close()


@pytest.mark.parametrize("width", [320, 375, 768, 1440])
def test_the_doubt_and_its_button_have_no_flaw(site: str, page: "Page", images: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    first = submit(page, site, images / "two_people.jpg")
    Face.objects.update(score=0.8)
    page.goto(first)
    expect(page.locator(".doubt")).to_be_visible()
    assert flaws(page) == []
