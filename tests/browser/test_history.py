"""The history in a real browser: by mouse, by keys, on a phone and without script."""

import csv
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from django.conf import LazySettings
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.utils import timezone
from playwright.sync_api import expect

from landmarks.core.errors import EngineError
from landmarks.core.faces import Face
from landmarks.core.finding import Finding
from landmarks.models import Result
from landmarks.photos.photo import Photo
from landmarks.services import runs
from landmarks.storage import results
from tests.browser.audit import SCREENS_AND_SCHEMES, flaws, layout_flaws
from tests.rows import make_owner

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = "landmarks.web.presenters.history.PAGE_SIZE"
OWNER = "the-owner-of-this-browser"
NAMES = ["two_people.jpg", "rocket.jpg", "obama-240p.jpg", "astronaut.jpg"]
PHONE, DESKTOP = {"width": 375, "height": 812}, {"width": 1440, "height": 900}
Open = Callable[..., "Page"]


@cache
def analysed(path: Path) -> tuple[Photo, Finding]:
    return runs.analyze(path.read_bytes(), runs.run_options(), "local")


@pytest.fixture
def album(models_dir: Path, images: Path, settings: LazySettings, tmp_path: Path) -> None:
    """Four results, newest first in the order of NAMES, and one of yesterday that failed."""
    settings.MEDIA_ROOT = tmp_path / "media"
    now = timezone.now()
    for number, name in enumerate(NAMES):
        photo, finding = analysed(images / name)
        row = Result(name=name, engine="local", created=now - timedelta(seconds=number))
        row.note_finding(finding)
        keep(row, name, photo, finding.faces)
    failed = Result(name="old.jpg", engine="local", created=now - timedelta(days=1))
    failed.note_error(EngineError("hosted_token_unset"))
    keep(failed, NAMES[1], analysed(images / NAMES[1])[0], ())


def keep(row: Result, digest: str, photo: Photo, faces: tuple[Face, ...]) -> None:
    row.owner = make_owner(OWNER)
    row.photo = results.store_photo(row.owner, digest, photo)
    results.store_result(row, photo.image, faces)


def sign_in(context: "BrowserContext", site: str) -> None:
    session = SessionStore()
    session["owner"] = OWNER
    session.save()
    context.add_cookies([{"name": "facesite_session", "value": session.session_key or "", "url": site}])


@pytest.fixture
def history(page: "Page", site: str, album: None, browser_errors: list[str]) -> "Page":
    """The page on a desktop."""
    page.set_viewport_size(DESKTOP)
    sign_in(page.context, site)
    page.goto(f"{site}/results/")
    return page


def names(page: "Page") -> list[str]:
    return page.locator(".result-card-name").all_inner_texts()


def selected(page: "Page") -> list[str]:
    return page.locator("li:has(:checked) .result-card-name").all_inner_texts()


def press(page: "Page", *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


# --- selecting -------------------------------------------------------------------------------------------------------


def test_a_click_selects_and_shift_selects_a_range(history: "Page", browser_errors: list[str]) -> None:
    assert names(history) == [*NAMES, "old.jpg"]
    assert not history.locator(".selection").is_visible()
    history.locator(".tick").nth(1).click()
    history.locator(".tick").nth(3).click(modifiers=["Shift"])
    assert selected(history) == NAMES[1:4]
    assert history.locator(".selection-count").inner_text() == "3 selected"
    history.locator(".tick").nth(2).click()
    assert selected(history) == [NAMES[1], NAMES[3]]
    history.click(".selection [type=reset]")
    assert selected(history) == []
    assert not history.locator(".selection").is_visible()
    assert browser_errors == []


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_checkbox_can_be_clicked_around_its_circle(history: "Page", size: dict[str, int]) -> None:
    history.set_viewport_size(size)  # type: ignore[arg-type]
    box = history.locator(".tick").first.bounding_box()
    assert box and (box["width"], box["height"]) == (44, 44)
    history.mouse.click(box["x"] + 2, box["y"] + 42)
    assert selected(history) == NAMES[:1]


def test_keys_move_select_delete_and_undo(history: "Page", browser_errors: list[str]) -> None:
    press(history, "j", "j", "k")
    assert history.locator(".result-card:focus .result-card-name").inner_text() == NAMES[0]
    press(history, "j", "x", "j", "j", "Shift+X")
    assert selected(history) == NAMES[1:4]
    press(history, "Delete")
    history.wait_for_selector(".toast")
    assert names(history) == [NAMES[0], "old.jpg"]
    assert "3 results deleted." in history.locator(".toast").inner_text()
    assert history.locator(".toast button:focus").count() == 1
    press(history, "Enter")
    history.wait_for_selector("text=3 results restored.")
    assert names(history) == [*NAMES, "old.jpg"]
    assert browser_errors == []


def test_delete_without_a_selection_deletes_the_focused_result(history: "Page") -> None:
    press(history, "k", "Delete")
    history.wait_for_selector(".toast")
    assert names(history) == NAMES


def test_keys_open_a_result_and_the_list_of_keys(history: "Page", browser_errors: list[str]) -> None:
    press(history, "?")
    expect(history.locator("dialog")).to_be_visible()
    press(history, "x", "Escape", "x", "Delete")
    assert not history.locator("dialog").is_visible()
    assert (names(history), selected(history)) == ([*NAMES, "old.jpg"], [])
    history.click("[data-shortcuts]")
    history.click("dialog >> text=Close")
    press(history, "j", "Enter")
    history.wait_for_url("**/results/*-*/")
    assert browser_errors == []


def test_a_phone_does_not_mention_keys(history: "Page") -> None:
    assert history.locator("[data-shortcuts]").is_visible()
    history.set_viewport_size({"width": 375, "height": 800})
    assert not history.locator("[data-shortcuts]").is_visible()
    press(history, "?")
    expect(history.locator("dialog")).to_be_visible()


def test_keys_are_letters_while_typing(history: "Page") -> None:
    press(history, "/")
    history.keyboard.type("jx?/")
    press(history, "Delete")
    assert history.locator("#filter-words").input_value() == "jx?/"
    assert selected(history) == []


def test_keys_select_the_page_then_all_and_clear(
    history: "Page", monkeypatch: pytest.MonkeyPatch, browser_errors: list[str]
) -> None:
    monkeypatch.setattr(PAGES, 2)
    history.reload()
    bar = history.locator("[data-select-bar]")
    press(history, "Control+a")
    assert (selected(history), bar.inner_text().split("\n")[0]) == (NAMES[:2], "2 on this page selected")
    press(history, "Control+a")
    assert "All 5 are selected" in bar.inner_text() and "Only this page" in bar.inner_text()
    assert history.locator(".selection-count").inner_text() == "All 5 selected"
    press(history, "Escape")
    assert (selected(history), bar.locator(":checked").count()) == ([], 0)
    assert browser_errors == []


def test_all_are_deleted_after_one_question_and_undone(
    history: "Page", monkeypatch: pytest.MonkeyPatch, browser_errors: list[str]
) -> None:
    monkeypatch.setattr(PAGES, 2)
    monkeypatch.setattr("landmarks.web.views.bulk.PAGE_SIZE", 2)
    history.reload()
    press(history, "Control+a", "Control+a", "Delete")
    button = history.locator("[data-deletion] button")
    expect(button).to_have_text("Delete 5 results")
    assert flaws(history) == []
    button.click()
    history.wait_for_selector("text=Nothing here yet")
    history.click("text=Undo")
    history.wait_for_selector("text=5 results restored.")
    assert browser_errors == []


def test_two_to_six_selected_results_are_compared(history: "Page", browser_errors: list[str]) -> None:
    button, ticks = history.locator("[data-compare]"), history.locator(".tick")
    ticks.nth(0).click()
    expect(button).to_be_disabled()
    expect(button).to_contain_text("2 to 6")
    ticks.nth(1).click()
    expect(button).to_be_enabled()
    expect(button.locator("small")).to_be_hidden()
    assert browser_errors == []


# --- undoing ---------------------------------------------------------------------------------------------------------


def test_the_undo_notice_counts_down_and_disappears(history: "Page", browser_errors: list[str]) -> None:
    history.clock.install(time=0)
    history.clock.pause_at(1000)
    history.locator(".tick").first.click()
    history.click("[data-delete]")
    history.wait_for_selector(".toast")
    assert history.locator("[data-remaining]").inner_text() == "10 s"
    history.clock.run_for(4000)
    assert history.locator("[data-remaining]").inner_text() == "6 s"
    history.clock.run_for(7000)
    assert history.locator(".toast").count() == 0
    assert history.locator("main:focus").count() == 1
    assert browser_errors == []


def test_the_last_deletion_can_be_undone_from_the_empty_history(history: "Page", browser_errors: list[str]) -> None:
    history.locator(".tick").first.click()
    history.locator(".tick").last.click(modifiers=["Shift"])
    history.click("[data-delete]")
    history.wait_for_selector("text=Nothing here yet")
    history.click("text=Undo")
    history.wait_for_selector("text=5 results restored.")
    assert browser_errors == []


# --- filters ---------------------------------------------------------------------------------------------------------


def test_a_filter_applies_at_once_and_is_kept(history: "Page", browser_errors: list[str]) -> None:
    history.select_option("#filter-state", "found")
    history.wait_for_url("**/results/?state=found")
    assert names(history) == [NAMES[0], NAMES[2], NAMES[3]]
    assert history.locator("#filter-state:focus").count() == 1
    history.fill("#filter-words", "JPG")
    press(history, "Enter")
    history.wait_for_url("**/results/?words=JPG&state=found")
    history.click(f"text={NAMES[2]}")
    expect(history.locator("h1")).to_have_text(NAMES[2])
    history.click("a[rel=next]")
    expect(history.locator("h1")).to_have_text(NAMES[3])
    history.locator(".stage [display]").first.wait_for(state="attached")
    assert history.url.endswith("/?words=JPG&state=found")
    assert history.locator("a[rel=next]").count() == 0
    assert browser_errors == []


def test_days_are_chosen_by_keyboard(history: "Page", browser_errors: list[str]) -> None:
    history.focus(".filters-days summary")
    press(history, "Enter", "Tab")
    yesterday = timezone.localdate() - timedelta(days=1)
    history.locator("input[name=until]").fill(f"{yesterday}")
    press(history, "Enter")
    history.wait_for_url(f"**/results/?until={yesterday}")
    assert names(history) == ["old.jpg"]
    history.click(".filters-clear")
    assert len(names(history)) == 5
    assert browser_errors == []


def test_filters_of_faces_are_set_together(history: "Page", browser_errors: list[str]) -> None:
    history.click(".filters-faces summary")
    history.check("text=Head turned")
    history.fill("input[name=smaller_than]", "1000")
    press(history, "Enter")
    history.wait_for_url("**/results/?has_turned=1&smaller_than=1000")
    assert names(history) == []
    assert history.locator(".filters-faces summary").inner_text() == "Turned, Below 1000 px"
    history.click(".filters-faces summary")
    history.uncheck("text=Head turned")
    history.click(".filters-faces >> text=Show these")
    history.wait_for_url("**/results/?smaller_than=1000")
    assert names(history) == [NAMES[0], NAMES[2], NAMES[3]]
    assert browser_errors == []


@pytest.mark.parametrize("width", [320, 375, 768, 1440])
def test_the_filters_of_faces_open_within_the_window(history: "Page", width: int) -> None:
    history.set_viewport_size({"width": width, "height": 800})
    history.click(".filters-faces summary")
    box = history.locator(".filters-faces .drawer-panel").bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= width
    assert layout_flaws(history) == []


def test_a_search_without_matches_leads_back(history: "Page") -> None:
    history.fill("#filter-words", "giraffe")
    press(history, "Enter")
    history.click("text=Clear the filters")
    assert len(names(history)) == 5


# --- taking away -----------------------------------------------------------------------------------------------------


def test_several_results_are_one_download(history: "Page", browser_errors: list[str]) -> None:
    history.locator(".tick").nth(0).click()
    history.locator(".tick").nth(3).click()
    history.click("text=Export")
    history.locator("label", has_text="One row for each point").click()
    with history.expect_download() as download:
        history.click("text=Save CSV")
    assert download.value.suggested_filename == "facesite-2-results.csv"
    rows = list(csv.DictReader(Path(download.value.path()).read_text().splitlines()))
    assert {row["source"] for row in rows} == {NAMES[0], NAMES[3]}
    assert len(rows) == 3 * 90
    assert browser_errors == []


# --- sizes, themes, zones --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "columns"), [(320, 2), (375, 2), (768, 3), (1440, 5)])
def test_nothing_is_wider_than_the_screen(history: "Page", width: int, columns: int) -> None:
    history.set_viewport_size({"width": width, "height": 800})
    history.locator(".tick").first.click()
    assert history.evaluate("document.documentElement.scrollWidth") == width
    for part in (".selection", ".filters"):
        box = history.locator(part).bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= width
    tops = [card.bounding_box() for card in history.locator(".day").first.locator("li").all()]
    assert len([box for box in tops if box and box["y"] == tops[0]["y"]]) == min(columns, 4)  # type: ignore[index]


def test_a_phone_selects_deletes_and_undoes_by_touch(site: str, browser: "Browser", album: None) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)  # type: ignore[arg-type]
    sign_in(context, site)
    page = context.new_page()
    page.goto(f"{site}/results/")
    for number in range(2):
        page.locator(".tick").nth(number).tap()
    page.locator("[data-delete]").tap()
    page.locator(".toast button").tap()
    page.wait_for_selector("text=2 results restored.")
    context.close()


@SCREENS_AND_SCHEMES
def test_no_state_of_the_page_has_a_flaw(
    history: "Page", site: str, size: tuple[int, int], scheme: Literal["light", "dark"]
) -> None:
    history.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    history.set_viewport_size({"width": size[0], "height": size[1]})

    def check(state: str) -> None:
        assert flaws(history) == [], state

    check("as loaded")
    history.click(".filters-days summary")
    check("days")
    press(history, "Escape")
    history.click(".filters-faces summary")
    check("filters of faces")
    press(history, "Escape", "?")
    history.wait_for_selector("#shortcuts")
    check("sheet")
    press(history, "Escape")
    history.locator(".tick").first.click()
    check("selected")
    history.click("[data-delete]")
    history.wait_for_selector(".toast")
    history.locator(".tick").first.click()
    check("undo notice")
    history.locator(".tick").last.click(modifiers=["Shift"])
    history.click("[data-delete]")
    history.wait_for_selector("text=Nothing here yet")
    check("empty")
    history.goto(f"{site}/results/?words=giraffe&state=failed")
    check("nothing found")
    history.goto(f"{site}/results/?since=2026-03-02&until=2026-03-01")
    check("refused")


def test_times_are_those_of_the_browser(site: str, browser: "Browser", album: None) -> None:
    context = browser.new_context(timezone_id="Asia/Kolkata")
    sign_in(context, site)
    page = context.new_page()
    page.goto(f"{site}/results/")
    page.locator("[data-zone]").wait_for(state="detached")
    first = page.locator(".day time").first
    moment = Result.objects.newest_first()[0].created + timedelta(hours=5, minutes=30)
    assert first.inner_text() == f"{moment:%H:%M}"
    page.reload()
    assert first.inner_text() == f"{moment:%H:%M}"
    context.close()


# --- without script --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_everything_works_without_javascript(site: str, browser: "Browser", album: None, size: dict[str, int]) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=size)  # type: ignore[arg-type]
    sign_in(context, site)
    page = context.new_page()
    page.goto(f"{site}/results/")
    assert page.locator("text=Times in UTC").is_visible()
    page.select_option("#filter-state", "found")
    page.click(".filters-go")
    assert names(page) == [NAMES[0], NAMES[2], NAMES[3]]
    page.locator(".tick").nth(0).check()
    page.locator(".tick").nth(1).check()
    page.click("text=Export")
    page.locator("[value=json]").check()
    with page.expect_download() as download:
        page.locator("button", has_text="Save").click()
    assert download.value.suggested_filename == "facesite-2-results.json"
    page.goto(f"{site}/results/?state=found")
    page.locator(".tick").nth(0).check()
    page.locator(".tick").nth(1).check()
    page.locator("[data-delete]").click()
    assert names(page) == [NAMES[3]]
    assert page.locator(".toast").inner_text().split("\n")[0] == "2 results deleted."
    assert page.locator(".toast button:focus").count() == 1
    page.keyboard.press("Enter")
    page.wait_for_selector("text=2 results restored.")
    assert names(page) == [NAMES[0], NAMES[2], NAMES[3]]
    context.close()


def test_enter_in_a_checkbox_does_nothing(history: "Page") -> None:
    address = history.url
    history.locator(".tick").first.focus()
    press(history, "Space", "Enter")
    assert selected(history) == NAMES[:1]
    assert history.url == address
    assert history.locator(".toast, .message").count() == 0
