"""The link under which the hosted engine fetches a photo: its own photo, for as long as the call, and nobody else's."""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.signing import TimestampSigner
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from landmarks.core.errors import EngineUnavailable, StorageError
from landmarks.runtime import caller
from landmarks.runtime.concurrency import TEMPORARY_LINKS
from landmarks.services import publishing
from tests.web.conftest import body

PUBLIC = "https://photos.example.org/faces"
JPEG = b"\xff\xd8 a photo \xff\xd9"


@pytest.fixture(autouse=True)
def media(settings: LazySettings, tmp_path: Path) -> Path:
    settings.PUBLIC_URL = PUBLIC
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def link() -> Iterator[str]:
    """The path of a link that is open for the whole test."""
    with publishing.publish(JPEG) as url:
        yield path_of(url)


def path_of(url: str) -> str:
    assert url.startswith(f"{PUBLIC}/handover/")
    return url.removeprefix(PUBLIC)


def copies(media: Path) -> list[Path]:
    return list((media / "handover").glob("*"))


def test_gives_the_copy_to_whoever_has_the_link(client: Client, link: str) -> None:
    response = client.get(link)
    assert (response.status_code, body(response)) == (200, JPEG)
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["Content-Length"] == str(len(JPEG))


def test_is_kept_by_nobody_on_the_way(client: Client, link: str) -> None:
    response = client.get(link)
    body(response)
    headers = response.headers
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["X-Robots-Tag"] == "noindex"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_neither_asks_for_a_session_nor_begins_one(
    client: Client, link: str, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.block():
        response = client.get(link)
        assert body(response) == JPEG
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


def test_looks_like_the_address_of_a_photo(link: str) -> None:
    assert link.endswith(".jpg")
    assert set(link) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./")


@pytest.mark.django_db  # which Django lets go of with the body that it drops
def test_allows_head_and_no_other_method(client: Client, link: str) -> None:
    head = client.head(link)
    assert (head.status_code, body(head)) == (200, b"")
    assert head.headers["Content-Length"] == str(len(JPEG))
    assert client.post(link).status_code == 405
    assert client.delete(link).status_code == 405


def test_is_over_with_the_call(client: Client, media: Path) -> None:
    with publishing.publish(JPEG) as url:
        assert len(copies(media)) == 1
    assert client.get(path_of(url)).status_code == 404
    assert copies(media) == []


def test_is_over_when_the_call_fails(media: Path) -> None:
    with pytest.raises(KeyError), publishing.publish(JPEG):
        raise KeyError
    assert copies(media) == []


@pytest.mark.parametrize(
    ("seconds", "status"), [(290, 200), (301, 404), (-25, 200), (-40, 404), (-300, 404), (-(10**9), 404)]
)
def test_is_over_after_five_minutes_or_when_the_clock_was_set_back(
    client: Client, media: Path, monkeypatch: pytest.MonkeyPatch, seconds: int, status: int
) -> None:
    with publishing.publish(JPEG) as url:
        now = timezone.now() + timedelta(seconds=seconds)
        monkeypatch.setattr(timezone, "now", lambda: now)
        response = client.get(path_of(url))
        body(response)
        assert response.status_code == status
        assert len(copies(media)) == 1


def test_opens_its_own_photo_only(client: Client) -> None:
    with publishing.publish(b"first") as first, publishing.publish(b"second") as second:
        assert body(client.get(path_of(first))) == b"first"
        assert body(client.get(path_of(second))) == b"second"
        one, other = (path_of(url).removeprefix("/handover/").split(".") for url in (first, second))
        assert client.get(f"/handover/{'.'.join([other[0], *one[1:]])}").status_code == 404


@pytest.mark.parametrize(
    "forge",
    [
        lambda path: path.replace(".jpg", "x.jpg"),
        lambda path: path[:-8] + ".jpg",
        lambda path: path.removesuffix(".jpg"),
        lambda path: path.split(".")[0] + ".jpg",
        lambda path: "/handover/.jpg",
        lambda path: "/handover/..%2F..%2Fsecret_key.jpg",
        lambda path: "/handover/%00.%ff.jpg",
        lambda path: f"/handover/{'a' * 3000}.jpg",
        # Signed, but for something else.
        lambda path: f"/handover/{TimestampSigner(sep='.').sign(path[10:46])}.jpg",
    ],
)
def test_a_link_that_was_never_given_opens_nothing(client: Client, link: str, forge) -> None:
    assert client.get(forge(link)).status_code == 404


def test_follows_the_site_to_https(client: Client, link: str, settings: LazySettings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get(link).status_code == 301
    assert body(Client().get(link, secure=True)) == JPEG


def test_what_a_killed_process_left_is_removed(media: Path) -> None:
    old, young = (default_storage.save(f"handover/{name}.jpg", ContentFile(JPEG)) for name in ("a", "b"))
    six_minutes_ago = time.time() - 360
    os.utime(media / old, (six_minutes_ago, six_minutes_ago))
    with publishing.publish(JPEG):
        assert len(copies(media)) == 2
    assert copies(media) == [media / young]


def test_a_disk_that_takes_nothing_is_one_sentence(settings: LazySettings, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT = tmp_path / "file"
    with pytest.raises(StorageError), publishing.publish(JPEG):
        pass


def test_a_thread_is_left_for_those_who_fetch(media: Path) -> None:
    with caller.working_for("client"), ExitStack() as stack:
        caller.current().patience = 0
        for _ in range(TEMPORARY_LINKS.at_once):
            stack.enter_context(publishing.publish(JPEG))
        with pytest.raises(EngineUnavailable, match="Try again in a moment"), publishing.publish(JPEG):
            pass
        assert len(copies(media)) == TEMPORARY_LINKS.at_once
    with publishing.publish(JPEG):
        assert len(copies(media)) == 1


def test_a_copy_is_for_this_user_alone(media: Path, link: str) -> None:
    (copy,) = copies(media)
    assert copy.stat().st_mode & 0o777 == 0o600
    assert copy.parent.stat().st_mode & 0o777 == 0o700
