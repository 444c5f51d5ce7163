"""Photos and addresses dropped or pasted on other pages than the submit page: they are taken there, or refused."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from landmarks.models import Result
from tests.browser.conftest import RESULT, Open
from tests.browser.test_submit_sources import carried

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = ("/results/", "/atlas/", "/engines/", "/api/docs", "/elbow")
LEFT = """async () => {
    const database = await new Promise((resolve) => {
        const request = indexedDB.open("carried-photos");
        request.onsuccess = () => resolve(request.result);
    });
    if (!database.objectStoreNames.length) return 0;
    const request = database.transaction("carried-photos").objectStore("carried-photos").count();
    return new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
}"""


def drop(page: "Page", *photos: Path, link: str = "", text: str = "") -> None:
    page.dispatch_event("main", "drop", {"dataTransfer": carried(page, *photos, link=link, text=text)})


def paste(page: "Page", *photos: Path, text: str = "") -> None:
    page.evaluate(
        """(clipboardData) => document.querySelector("main").dispatchEvent(
            new ClipboardEvent("paste", { clipboardData, bubbles: true }))""",
        carried(page, *photos, text=text),
    )


@pytest.mark.parametrize("path", PAGES)
def test_every_page_shows_that_it_takes_photos_and_analyses_them(
    site: str, page: "Page", images: Path, path: str
) -> None:
    page.goto(site + path)
    page.dispatch_event("main", "dragover", {"dataTransfer": carried(page, images / "astronaut.jpg")})
    frame = "getComputedStyle(document.body, '::after')"
    assert page.evaluate(f"{frame}.borderTopStyle + {frame}.position") == "solidfixed"
    assert page.evaluate(f"{frame}.content") == '"Drop photos anywhere"'
    page.dispatch_event("main", "dragleave", {})
    assert page.evaluate(f"{frame}.content") == "none"
    drop(page, images / "astronaut.jpg")
    page.wait_for_url(RESULT)
    assert Result.objects.get().name == "astronaut.jpg"
    assert page.evaluate(LEFT) == 0


def test_a_photo_dropped_on_a_result_is_analysed(
    page: "Page", open_result: Open, images: Path, browser_errors: list[str]
) -> None:
    open_result()
    first = page.url
    drop(page, images / "astronaut.jpg")
    page.wait_for_url(lambda url: "/results/" in url and url != first)
    expect(page.locator(".stage svg.overlay")).to_have_attribute("viewBox", "0 0 512 512")
    assert browser_errors == []


def test_several_dropped_photos_wait_for_the_button(site: str, page: "Page", images: Path) -> None:
    page.goto(f"{site}/atlas/")
    drop(page, images / "astronaut.jpg", images / "README.md", images / "two_people.jpg")
    page.locator("text=Find the points in 2 photos").wait_for()
    names = page.locator("photo-row .row-name").all_inner_texts()
    assert names == ["astronaut.jpg", "README.md", "two_people.jpg"]
    expect(page.locator("photo-row >> nth=1")).to_contain_text("isn’t a supported image")
    assert not Result.objects.exists()
    page.reload()
    expect(page.locator("photo-row")).to_have_count(0)


def test_what_is_no_photo_leaves_the_page_as_it_is(site: str, page: "Page", images: Path, tmp_path: Path) -> None:
    page.goto(f"{site}/atlas/")
    (tmp_path / "list.csv").write_text("https://photos.example.org/one.jpg")
    drop(page, tmp_path / "list.csv")
    expect(page.get_by_role("alert")).to_contain_text("list.csv: Addresses in a list are photos of a collection.")
    drop(page, images / "README.md")
    expect(page.get_by_role("alert")).to_contain_text("README.md: This file isn’t a supported image. Use JPEG, PNG, ")
    drop(page, link="mailto:someone@example.org")
    expect(page.get_by_role("alert")).to_have_text("This link is not a web address.")
    expect(page.get_by_role("alert")).to_be_in_viewport()
    paste(page, text="some text")
    expect(page.get_by_role("alert")).to_contain_text("no picture or address in the clipboard")
    assert page.url.endswith("/atlas/")


def test_a_page_without_connection_says_so(site: str, page: "Page", images: Path) -> None:
    page.goto(f"{site}/atlas/")
    drop(page, link="mailto:someone@example.org")
    page.get_by_role("alert").wait_for()
    page.context.set_offline(True)
    drop(page, images / "astronaut.jpg")
    expect(page.get_by_role("alert")).to_contain_text("Check your network")


def test_a_browser_that_keeps_nothing_says_so(site: str, page: "Page", images: Path) -> None:
    page.add_init_script("IDBFactory.prototype.open = () => { throw new DOMException('', 'SecurityError'); };")
    page.goto(f"{site}/atlas/")
    drop(page, images / "astronaut.jpg")
    expect(page.get_by_role("alert")).to_contain_text("can’t take photos to another page")


@pytest.mark.parametrize("path", ["/atlas/", "/results/"])
@pytest.mark.parametrize("method", ["drop", "paste"])
def test_an_address_goes_to_the_field_of_the_submit_page(site: str, page: "Page", path: str, method: str) -> None:
    page.goto(site + path)
    address = "https://photos.example.org/one.jpg"
    if method == "drop":
        drop(page, link=address)
    else:
        paste(page, text=f" {address}\n")
    expect(page.locator("#image_url")).to_be_focused()
    assert page.input_value("#image_url") == address


def test_a_pasted_picture_is_analysed(page: "Page", open_result: Open, images: Path) -> None:
    open_result()
    first = page.url
    paste(page, images / "astronaut.jpg")
    page.wait_for_url(lambda url: "/results/" in url and url != first)
    assert Result.objects.count() == 2


def test_text_pasted_into_a_field_stays_there(page: "Page", site: str, open_result: Open) -> None:
    open_result()
    page.goto(f"{site}/results/")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("navigator.clipboard.writeText('https://photos.example.org/one.jpg')")
    page.focus("[name=words]")
    page.keyboard.press("Control+V")
    expect(page.locator("[name=words]")).to_have_value("https://photos.example.org/one.jpg")
    expect(page.get_by_role("alert")).to_have_count(0)
