"""The panel of measures beside the photo, its keys, and the page without scripts."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from landmarks.core.measures import MEASURES
from landmarks.models import Face
from tests.browser.audit import axe_findings, layout_flaws
from tests.browser.conftest import Open, becomes_true, submit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROWS = "[data-measure]"


@pytest.fixture(autouse=True)
def calm(page: "Page") -> None:
    page.emulate_media(reduced_motion="reduce")


@pytest.fixture
def with_irises(open_result: Open, page: "Page") -> Open:
    """As if the irises were large enough to measure in millimetres."""

    def open_with_irises(photo: str | Path = "two_people.jpg", query: str = "") -> None:
        open_result(photo, query)
        Face.objects.update(irises=[14.0, 14.0])

    return open_with_irises


def press(page: "Page", *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_the_key_opens_the_panel_and_escape_closes_it(
    page: "Page", open_result: Open, browser_errors: list[str]
) -> None:
    open_result()
    press(page, "m")
    expect(page.locator(ROWS)).to_have_count(len(MEASURES))
    expect(page.locator(".close-up")).to_be_hidden()
    expect(page.get_by_role("link", name="Measures")).to_have_attribute("aria-current", "true")
    assert becomes_true(page, "document.querySelector('.stage.is-zoomed') !== null")
    press(page, "Escape")
    expect(page.locator(".close-up")).to_be_visible()
    expect(page.locator(".measures")).to_be_hidden()
    expect(page.locator(".stage .measured")).to_have_count(0)
    assert browser_errors == []


def test_arrows_walk_the_rows_and_draw_what_they_measure(page: "Page", open_result: Open) -> None:
    open_result()
    press(page, "m")
    first = page.get_by_role("row", name="Palpebral fissure height: left")
    expect(first).to_be_focused()
    expect(page.locator(".measured circle")).to_have_count(8)  # four points, each on a dark ring
    press(page, "ArrowDown")
    expect(page.get_by_role("row", name="Palpebral fissure width: left")).to_be_focused()
    press(page, "End")
    expect(page.locator(".is-active")).to_have_attribute("data-measure", "middle_fifth")
    expect(page.locator(".measured text")).to_have_count(1)
    press(page, "Home", "ArrowUp")
    expect(first).to_be_focused()
    expect(page.locator("[data-shown-definition]")).to_contain_text("From the middle of the upper lid")


def test_the_values_stand_beside_the_face_and_within_the_photo(page: "Page", open_result: Open) -> None:
    open_result()
    press(page, "m")
    expect(page.locator(".measured text")).to_have_count(2)
    stage = page.locator(".stage").bounding_box()
    assert stage
    for chip in page.locator(".measured rect").all():
        box = chip.bounding_box()
        assert box
        assert box["height"] == pytest.approx(26, abs=1)
        assert stage["x"] <= box["x"] <= stage["x"] + stage["width"] - box["width"]
    values = page.locator(f"{ROWS} >> nth=0").locator("td").all_inner_texts()
    shown = page.locator(".measured text").all_text_contents()
    assert [f"{value.split()[0]} px" for value in values[:2]] == shown


def test_a_row_under_the_pointer_is_drawn(page: "Page", open_result: Open) -> None:
    open_result()
    page.get_by_role("link", name="Measures").click()
    page.locator("[data-measure=mouth_width] td").first.hover()
    expect(page.locator(".is-active")).to_have_attribute("data-measure", "mouth_width")
    expect(page.locator(".measured circle")).to_have_count(4)


def test_the_unit_is_changed_by_key_and_remembered(page: "Page", with_irises: Open) -> None:
    with_irises()
    press(page, "m")
    chosen = page.locator("[name=unit]:checked")
    expect(chosen).to_have_value("px")
    for unit in ("eye_percent", "mm"):
        press(page, "u")
        expect(chosen).to_have_value(unit)
    expect(page.locator(".measured text").first).to_contain_text("mm")
    expect(page.get_by_role("row", name="Palpebral fissure height: left")).to_be_focused()
    page.reload()  # the panel is open as the address says
    expect(chosen).to_have_value("mm")


def test_without_millimetres_the_choice_is_disabled(page: "Page", open_result: Open) -> None:
    open_result("astronaut.jpg")
    press(page, "m")
    expect(page.locator("[name=unit][value=mm]")).to_be_disabled()
    press(page, "u", "u")
    expect(page.locator("[name=unit]:checked")).to_have_value("px")


def test_another_face_has_its_own_measures(page: "Page", open_result: Open) -> None:
    open_result()
    press(page, "m")
    before = page.locator("[data-measure=mouth_width] .whole").inner_text()
    press(page, "f")
    expect(page.locator("caption", has_text="Measures of face 2")).to_be_attached()
    expect(page.locator("[data-measure=mouth_width] .whole")).not_to_have_text(before)
    expect(page.locator(".measured circle")).to_have_count(8)


@pytest.mark.parametrize("width", [375, 768, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_panel_has_no_flaw(page: "Page", with_irises: Open, width: int, scheme: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    with_irises()
    press(page, "m")
    expect(page.locator(ROWS).first).to_be_visible()
    assert axe_findings(page) == []
    assert layout_flaws(page) == []


def test_the_page_works_without_scripts(browser: "Browser", site: str, images: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(submit(page, site, images / "two_people.jpg"))
    page.get_by_role("link", name="Measures").click()
    expect(page.locator(ROWS)).to_have_count(len(MEASURES))
    page.get_by_text("% eye distance").click()
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("[data-measure=outer_canthal_distance] .whole")).to_contain_text("100.0")
    page.get_by_role("link", name="2", exact=False).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Measures of face 2")
    page.get_by_role("link", name="Back to the photo").click()
    expect(page.locator("[aria-current=true]", has_text="Face 2")).to_be_visible()
    context.close()
