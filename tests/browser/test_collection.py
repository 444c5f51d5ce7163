"""The page of a collection in a browser: photos are sent one by one, and the page follows what becomes of them."""

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from landmarks.models import Job
from landmarks.services import jobs
from landmarks.storage import jobs as job_rows
from tests.browser.test_drop import drop, paste

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("models_dir")]


@pytest.fixture
def collection(page: "Page", site: str) -> "Page":
    page.goto(f"{site}/collections/")
    page.fill("#name", "Spring")
    page.click("text=Create")
    page.wait_for_selector("[data-collection-add]")
    return page


def add(page: "Page", *photos: Path) -> None:
    page.locator(".collection-add").evaluate("details => { details.open = true }")
    page.set_input_files("[name=photo]", [str(photo) for photo in photos])
    page.click("button:text-is('Add')")


def run_all() -> None:
    while job := job_rows.claim_next():
        jobs.run(job)


def test_the_page_follows_what_becomes_of_the_photos(collection: "Page", images: Path) -> None:
    add(collection, images / "astronaut.jpg", images / "rocket.jpg")
    expect(collection.locator(".tile.queued")).to_have_count(2)
    expect(collection.locator(".collection-sum strong")).to_have_text("0 of 2")
    run_all()
    expect(collection.locator(".collection-sum")).to_have_text("Done 2 of 2")
    expect(collection.locator(".tile.done .tile-text")).to_have_text("1 face")
    expect(collection.locator(".tile.none .tile-text")).to_have_text("No face found")
    expect(collection.get_by_role("link", name="Export 2")).to_be_visible()
    expect(collection.locator(".collection-facts")).to_contain_text("2 photos")


def test_photos_that_are_there_are_not_sent_again(collection: "Page", images: Path) -> None:
    add(collection, images / "rocket.jpg")
    expect(collection.locator(".tile")).to_have_count(1)
    sent: list[str] = []
    collection.on("request", lambda request: sent.append(request.url) if request.url.endswith("/add") else None)
    add(collection, images / "rocket.jpg", images / "astronaut.jpg")
    expect(collection.locator(".tile")).to_have_count(2)
    expect(collection.locator("[data-upload-text]")).to_have_text("All photos are added.")
    assert len(sent) == 1


def test_a_refused_photo_is_named_and_the_others_are_sent(collection: "Page", images: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.jpg").write_text("no photo")
    add(collection, tmp_path / "notes.jpg", images / "rocket.jpg")
    expect(collection.locator("[data-upload-errors] li")).to_contain_text("notes.jpg: This file isn’t a supported")
    expect(collection.locator(".tile")).to_have_count(1)
    assert Job.objects.get().name == "rocket.jpg"


# --- dropping and pasting --------------------------------------------------------------------------------------------


def test_dropped_photos_and_archives_join_the_collection(
    collection: "Page", images: Path, tmp_path: Path, browser_errors: list[str]
) -> None:
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as packed:
        packed.write(images / "rocket.jpg", "rocket.jpg")
    collection.locator(".collection-add").evaluate("details => { details.open = false }")
    address = collection.url
    drop(collection, images / "astronaut.jpg", images / "README.md", tmp_path / "photos.zip")
    expect(collection.locator(".tile")).to_have_count(2)
    expect(collection.locator("[data-upload-errors] li")).to_contain_text("README.md: This file isn’t a supported")
    expect(collection.locator("[data-upload-text]")).to_have_text("Some photos were not added:")
    assert (collection.url, Job.objects.count()) == (address, 2)
    paste(collection, images / "two_people.jpg")
    expect(collection.locator(".tile")).to_have_count(3)
    (tmp_path / "list.csv").write_text("address\nhttps://a.example/1.jpg\nhttps://a.example/2.jpg\n")
    drop(collection, tmp_path / "list.csv")
    expect(collection.locator(".tile")).to_have_count(5)
    assert browser_errors == []


def test_a_pasted_address_joins_the_list_of_addresses(collection: "Page") -> None:
    collection.fill("[name=addresses]", "https://a.example/1.jpg")
    collection.focus("h1 >> xpath=..")
    paste(collection, text="https://a.example/2.jpg")
    expect(collection.locator("[name=addresses]")).to_have_value("https://a.example/1.jpg\nhttps://a.example/2.jpg")
    expect(collection.locator("[name=addresses]")).to_be_focused()
    paste(collection, text="some text")
    expect(collection.locator("[data-upload-text]")).to_contain_text("no picture or address in the clipboard")


# --- a site that is busy, and cancelling -----------------------------------------------------------------------------


def test_a_busy_site_is_waited_for(collection: "Page", images: Path) -> None:
    left = [{"status": 429, "headers": {"Retry-After": "5"}}]

    def answer(route: "Route") -> None:
        route.fulfill(**left.pop()) if left else route.continue_()  # type: ignore[arg-type]

    collection.route("**/add", answer)
    add(collection, images / "rocket.jpg")
    expect(collection.locator("[data-upload-text]")).to_contain_text("The site is busy. Going on in")
    expect(collection.locator(".tile")).to_have_count(1)
    expect(collection.locator("[data-upload-text]")).to_have_text("All photos are added.")


def test_what_is_not_sent_yet_can_be_cancelled(collection: "Page", images: Path) -> None:
    held: list[Route] = []
    collection.route("**/add", lambda route: held.append(route))
    add(collection, images / "rocket.jpg", images / "astronaut.jpg")
    collection.click("[data-upload-cancel]")
    expect(collection.locator("[data-upload-text]")).to_have_text("Cancelled: 2 were not sent.")
    expect(collection.locator("[data-upload-cancel]")).to_be_hidden()
    for route in held:
        route.abort()
    collection.unroute("**/add")
    add(collection, images / "rocket.jpg")
    expect(collection.locator(".tile")).to_have_count(1)
