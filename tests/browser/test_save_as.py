"""The panel "Save as" on the page of a result: fetched when it is opened, one download at the end."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import submit

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SUMMARY = "[data-save] summary"


def open_panel(page: "Page", site: str, images: Path) -> None:
    page.goto(submit(page, site, images / "two_people.jpg"))
    page.click(SUMMARY)
    page.locator("[data-save-as]").wait_for()
    page.locator("[data-save-text]", has_text="Save PNG").wait_for()


def test_a_format_is_chosen_and_saved(site: str, page: "Page", images: Path, browser_errors: list[str]) -> None:
    open_panel(page, site, images)
    assert page.locator("[data-save-as] [name=scheme]:enabled").count() == 5
    page.locator("label", has_text="The answer as the API gives it").click()
    assert page.locator("[data-save-as] [name=scheme]:enabled").count() == 0
    page.locator("label", has_text="Detectron2").click()
    page.locator(".segments label", has_text="68").click()
    page.locator("[data-save-text]", has_text=re.compile(r"^Save COCO keypoints, ≈ [\d.]+ KB$")).wait_for()
    page.locator("[data-save-note]", has_text="68 points as in iBUG 300-W, dlib, worked out from the 90.").wait_for()
    with page.expect_download() as download:
        page.click("text=Save COCO keypoints")
    assert download.value.suggested_filename == "two_people-coco.json"
    file = json.loads(Path(download.value.path()).read_text())
    assert [len(face["keypoints"]) for face in file["annotations"]] == [68 * 3] * 2
    page.keyboard.press("Escape")
    assert page.locator(f"{SUMMARY}:focus").count() == 1
    page.reload()
    page.click(SUMMARY)
    page.locator("[data-save-text]", has_text="Save COCO keypoints").wait_for()
    assert page.locator("[data-save-as] [name=scheme]:checked").input_value() == "ibug68"
    assert browser_errors == []


def test_pictures_are_drawn_as_they_are_shown(site: str, page: "Page", images: Path) -> None:
    page.goto(submit(page, site, images / "two_people.jpg") + "?lines=0&regions=nose")
    page.click(SUMMARY)
    page.locator("[data-save-as]").wait_for()
    page.locator("label", has_text="Marks alone").click()
    with page.expect_download() as download:
        page.click("text=Save SVG")
    drawn = Path(download.value.path()).read_text()
    assert 'data-region="nose"' in drawn and 'data-region="mouth"' not in drawn
