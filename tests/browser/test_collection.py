"""The page of a collection in a browser: photos are sent one by one, and the page follows what becomes of them."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from landmarks.models import Job
from landmarks.services import jobs
from landmarks.storage import jobs as job_rows

if TYPE_CHECKING:
    from playwright.sync_api import Page

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
    expect(collection.locator(".collection-sum strong")).to_have_text("2 of 2")
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
    expect(collection.locator("[data-upload-errors] li")).to_contain_text("notes.jpg: This file isn't a supported")
    expect(collection.locator(".tile")).to_have_count(1)
    assert Job.objects.get().name == "rocket.jpg"
