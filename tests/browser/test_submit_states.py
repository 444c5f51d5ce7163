"""The submit page in every state: the audit finds nothing, and animations respect reduced motion."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from tests.browser.audit import flaws
from tests.browser.conftest import send, slow_upload
from tests.conftest import CHROMIUM, CHROMIUM_FLAGS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCHEMES: dict[int, Literal["light", "dark"]] = {375: "light", 768: "dark", 1440: "light"}
"""Of each width; test_every_page.py has all of both, of the page as it comes."""
CAMERA_FLAGS = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


@pytest.fixture(scope="module")
def camera_browser(browser: "Browser") -> Iterator["Browser"]:
    with_camera = browser.browser_type.launch(executable_path=CHROMIUM, args=[*CHROMIUM_FLAGS, *CAMERA_FLAGS])
    yield with_camera
    with_camera.close()


def as_loaded(page: "Page", images: Path) -> None:
    page.locator("[data-paste]").wait_for()


def with_photos_and_options(page: "Page", images: Path) -> None:
    page.click(".options summary")
    page.set_input_files("#photo", [images / "astronaut.jpg", images / "two_people.jpg"])
    page.locator("photo-row img.is-shown >> nth=1").wait_for()


def while_sending(page: "Page", images: Path) -> None:
    slow_upload(page, 10_000)
    send(page, images / "two_people.jpg", images / "two_people.jpg", images / "rocket.jpg")
    page.locator("text=/Sending, [1-9]/ >> nth=0").wait_for()


def with_results_and_a_refusal(page: "Page", images: Path) -> None:
    send(page, images / "README.md", images / "astronaut.jpg")
    page.locator("text=Sent 1 of 2, 1 refused").wait_for()


def with_a_refused_address(page: "Page", images: Path) -> None:
    page.fill("#image_url", "http://127.0.0.1/a-path-that-is-very-long-and-has-no-place-to-break/photo.jpg")
    page.click('button:text-is("Analyse")')
    page.locator("photo-row >> text=Retry").wait_for()


def with_the_camera_open(page: "Page", images: Path) -> None:
    page.click("[data-camera]")
    page.locator("dialog[data-state=live]").wait_for()


def with_a_photo_of_the_camera(page: "Page", images: Path) -> None:
    with_the_camera_open(page, images)
    page.click("[data-action=take]")
    page.locator("dialog[data-state=taken]").wait_for()


STATES = (
    as_loaded,
    with_photos_and_options,
    while_sending,
    with_results_and_a_refusal,
    with_a_refused_address,
    with_the_camera_open,
    with_a_photo_of_the_camera,
)


@pytest.mark.parametrize("is_phone", [True, False], ids=["phone", "desk"])
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_no_state_has_a_flaw(
    site: str, camera_browser: "Browser", images: Path, state: Callable[["Page", Path], None], is_phone: bool
) -> None:
    context = camera_browser.new_context(has_touch=is_phone, is_mobile=is_phone)
    page = context.new_page()
    page.goto(site)
    state(page, images)
    for width in (375,) if is_phone else (768, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=SCHEMES[width], reduced_motion="reduce")
        assert flaws(page) == [], f"{width} pixels"
    context.close()


@pytest.mark.parametrize(("motion", "is_moving"), [("reduce", False), ("no-preference", True)])
def test_animations_respect_reduced_motion(site: str, page: "Page", motion: str, is_moving: bool) -> None:
    page.emulate_media(reduced_motion=motion)
    page.goto(site)
    slow_upload(page, 100)
    page.click("button[value=two_people]")
    page.locator(".row-bar:indeterminate").wait_for()
    running = "document.getAnimations().some((each) => each.playState === 'running')"
    assert page.evaluate(running) == is_moving
