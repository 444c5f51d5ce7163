"""An album of four results and a failed one, in the history of a browser."""

from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.utils import timezone

from landmarks.core.errors import EngineError
from landmarks.core.faces import Face
from landmarks.core.finding import Finding
from landmarks.models import Result
from landmarks.photos.photo import Photo
from landmarks.services import runs
from landmarks.storage import results
from tests.rows import make_owner

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page


PAGES = "landmarks.web.presenters.history.PAGE_SIZE"
OWNER = "the-owner-of-this-browser"
NAMES = ["two_people.jpg", "rocket.jpg", "obama-240p.jpg", "astronaut.jpg"]
PHONE, DESKTOP = {"width": 375, "height": 812}, {"width": 1440, "height": 900}


@cache
def analysed(path: Path) -> tuple[Photo, Finding]:
    return runs.analyze(path.read_bytes(), runs.run_options(), "local")


def keep_album(images: Path) -> None:
    """Four results, newest first in the order of NAMES, and one of yesterday that failed."""
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


def open_history(page: "Page", site: str) -> None:
    """The page on a desktop."""
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    sign_in(page.context, site)
    page.goto(f"{site}/results/")


def names(page: "Page") -> list[str]:
    return page.locator(".result-card-name").all_inner_texts()


def selected(page: "Page") -> list[str]:
    return page.locator("li:has(:checked) .result-card-name").all_inner_texts()


def press(page: "Page", *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
