"""The atlas in a real browser: by mouse, by keyboard, on a phone, without script, and on paper."""

import re
from typing import TYPE_CHECKING, Literal

import pytest

from landmarks.core.schema import POINT_COUNT
from tests.browser.audit import SCREENS_AND_SCHEMES, flaws

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
A4 = (595, 842)


@pytest.fixture
def atlas(live_server: object) -> str:
    return f"{live_server}/atlas/"


def highlighted(page: "Page") -> set[str | None]:
    """Names of the highlighted points, wherever they are."""
    return {each.get_attribute("data-point") for each in page.locator(".is-highlighted").all()}


def detail_text(page: "Page") -> str:
    return page.locator(".detail:not([hidden]) .detail-text").inner_text()


def visible_rows(page: "Page") -> list[str | None]:
    return [row.get_attribute("id") for row in page.locator("tr[id]:visible").all()]


def test_a_point_and_its_row_highlight_each_other(atlas: str, page: "Page", browser_errors: list[str]) -> None:
    page.goto(atlas)
    page.locator(".figure").first.locator("[data-point=nose-5]").hover()
    assert highlighted(page) == {"nose-5"}
    assert page.locator("tr.is-highlighted").get_attribute("id") == "nose-5"
    assert detail_text(page) == "Nose 5: left wing, outermost"
    page.hover("#left_eye-2")
    assert highlighted(page) == {"left_eye-2"}
    assert page.locator(".atlas-point.is-highlighted").count() == 2  # in the drawing and enlarged
    page.hover("h1")
    assert highlighted(page) == set()
    assert browser_errors == []


def test_a_click_puts_the_point_into_the_address(atlas: str, page: "Page", browser_errors: list[str]) -> None:
    page.goto(f"{atlas}?region=mouth")
    page.locator(".figure").first.locator("[data-point=nose-5]").click()
    assert page.url.endswith("#nose-5")
    assert page.locator("#nose-5").is_visible()
    page.hover("h1")
    assert highlighted(page) == {"nose-5"}
    page.goto("about:blank")
    page.goto(f"{atlas}?q=brow#mouth-3")
    assert page.locator("#mouth-3").is_visible()
    assert highlighted(page) == {"mouth-3"}
    assert detail_text(page) == "Mouth 3: lower lip, bottom middle"
    assert browser_errors == []


def test_typing_filters_tables_and_drawing(atlas: str, page: "Page", browser_errors: list[str]) -> None:
    page.goto(atlas)
    page.locator("#q").press_sequentially("upper lip")
    assert visible_rows(page) == [f"mouth-{index}" for index in (*range(7, 12), *range(17, 22))]
    assert page.locator("[role=status]").inner_text() == f"10 of {POINT_COUNT} points"
    assert page.locator(".figure").first.locator(".atlas-point:not(.is-dimmed)").count() == 10
    assert page.url.endswith("?q=upper+lip")
    page.fill("#q", "elbow")
    assert visible_rows(page) == []
    assert "Try" in page.locator("[role=status]").inner_text()
    page.fill("#q", "")
    assert len(visible_rows(page)) == POINT_COUNT
    assert page.locator(".is-dimmed").count() == 0
    assert browser_errors == []


def test_script_and_server_find_the_same_points(atlas: str, page: "Page") -> None:
    for search in ("corner", "left 3", "Lower LID", "9"):
        page.goto(atlas)
        page.fill("#q", search)
        typed = visible_rows(page)
        page.reload()
        assert visible_rows(page) == typed != []


def test_a_region_applies_at_once_and_is_kept_in_the_address(
    atlas: str, page: "Page", browser_errors: list[str]
) -> None:
    page.goto(f"{atlas}?q=brow")
    page.click(".chips >> text=Nose")
    assert {name.split("-")[0] for name in visible_rows(page) if name} == {"nose"}
    assert page.locator(".detail:visible").get_attribute("data-detail") == "nose"
    assert page.locator(".chips [aria-current]").inner_text() == "Nose"
    assert page.input_value("#q") == ""
    assert page.url.endswith("?region=nose")
    page.click(".chips >> text=All")
    assert len(visible_rows(page)) == POINT_COUNT
    assert browser_errors == []


def test_drawing_and_tables_work_by_keyboard(atlas: str, page: "Page", browser_errors: list[str]) -> None:
    page.goto(atlas)
    page.focus("[data-print]")
    page.keyboard.press("Tab")  # the whole drawing is one stop
    assert highlighted(page) == {"face_profile-0"}
    for key, name in (("ArrowRight", "face_profile-1"), ("]", "left_eye-0"), ("ArrowUp", "face_profile-20")):
        page.keyboard.press(key)
        assert highlighted(page) == {name}
    for key, name in (("End", "right_pupil-0"), ("ArrowDown", "face_profile-0"), ("[", "right_pupil-0")):
        page.keyboard.press(key)
        assert highlighted(page) == {name}
    page.keyboard.press("Enter")
    assert page.url.endswith("#right_pupil-0")
    page.focus(".figure .atlas-point[tabindex='0']")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q"
    page.focus("[data-print]")
    page.keyboard.press("/")
    page.keyboard.type("chin bottom")
    page.keyboard.press("Enter")
    page.locator("tr[id]:visible a").focus()
    assert highlighted(page) == {"face_profile-10"}
    assert browser_errors == []


def test_everything_works_without_javascript(atlas: str, browser: "Browser") -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(atlas)
    assert len(visible_rows(page)) == POINT_COUNT
    assert page.locator("[data-print]").is_hidden()
    page.fill("#q", "upper lip")
    with page.expect_navigation():
        page.click("form button")
    assert len(visible_rows(page)) == 10
    with page.expect_navigation():
        page.click(".chips >> text=Nose")
    assert page.locator("section:visible").get_attribute("id") == "nose"
    page.goto(f"{atlas}?region=nose#mouth-3")
    assert page.locator("#mouth-3").is_visible()
    page.click("summary")
    assert page.locator("text=A mirrored selfie").is_visible()
    context.close()


def test_a_phone_shows_fewer_numbers_and_opens_the_other_schemes_on_a_tap(
    atlas: str, page: "Page", browser_errors: list[str]
) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(atlas)
    numbers = page.locator(".figure").first.locator("text[data-region]:visible")
    assert {number.get_attribute("data-region") for number in numbers.all()} == {"face_profile"}
    assert page.locator(".detail:visible text").count() == 22
    heads = page.locator("#mouth thead th:visible")
    assert heads.all_inner_texts() == ["No.", "Meaning", "478"]
    page.click(".more-schemes")
    assert heads.all_inner_texts() == ["No.", "Meaning", "68", "98", "106", "478"]
    assert page.evaluate("document.documentElement.scrollWidth") == 375
    assert browser_errors == []


@SCREENS_AND_SCHEMES
def test_the_audit_finds_nothing(
    atlas: str, page: "Page", size: tuple[int, int], scheme: Literal["light", "dark"], browser_errors: list[str]
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for query in ("?region=mouth", "?q=upper+lip", "#nose-3"):
        page.goto("about:blank")
        page.goto(atlas + query)
        page.click("summary")
        assert flaws(page) == []
    assert browser_errors == []


@pytest.mark.parametrize("query", ["", "?region=nose", "?q=upper+lip#mouth-3"])
def test_it_prints_on_one_page(atlas: str, page: "Page", query: str) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(atlas + query)
    paper = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    (box,) = re.findall(rb"/MediaBox\s*\[([^\]]*)\]", paper)
    assert tuple(round(float(side)) for side in box.split()[2:]) == A4
    page.emulate_media(media="print", color_scheme="dark")
    assert len(visible_rows(page)) == POINT_COUNT
    assert page.locator(".figure").first.locator("text[data-region]:visible").count() == POINT_COUNT
    for chrome in (".site-header", ".site-footer", ".chips", "form", "button"):
        assert page.locator(f"{chrome}:visible").count() == 0
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(250, 248, 244)"
