"""What the browser tests share."""

import gzip
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from django.conf import LazySettings
from pytest_django.live_server_helper import LiveServer

from facesite.static_files import MINIFIERS, minify
from tests.web.conftest import hosted  # noqa: F401  a site with both engines

if TYPE_CHECKING:
    from playwright.sync_api import Page, Response

RESULT = "**/results/*-*/"
Open = Callable[..., None]


def is_foreign(address: str) -> bool:
    """Whether the address is on another host; `data:` and `blob:` are on none."""
    return urlsplit(address).hostname not in (None, "localhost", "127.0.0.1")


def send(page: "Page", *photos: Path) -> None:
    """Choose photos on the open page; a single one is sent at once, several when the button is pressed."""
    page.set_input_files("#photo", photos)
    if len(photos) > 1:
        page.click("[data-queue=find]")


def submit(page: "Page", site: str, photo: Path, **fields: str) -> str:
    """Send a photo without the page that does so, which takes the browser longer; the address of its result."""
    page.request.get(site)
    (token,) = (cookie["value"] for cookie in page.context.cookies(site) if cookie["name"] == "csrftoken")
    sent = {"name": photo.name, "mimeType": "image/jpeg", "buffer": photo.read_bytes()}
    form = {"csrfmiddlewaretoken": token, "photo": sent, **fields}
    answer = page.request.post(site, multipart=form, headers={"Referer": site}, max_redirects=0)
    assert answer.status == 303, answer.text()
    return site + answer.headers["location"]


def compressed_size(answer: "Response") -> int:
    """Bytes of a response as the production server sends it, which has minified its scripts and styles."""
    body, minifier = answer.body(), MINIFIERS.get(PurePosixPath(urlsplit(answer.url).path).suffix)
    return len(gzip.compress(minify(body, minifier) if minifier else body, 6))


def open_style(page: "Page") -> None:
    """Show size, opacity and colour, which a narrow bar of tools folds behind a button."""
    button = page.locator(".style-tools summary")
    if button.is_visible():
        button.click()


def becomes_true(page: "Page", condition: str, argument: object = None) -> bool:
    """Whether a condition is met within 3600 frames; Playwright's own wait needs `eval`, which the CSP blocks."""
    wait = "for (let frame = 0; frame < 3600 && !met(); frame++) await new Promise(requestAnimationFrame);"
    met: bool = page.evaluate(f"async (given) => {{ const met = () => {condition}; {wait} return met(); }}", argument)
    return met


def open_full_screen(page: "Page") -> None:
    """Show the viewer alone, with its styles, which are fetched then."""
    page.click("[data-zoom=full]")
    is_styled = "document.querySelector('[data-full-style]').sheet !== null"
    assert becomes_true(page, f"document.fullscreenElement?.id === 'viewer' && {is_styled}")


def slow_upload(page: "Page", bytes_a_second: int) -> None:
    page.context.new_cdp_session(page).send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_a_second},
    )


@pytest.fixture
def browser_errors(page: "Page") -> list[str]:
    """Errors and warnings in the console, violations of the CSP, and requests to other hosts."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("request", lambda request: found.append(request.url) if is_foreign(request.url) else None)
    return found


@pytest.fixture
def site(live_server: LiveServer, models_dir: Path) -> str:
    return live_server.url


@pytest.fixture
def open_result(site: str, page: "Page", images: Path) -> Open:
    """Submits a photo of tests/images (or any other) and opens its result with a query, drawn to its real size."""

    def open_result(photo: str | Path = "two_people.jpg", query: str = "") -> None:
        page.goto(submit(page, site, images / photo) + query)
        page.locator(".stage [display]").first.wait_for(state="attached")

    return open_result


@pytest.fixture
def album(models_dir: Path, images: Path, settings: LazySettings, tmp_path: Path) -> None:
    """Four results and one that failed, of the owner whom `history` is."""
    # Imported here because pytest reads this file before Django is set up.
    from tests.browser.album import keep_album

    settings.MEDIA_ROOT = tmp_path / "media"
    keep_album(images)


@pytest.fixture
def history(page: "Page", site: str, album: None, browser_errors: list[str]) -> "Page":
    """The history of the album."""
    from tests.browser.album import open_history

    open_history(page, site)
    return page
