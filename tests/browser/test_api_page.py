"""The API page: the mark in its contents, folds, and code that can be copied."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CURRENT = ".docs-contents [aria-current]"


@pytest.fixture
def docs(page: "Page", site: str) -> "Page":
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{site}/api/docs")
    return page


def test_the_contents_mark_the_section_on_the_screen(docs: "Page") -> None:
    expect(docs.locator(CURRENT)).to_have_text("Introduction")
    docs.locator("#exportResult").evaluate("heading => heading.scrollIntoView()")
    expect(docs.locator(CURRENT)).to_have_text("Export a result")
    expect(docs.locator(CURRENT)).to_have_attribute("aria-current", "location")
    expect(docs.locator(CURRENT)).to_be_in_viewport(ratio=1)
    docs.locator("#introduction").evaluate("heading => heading.scrollIntoView()")
    expect(docs.locator(CURRENT)).to_have_text("Introduction")


def test_an_entry_reached_with_the_keyboard_leads_to_its_section(docs: "Page") -> None:
    docs.locator(".docs-contents").get_by_text("Types").focus()
    docs.keyboard.press("Enter")
    expect(docs.locator("#types")).to_be_in_viewport()
    expect(docs.locator(CURRENT)).to_have_text("Types")


def test_an_address_opens_the_fold_that_it_points_into(docs: "Page", site: str) -> None:
    fold = docs.locator("details", has=docs.locator("#type-Pose"))
    expect(fold).not_to_have_attribute("open", "")
    docs.goto(f"{site}/api/docs#type-Pose")
    expect(fold).to_have_attribute("open", "")
    expect(fold.locator("summary")).to_be_in_viewport()
    docs.locator("details", has=docs.locator("#type-Face")).locator("summary").click()
    docs.locator("#type-Face").get_by_text("FacePoints").click()
    expect(docs.locator("#type-FacePoints")).to_be_in_viewport()


def test_a_fold_opens_in_a_browser_that_leaves_it_closed(docs: "Page") -> None:
    docs.evaluate("location.hash = 'type-Gaze'")
    fold = docs.locator("details", has=docs.locator("#type-Gaze"))
    expect(fold).to_have_attribute("open", "")
    fold.evaluate("fold => { fold.open = false; dispatchEvent(new HashChangeEvent('hashchange')); }")
    expect(fold).to_have_attribute("open", "")


def test_the_address_of_an_operation_and_an_example_can_be_copied(docs: "Page", site: str) -> None:
    docs.context.grant_permissions(["clipboard-read", "clipboard-write"])
    operation = docs.locator("section[aria-labelledby=readResult]")
    operation.locator("[data-copy]").click()
    expect(operation.locator("[data-copy-label]")).to_have_text("Copied")
    assert docs.evaluate("navigator.clipboard.readText()") == f"{site}/api/results/{{id}}"
    example = docs.locator("[data-panel]", has=docs.locator("[data-example='analyze.sh']"))
    example.locator("[data-copy]").click()
    expect(example.locator("[data-copy-label]")).to_have_text("Copied")
    assert docs.evaluate("navigator.clipboard.readText()") == example.locator("pre").text_content()


def test_without_scripts_there_is_no_copy_button_and_folds_still_open(browser: "Browser", site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/api/docs#type-Pose")
    assert page.locator("[data-copy]").count() > 0
    assert page.locator("[data-copy]:visible").count() == 0
    expect(page.locator("#type-Pose table")).to_be_in_viewport()
    context.close()
