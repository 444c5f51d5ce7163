"""A result with many faces: the grid, the numbers in the photo, what it weighs."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from playwright.sync_api import expect

from landmarks.models import Face
from tests.browser.audit import overlaps
from tests.browser.conftest import Open, compressed_size, submit

if TYPE_CHECKING:
    from playwright.sync_api import Page, Response

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CROWD = "../../static/samples/solvay1927.jpg"


@pytest.fixture(autouse=True)
def calm(page: "Page") -> None:
    page.emulate_media(reduced_motion="reduce")


@pytest.fixture
def hundred(images: Path, tmp_path: Path) -> Path:
    """Ten by ten copies of one portrait."""
    path, sheet = tmp_path / "hundred.jpg", Image.new("RGB", (1600, 1600))
    with Image.open(images / "astronaut.jpg") as photo:
        tile = photo.resize((160, 160))
    for index in range(100):
        sheet.paste(tile, (index % 10 * 160, index // 10 * 160))
    sheet.save(path, quality=90)
    return path


def chosen(page: "Page") -> str:
    return page.locator(".cell[aria-current]").inner_text().split()[-1]


def boxes(page: "Page", selector: str) -> list[dict[str, float]]:
    found = [one.bounding_box() for one in page.locator(selector).all()]
    return [dict(box) for box in found if box]


def test_every_face_has_a_cell_and_most_a_number_in_the_photo(page: "Page", open_result: Open) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    open_result(CROWD)
    expect(page.locator(".crowd h2")).to_have_text("29 faces")
    expect(page.locator(".cell")).to_have_count(29)
    assert 25 <= page.locator(".stage .tag:visible").count() <= 29


@pytest.mark.parametrize("width", [768, 1440])
def test_numbers_cover_no_face_and_no_other_number(page: "Page", open_result: Open, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    open_result(CROWD, "?lines=1&points=1")
    tags = boxes(page, ".stage .tag[data-anchor]:visible")
    faces = boxes(page, ".stage .face .lines [data-region=mouth]")
    assert tags
    for tag in tags:
        for other in [*faces, *(one for one in tags if one is not tag)]:
            assert (
                tag["x"] + tag["width"] <= other["x"] + 0.5
                or other["x"] + other["width"] <= tag["x"] + 0.5
                or tag["y"] + tag["height"] <= other["y"] + 0.5
                or other["y"] + other["height"] <= tag["y"] + 0.5
            )


def test_faces_are_stepped_through_by_buttons_and_keys(
    page: "Page", open_result: Open, browser_errors: list[str]
) -> None:
    open_result(CROWD)
    page.click(".crowd [data-face-step='-1']")
    assert chosen(page) == "29"
    expect(page.locator(".crowd [data-face-position]")).to_have_text("29 of 29")
    page.click(".crowd [data-face-step='1']")
    page.keyboard.press("f")
    assert chosen(page) == "2"
    page.locator(".cell >> nth=1").focus()
    for key, number in (("ArrowDown", "8"), ("ArrowRight", "9"), ("ArrowUp", "3"), ("End", "29"), ("Home", "1")):
        page.keyboard.press(key)
        assert page.locator(".cell:focus").inner_text().split()[-1] == number
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert chosen(page) == "3"
    assert page.url.endswith("?face=3")
    assert browser_errors == []


def test_a_cell_that_is_pointed_at_frames_its_face(page: "Page", open_result: Open) -> None:
    open_result(CROWD)
    page.hover(".cell >> nth=6")
    hint, face = (
        page.locator(".stage .hint").bounding_box(),
        page.locator(".stage [data-face='7'] .lines").bounding_box(),
    )
    assert hint and face
    assert hint["x"] < face["x"] and hint["x"] + hint["width"] > face["x"] + face["width"]
    page.mouse.move(5, 5)
    expect(page.locator(".stage .hint")).to_have_count(0)


def test_of_a_hundred_faces_the_last_cell_opens_the_rest(site: str, page: "Page", hundred: Path) -> None:
    page.goto(submit(page, site, hundred))
    expect(page.locator(".cell:visible")).to_have_count(29)
    expect(page.locator("[data-more-faces]")).to_contain_text("+71")
    page.click("[data-more-faces]")
    expect(page.locator(".cell:visible")).to_have_count(100)
    expect(page.locator(".cell:focus")).to_contain_text("30")
    page.reload()
    page.click(".crowd [data-face-step='-1']")
    expect(page.locator(".cell[aria-current]")).to_be_in_viewport()
    assert chosen(page) == "100"


def test_a_hundred_faces_stay_within_their_budget(site: str, page: "Page", hundred: Path) -> None:
    page.goto(submit(page, site, hundred))
    expect(page.locator(".stage [data-face]")).to_have_count(100)
    texts: list[Response] = []
    kinds = ("document", "stylesheet", "script")
    page.on("response", lambda answer: texts.append(answer) if answer.request.resource_type in kinds else None)
    page.reload(wait_until="networkidle")
    sizes = {answer.url: compressed_size(answer) for answer in texts}
    assert sum(sizes.values()) <= 100 * 1024, sizes


def test_guessed_points_are_hidden_at_once_and_kept_in_the_address(
    page: "Page", open_result: Open, browser_errors: list[str]
) -> None:
    open_result("astronaut.jpg")
    Face.objects.update(uncertainty=[0.2] * 21 + [0.01] * 69)
    page.reload()
    contour = page.locator(".close-up use[href='#guess-face_profile']")
    expect(contour.first).to_be_visible()
    page.click("[data-guessed]")
    expect(page.locator("[data-guessed]")).to_have_text("Show them")
    expect(page.locator(".close-up [data-region=face_profile] use:visible")).to_have_count(0)
    assert page.url.endswith("?guessed=0")
    page.reload()
    expect(page.locator(".close-up [data-region=face_profile] use:visible")).to_have_count(0)
    page.click("[data-guessed]")
    expect(contour.first).to_be_visible()
    assert browser_errors == []


@pytest.mark.parametrize("photo", ["astronaut.jpg", CROWD])
def test_a_printed_result_is_one_page(page: "Page", open_result: Open, photo: str) -> None:
    open_result(photo)
    page.emulate_media(media="print")
    printed = page.pdf(format="A4", print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


@pytest.mark.parametrize("width", [375, 1440])
def test_text_of_twice_the_size_neither_overlaps_nor_scrolls_sideways(
    page: "Page", open_result: Open, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    session = page.context.new_cdp_session(page)
    session.send("Page.enable")
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    open_result(CROWD)
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert overlaps(page, ".toggle, .slider, .slider select, .zooms .button") == []
