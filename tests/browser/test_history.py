"""The history in a real browser: by mouse, by keys, on a phone and without script."""

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.album import DESKTOP, NAMES, PAGES, PHONE, names, press, selected
from tests.browser.audit import flaws

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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


def test_enter_in_a_checkbox_does_nothing(history: "Page") -> None:
    address = history.url
    history.locator(".tick").first.focus()
    press(history, "Space", "Enter")
    assert selected(history) == NAMES[:1]
    assert history.url == address
    assert history.locator(".toast, .message").count() == 0
