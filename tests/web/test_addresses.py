"""Addresses that lead to something else than a photo: the form says what it is, and offers the picture of a page."""

import html
from collections.abc import Callable, Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from landmarks.access import tokens
from landmarks.models import Result
from tests.api.conftest import ANALYZE, RESULTS
from tests.net.servers import RawServer, head, ok, running

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("models_dir")]
PAGE = '<html><head><title>Jane &amp; <b>co</b> "x"</title>{}</head></html>'
OG = '<meta property="og:image" content="/jane.jpg?a=1&amp;b=%7E">'
STORE = b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>"
ANSWERS = {
    "page": (ok(PAGE.format("").encode()), 'a web page, “Jane & <b>co</b> "x"”'),
    "picture": (ok(PAGE.format(OG).encode(), "Content-Type: image/jpeg"), "the address of the page's own picture"),
    "login": (ok(b"<html><title>Sign in</title><input type=password>"), "a login page, “Sign in”"),
    "json": (ok(b'{"error": "gone"}', "Content-Type: application/json"), "JSON data"),
    "xml": (ok(b"<?xml version='1.0'?><rss/>"), "an XML document"),
    "store": (ok(STORE), "the error AccessDenied"),
    "forbidden": (head("403 Forbidden", f"Content-Length: {len(STORE)}") + STORE, "403 and the error AccessDenied"),
    "gone": (head("404 Not Found") + b"<html><title>Lost</title>", "404 and the page “Lost”"),
    "asked": (head("401 Unauthorized") + b"<html><input type=password>", "401 and asks for a login"),
    "status": (head("500 Oh", "Content-Length: 0"), "with status 500"),
    "pdf": (ok(b"%PDF-1.7\n", "Content-Type: application/pdf"), "PDF files aren't supported"),
    "docx": (ok(b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml"), "Office files aren't supported"),
    "video": (ok(b"\0\0\0\x18ftypisom\0\0\0\0isommp42"), "Video files aren't supported"),
    "unknown": (ok(b"plain words"), "isn't a supported image"),
    "empty": (ok(b""), "This file is empty"),
}


@pytest.fixture
def server(settings: LazySettings) -> Iterator[RawServer]:
    settings.FETCH_ALLOW_NETWORKS = (ip_network("127.0.0.0/8"),)
    with running(RawServer()) as server:
        yield server


@pytest.mark.parametrize("name", ANSWERS)
def test_the_form_says_what_was_found(name: str, client: Client, server: RawServer) -> None:
    answer, text = ANSWERS[name]
    page = client.post("/", {"image_url": server.answer("/a", answer)})
    assert 400 <= page.status_code < 500
    assert text in html.unescape(page.content.decode())
    assert "<b>co</b>" not in page.content.decode()
    assert not Result.objects.exists()


@pytest.mark.parametrize("name", ANSWERS)
def test_the_api_says_what_was_found(name: str, client: Client, server: RawServer) -> None:
    answer, text = ANSWERS[name]
    address = server.answer("/a", answer)
    headers = {"Authorization": f"Bearer {tokens.make('ann', rate='off')}"}
    for path in (RESULTS, ANALYZE):
        response = client.post(path, {"image_url": address}, content_type="application/json", headers=headers)
        assert 400 <= response.status_code < 500
        assert text in response.json()["error"]["message"]
        assert set(response.json()["error"]) == {"code", "message"}


def test_the_picture_of_a_page_is_offered_and_can_be_used(client: Client, server: RawServer, images: Path) -> None:
    photo = server.answer("/jane.jpg?a=1&b=%7E", ok((images / "obama-240p.jpg").read_bytes()))
    address = server.answer("/a", ANSWERS["picture"][0])
    page = client.post("/", {"image_url": address}).content.decode()
    assert f'value="{photo.replace("&", "&amp;")}"' in page
    script = client.post("/", {"image_url": address}, headers={"Accept": "application/json"})
    assert (script.status_code, script["X-Photo-Address"]) == (415, photo)
    # Without scripts the button sends its address beside the one in the field.
    assert client.post("/", {"image_url": [address, photo]}).status_code == 303
    assert Result.objects.get().name == "jane.jpg"


def test_nothing_is_offered_where_there_is_no_picture(client: Client, server: RawServer) -> None:
    page = client.post("/", {"image_url": server.answer("/a", ANSWERS["page"][0])})
    assert "data-offered" not in page.content.decode()


def test_a_share_link_is_stored_as_the_address_of_its_file(
    client: Client, server: RawServer, images: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from landmarks.net import fetch

    photo = server.answer("/me.jpg", ok((images / "obama-240p.jpg").read_bytes()))
    table: dict[str, str] = {server.url("/share/Me.jpg"): photo}
    lookup: Callable[[str], str] = lambda address: table.get(address, address)  # noqa: E731
    monkeypatch.setattr(fetch, "file_address", lookup)
    assert client.post("/", {"image_url": f"\u200b{server.url('/share/Me.jpg')} "}).status_code == 303
    assert (Result.objects.get().name, Result.objects.get().address) == ("Me.jpg", photo)
