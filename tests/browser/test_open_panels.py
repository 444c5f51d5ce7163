"""Whatever opens or appears over a page, beside what the tests of that page open: the audit finds nothing."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from landmarks.models import Collection, Job, Result
from tests.browser.album import PAGES, press
from tests.browser.audit import SCREENS_AND_SCHEMES, flaws, overlaps
from tests.browser.conftest import open_full_screen, open_style, submit
from tests.browser.test_submit_sources import carried

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), SCREENS_AND_SCHEMES]
CROWD = Path("../../static/samples/solvay1927.jpg")


@pytest.fixture
def page(page: "Page", scheme: Literal["light", "dark"]) -> "Page":
    # What fades in would be measured half faded.
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    return page


def set_size(page: "Page", size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})


def test_selecting_and_deleting_all(history: "Page", size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PAGES, 2)
    monkeypatch.setattr("landmarks.web.views.bulk.PAGE_SIZE", 2)
    set_size(history, size)
    history.reload()
    press(history, "Control+a")
    assert flaws(history) == [], "the page"
    press(history, "Control+a")
    assert flaws(history) == [], "all"
    press(history, "Delete")
    history.locator("[data-deletion] button").wait_for()
    assert flaws(history) == [], "the question"
    history.click("[data-deletion] button")
    history.wait_for_selector(".toast")
    assert flaws(history) == [], "undoing, on the empty history"


def test_a_selection_saved_or_compared(history: "Page", size: tuple[int, int]) -> None:
    set_size(history, size)
    for number in (0, 2, 3):
        history.locator(".tick").nth(number).click()
    history.click(".selection >> text=Export")
    history.wait_for_selector("[data-save-as]")
    assert flaws(history) == [], "save as"
    history.go_back()
    for number in (0, 2, 3):
        history.locator(".tick").nth(number).check()
    history.click("[data-compare]")
    history.wait_for_selector(".side-by-side")
    assert flaws(history) == [], "side by side"


def test_photos_dragged_over_a_page_and_refused(history: "Page", size: tuple[int, int], images: Path) -> None:
    set_size(history, size)
    history.dispatch_event("main", "dragover", {"dataTransfer": carried(history, images / "rocket.jpg")})
    assert flaws(history) == [], "the overlay"
    history.dispatch_event("main", "drop", {"dataTransfer": carried(history, images / "README.md")})
    history.get_by_role("alert").wait_for()
    assert flaws(history) == [], "the reason"


def test_a_crowd_with_all_faces_measures_and_full_screen(
    site: str, page: "Page", size: tuple[int, int], images: Path
) -> None:
    set_size(page, size)
    page.goto(submit(page, site, images / CROWD))
    page.locator(".stage [display]").first.wait_for(state="attached")
    page.locator("[data-more-faces], .cell >> nth=-1").first.click()
    found = {"all faces": flaws(page)}
    page.keyboard.press("m")
    page.locator("[data-measure]").first.wait_for()
    found["measures"] = flaws(page)
    page.keyboard.press("Escape")
    # The photo is zoomed to the face since, so the bar has one more button.
    open_full_screen(page)
    assert overlaps(page, ".viewer :is(.toggle, summary, .zooms .button)") == []
    open_style(page)
    found["full screen"] = flaws(page)
    assert not any(found.values()), found


def test_a_collection_in_all_states(history: "Page", site: str, size: tuple[int, int]) -> None:
    set_size(history, size)
    results = Result.objects.filter(engine="local").order_by("created")
    counts = {"total": 6, "done": 1, "none": 1, "failed": 2, "cancelled": 1}
    collection = Collection.objects.create(owner=results[0].owner, name="Spring", engine="local", **counts)
    lost = {"error_code": "engine_away", "error_message": "The engine is away. Try again later."}
    for name, facts in {
        "done.jpg": {"status": "done", "result": results[4], "has_faces": True},
        "none.jpg": {"status": "done", "result": results[2], "has_faces": False},
        "failed.jpg": {"status": "failed", "result": results[0], **lost},
        "lost.jpg": {"status": "failed", **lost},
        "queued.jpg": {"status": "queued"},
        "cancelled.jpg": {"status": "cancelled"},
    }.items():
        collected = {"collection": collection, "owner": collection.owner, "name": name, "engine": "local"}
        Job.objects.create(**collected, **facts, face_model_version="3.0")
    history.goto(f"{site}/collections/{collection.pk}/")
    assert history.locator(".tile").count() == 6
    assert flaws(history) == [], "as it comes"
    history.click(".collection-add summary")
    history.click("button:text-is('Add')")
    assert flaws(history) == [], "adding"


def test_measures_of_a_selection(history: "Page", site: str, size: tuple[int, int]) -> None:
    set_size(history, size)
    history.goto(f"{site}/results/measures/")
    history.click(".figure summary")
    assert flaws(history) == []
