"""Every page that a visitor can reach, in both themes and four widths: the audit and the console find nothing."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from django.conf import LazySettings

from tests.browser.audit import axe_findings, late_scripts, layout_flaws
from tests.browser.conftest import submit
from tests.vendor import Vendor
from tests.web.conftest import USED_UP

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Scheme = Literal["light", "dark"]
Size = tuple[int, int]
SIZES = ((375, 900), (768, 900), (1440, 900), (320, 256))
"""The last is a window of 1280 by 1024 in which everything is enlarged four times."""
SOME: dict[Size, tuple[Scheme, ...]] = dict(zip(SIZES, [("light",), (), ("dark",), ()], strict=True))
"""The layout in every size, and in two of them all that axe looks for."""
OTHERS: dict[Size, tuple[Scheme, ...]] = dict(
    zip(SIZES, [("dark",), ("light", "dark"), ("light",), ("light", "dark")], strict=True)
)
"""What is left."""
ERROR_STATUS = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
"""What Chromium logs for every page with such a status; expected if the status is."""


@dataclass(frozen=True)
class Visitor:
    """A browser whose results are made without the submit page, so that only the page in question is tested."""

    page: "Page"
    site: str
    images: Path
    hosted: Vendor

    def open(self, path: str) -> None:
        self.page.goto(self.site + path)

    def token(self) -> str:
        self.open("/")
        return self.page.locator("[name=csrfmiddlewaretoken]").first.input_value()

    def submit(self, name: str, engine: str = "local") -> str:
        """The address of the result."""
        return submit(self.page, self.site, self.images / name, engine=engine)

    def run_again(self, result: str, engine: str) -> str:
        fields = {"csrfmiddlewaretoken": self.token(), "engine": engine}
        return self.page.request.post(f"{result}again", form=fields, headers={"Referer": self.site}).url


Open = Callable[[Visitor], object]


def open_refused_form(visitor: Visitor) -> None:
    visitor.open("/")
    visitor.page.fill("[name=image_url]", "http://127.0.0.1/photo.jpg")
    with visitor.page.expect_navigation():
        visitor.page.locator("[name=image_url]").evaluate("field => field.form.submit()")
    assert visitor.page.locator(".errors:visible").count() == 1


def open_result(name: str) -> Open:
    def open_it(visitor: Visitor) -> None:
        response = visitor.page.goto(visitor.submit(name))
        assert response and response.ok and "/results/" in response.url

    return open_it


def open_failed(visitor: Visitor) -> None:
    visitor.hosted.answers(USED_UP)
    visitor.page.goto(visitor.submit("astronaut.jpg", engine="acedata"))
    assert visitor.page.locator("text=could not analyse this photo").count() == 1


def open_comparison(visitor: Visitor) -> None:
    one = visitor.submit("two_people.jpg")
    other = visitor.run_again(one, "acedata").rstrip("/").rpartition("/")[2]
    visitor.page.goto(f"{one}compare/{other}/")
    assert visitor.page.locator(".compared").count() == 1


def open_save_as(visitor: Visitor) -> None:
    visitor.page.goto(f"{visitor.submit('two_people.jpg')}save")
    assert visitor.page.locator("text=1 result with 2 faces.").count() == 1


def open_measures(visitor: Visitor) -> None:
    visitor.page.goto(f"{visitor.submit('two_people.jpg')}measures/")
    assert visitor.page.locator("[data-measure]").count() > 20


def open_measured_selection(visitor: Visitor) -> None:
    for name in ("astronaut.jpg", "two_people.jpg"):
        visitor.submit(name)
    visitor.open("/results/measures/")
    assert visitor.page.locator("text=Measures of 2 results").count() == 1


def open_history(visitor: Visitor) -> None:
    for name in ("astronaut.jpg", "rocket.jpg"):
        visitor.submit(name)
    visitor.open("/results/")
    assert visitor.page.locator(".result-card").count() == 2


def open_collection(visitor: Visitor) -> None:
    """With photos that wait, and one that is done because it was analysed before."""
    visitor.submit("astronaut.jpg")
    visitor.open("/collections/")
    visitor.page.fill("#name", "Portraits, spring")
    visitor.page.click("text=Create")
    photos = [str(visitor.images / name) for name in ("astronaut.jpg", "rocket.jpg")]
    visitor.page.set_input_files("[name=photo]", photos)
    visitor.page.click("button:text-is('Add')")
    for state in ("done", "queued"):
        visitor.page.wait_for_selector(f".tile.{state}")


def open_path(path: str) -> Open:
    return lambda visitor: visitor.open(path)


PAGES: dict[str, Open] = {
    "submit": open_path("/"),
    "refused form": open_refused_form,
    "one face": open_result("astronaut.jpg"),
    "two faces": open_result("two_people.jpg"),
    "no face": open_result("rocket.jpg"),
    "failed": open_failed,
    "comparison": open_comparison,
    "save as": open_save_as,
    "measures": open_measures,
    "measured selection": open_measured_selection,
    "history": open_history,
    "empty history": open_path("/results/"),
    "collection": open_collection,
    "collections": open_path("/collections/"),
    "atlas": open_path("/atlas/"),
    "engines": open_path("/engines/"),
    "shortcuts": open_path("/shortcuts/"),
    "status": open_path("/status/"),
    "api": open_path("/api/docs"),
    "not found": open_path("/elbow"),
    "bad address": open_path("/results/?before=elbow"),
}
EXPECTED = ("refused form", "not found", "bad address")


@pytest.fixture
def visitor(page: "Page", site: str, images: Path, hosted: Vendor, settings: LazySettings) -> Visitor:
    settings.METRICS = True
    return Visitor(page, site, images, hosted)


@pytest.mark.parametrize("combinations", [SOME, pytest.param(OTHERS, marks=pytest.mark.slow)], ids=["some", "others"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_flaw(
    visitor: Visitor, browser_errors: list[str], name: str, combinations: dict[Size, tuple[Scheme, ...]]
) -> None:
    PAGES[name](visitor)
    assert late_scripts(visitor.page) == []
    for size, schemes in combinations.items():
        visitor.page.set_viewport_size({"width": size[0], "height": size[1]})
        assert layout_flaws(visitor.page) == [], size
        for scheme in schemes:
            visitor.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert axe_findings(visitor.page) == [], (size, scheme)
    assert [each for each in browser_errors if not (name in EXPECTED and ERROR_STATUS.match(each))] == []
