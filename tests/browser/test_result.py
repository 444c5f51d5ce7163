"""The result's page in a real browser: the overlay's size, choices shown at once, drawers."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from PIL import Image

from landmarks.drawing.style import Style
from landmarks.drawing.svg import draw_svg
from landmarks.models import Result
from landmarks.web.presenters.viewer import view_of
from landmarks.web.presenters.viewer_data import READABLE_FROM
from tests.browser.audit import overlaps
from tests.browser.conftest import open_style, submit

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HEAD = (200, 30, 420, 230)
"""The left one of the two people."""


@pytest.fixture
def head(images: Path, tmp_path: Path) -> Path:
    """A photo that a face fills, so that its numbers are written."""
    path = tmp_path / "head.png"
    with Image.open(images / "two_people.jpg") as photo:
        photo.crop(HEAD).save(path)
    return path


def open_result(site: str, page: "Page", photo: Path, query: str = "") -> None:
    page.goto(submit(page, site, photo) + query)


def sizes(overlay: ElementTree.Element) -> Iterator[tuple[str, float]]:
    """Everything that is drawn, by name and size, in the order of drawing."""
    for element in overlay.iter():
        if element.tag == "use":
            transform = re.search(r"scale\(([\d.]+)", element.get("transform", ""))
            assert transform
            yield element.get("href", ""), float(transform[1])
        elif width := element.get("stroke-width"):
            yield element.get("class", element.tag), float(width)


def letters(overlay: ElementTree.Element, kind: str) -> list[float]:
    """Heights of letters in pixels of the photo, those of numbers or of tags."""
    found = []
    for group in overlay.iterfind(f".//g[@class='{kind}']"):
        own = float(next(item.get("font-size", "") for item in group.iter() if item.get("font-size")))
        scale = next((item.get("transform", "") for item in group.iter() if item.get("transform")), "scale(1)")
        found.append(own * float(scale.partition("scale(")[2].rstrip(")").partition(" ")[0]))
    return found


def seen(page: "Page", query: Style) -> tuple[ElementTree.Element, ElementTree.Element]:
    """The overlay as the script left it, and as the server draws it for a photo of that size on the page."""
    result = Result.objects.get()
    width, height = result.photo.width, result.photo.height
    box = page.locator(".stage svg").bounding_box()
    assert box
    scale = min(box["width"] / width, box["height"] / height)
    shown = page.locator(".stage svg").evaluate("overlay => new XMLSerializer().serializeToString(overlay)")
    shown = shown.replace(' xmlns="http://www.w3.org/2000/svg"', "")
    drawn = draw_svg(width, height, result.found_faces(), query, scale=scale)
    overlays = ElementTree.fromstring(shown), ElementTree.fromstring(drawn)  # noqa: S314 - our own text
    remove(overlays[0], "*[@display='none']")
    return overlays


def remove(overlay: ElementTree.Element, what: str) -> None:
    for parent in list(overlay.iter()):
        for child in parent.findall(what):
            parent.remove(child)


@pytest.mark.parametrize(("width", "size"), [(320, 2.0), (375, 1.0), (768, 0.5), (1440, 1.0)])
def test_the_overlay_is_as_large_as_the_server_would_draw_it(
    site: str, page: "Page", images: Path, width: int, size: float
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    open_result(site, page, images / "two_people.jpg", f"?size={size}")
    page.locator(".stage [display]").first.wait_for(state="attached")
    shown, drawn = seen(page, Style(size=size))
    if not drawn.findall(".//g[@class='frame']/path"):  # On a phone faces keep the corners that they have elsewhere.
        for frame in shown.findall(".//g[@class='frame']"):
            remove(frame, "path")
    for (name, length), (expected_name, expected) in zip(sizes(shown), sizes(drawn), strict=True):
        assert (name, length) == (expected_name, pytest.approx(expected, abs=0.02))
    assert letters(shown, "tag") == pytest.approx(letters(drawn, "tag"), abs=0.02)


@pytest.mark.parametrize("width", [375, 1440])
def test_the_close_up_has_marks_of_the_same_rule_as_the_photo(
    site: str, page: "Page", images: Path, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    open_result(site, page, images / "two_people.jpg")
    page.locator(".close-up [display]").first.wait_for(state="attached")
    result, box, stage = Result.objects.get(), page.locator(".close-up").bounding_box(), page.locator(".stage svg")
    whole = stage.evaluate("overlay => overlay.getBoundingClientRect().width") / result.photo.width
    faces, size = result.found_faces(), (result.photo.width, result.photo.height)
    view = view_of(faces[0], *size)
    assert box
    style = Style(faces=frozenset([1]), frames=False)
    drawn = draw_svg(*size, faces, style, scale=box["width"] / view.width, whole=whole, view=view)
    shown = page.locator(".close-up .overlay").evaluate("overlay => new XMLSerializer().serializeToString(overlay)")
    shown = shown.replace(' xmlns="http://www.w3.org/2000/svg"', "")
    both = zip(sizes(ElementTree.fromstring(shown)), sizes(ElementTree.fromstring(drawn)), strict=True)  # noqa: S314
    for (name, length), (expected_name, expected) in both:
        assert (name, length) == (expected_name, pytest.approx(expected, abs=0.02))


@pytest.mark.parametrize("width", [320, 1440])
def test_numbers_are_as_large_as_the_server_would_draw_them(site: str, page: "Page", head: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    open_result(site, page, head, "?labels=1")
    page.locator(".stage [display]").first.wait_for(state="attached")
    shown, drawn = seen(page, Style(labels=True, labels_from=READABLE_FROM))
    assert letters(shown, "numbers") == pytest.approx(letters(drawn, "numbers"), abs=0.02)


@pytest.mark.parametrize("width", [320, 375, 768, 1280, 1421, 1440, 1920])
def test_tools_do_not_overlap(site: str, page: "Page", images: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    open_result(site, page, images / "two_people.jpg", "?colour=uncertainty")
    assert overlaps(page, ".toggle, .zooms .button, .style-tools .button, .tools .slider, .slider select") == []
    open_style(page)
    assert overlaps(page, ".slider, .slider select") == []


@pytest.mark.parametrize("width", [320, 375, 768, 1000, 1440])
def test_drawers_open_on_the_screen_one_at_a_time(site: str, page: "Page", images: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    open_result(site, page, images / "two_people.jpg")
    # The last first: the panel of the first one, name and note, is as wide as a phone and hangs over the others.
    for drawer in reversed(page.locator(".drawer").all()):
        drawer.locator("summary").click()
        box = drawer.locator(".drawer-panel").bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= width
        assert page.locator(".drawer[open]").count() == 1
    page.keyboard.press("Escape")
    assert page.locator(".drawer[open]").count() == 0
