"""Addresses and redirects are requested byte for byte, as browsers do."""

from collections.abc import Iterator

import pytest

from landmarks.core.errors import FetchError
from landmarks.net.addresses import join, trimmed
from landmarks.net.fetch import fetch_photo
from landmarks.net.ssrf_guard import parse_address
from tests.net.servers import RawServer, head, ok, running
from tests.net.test_fetch import LIMITS, PHOTO

INVISIBLE = [
    "\u200b",
    "\u200e",
    "\u202a",
    "\u202c",
    "\u2066",
    "\u2069",
    "\ufeff",
    "\u00a0",
    "\u3000",
    "\u00ad",
    " ",
    "\n",
]

TYPED = {
    # what is typed: what is requested
    "/a%20b.jpg": "/a%20b.jpg",
    "/a%25b.jpg": "/a%25b.jpg",
    "/%7Eann/a.jpg": "/%7Eann/a.jpg",
    "/~ann/a.jpg": "/~ann/a.jpg",
    "/a%2Db%2db.jpg": "/a%2Db%2db.jpg",
    "/caf%C3%A9/a.jpg": "/caf%C3%A9/a.jpg",
    "/caf%c3%a9/a.jpg": "/caf%c3%a9/a.jpg",
    "/caf%E9.jpg": "/caf%E9.jpg",
    "/a%2Fb.jpg": "/a%2Fb.jpg",
    "/100%.jpg": "/100%.jpg",
    "/50%off%zz.jpg?a=100%": "/50%off%zz.jpg?a=100%",
    "/café ü.jpg": "/caf%C3%A9%20%C3%BC.jpg",
    "/カフェ.jpg?q=é b": "/%E3%82%AB%E3%83%95%E3%82%A7.jpg?q=%C3%A9%20b",
    "/a'b(c)[d]|e.jpg?x='y'": "/a'b(c)[d]|e.jpg?x=%27y%27",
    '/a"<b>^`{c}.jpg': "/a%22%3Cb%3E%5E%60%7Bc%7D.jpg",
    "/a/../b/./c.jpg": "/b/c.jpg",
    "/a/%2e%2E/b/%2e/c.jpg": "/b/c.jpg",
    "/../../a.jpg": "/a.jpg",
    "/a/..": "/",
    "//a//b.jpg": "//a//b.jpg",
    "/a.jpg?": "/a.jpg?",
    "/a.jpg?b=c?d=/../e": "/a.jpg?b=c?d=/../e",
    "/a.jpg?X-Amz-Signature=a%2Bb+c%3D&x=%7E": "/a.jpg?X-Amz-Signature=a%2Bb+c%3D&x=%7E",
    "/a.jpg#top": "/a.jpg",
    "/a.jpg;v=1,2:3@4&5=$!*": "/a.jpg;v=1,2:3@4&5=$!*",
    "?a=b": "/?a=b",
    "": "/",
}

REDIRECTS: list[tuple[bytes, bytes]] = [
    ("/café/a.jpg".encode(), b"/caf%C3%A9/a.jpg"),
    (b"/caf\xe9.jpg", b"/caf%E9.jpg"),
    ("/カフェ.jpg".encode("cp932"), b"/%83J%83t%83F.jpg"),
    ("/写真.jpg?名=値".encode(), b"/%E5%86%99%E7%9C%9F.jpg?%E5%90%8D=%E5%80%A4"),
    (b"/a%20b%25c%7Ed%2De.jpg", b"/a%20b%25c%7Ed%2De.jpg"),
    (b"/a b.jpg", b"/a%20b.jpg"),
    (b"/100%.jpg", b"/100%.jpg"),
    (b"/caf%c3%a9.jpg", b"/caf%c3%a9.jpg"),
    (b"b.jpg", b"/one/b.jpg"),
    (b"../b.jpg", b"/b.jpg"),
    (b"./b/./c.jpg", b"/one/b/c.jpg"),
    (b"?size=%7E2", b"/one/two?size=%7E2"),
    (b"//127.0.0.1:{port}/b.jpg", b"/b.jpg"),
    (b"http://127.0.0.1:{port}/x%7Ey.jpg?", b"/x%7Ey.jpg?"),
    (b"  /b.jpg  ", b"/b.jpg"),
    (b"/b.jpg#caf\xe9", b"/b.jpg"),
]


@pytest.fixture
def server() -> Iterator[RawServer]:
    with running(RawServer()) as server:
        yield server


def requested(server: RawServer) -> list[str]:
    return [request.split(" ", 2)[1] for request in server.requests]


@pytest.mark.parametrize(("typed", "expected"), TYPED.items())
def test_an_address_is_requested_as_it_is_typed(server: RawServer, typed: str, expected: str) -> None:
    server.answer(expected, ok(PHOTO))
    fetched = fetch_photo(server.url(typed), LIMITS)
    assert (fetched.read(), requested(server)) == (PHOTO, [expected])
    assert fetched.address == server.url(expected)


@pytest.mark.parametrize(("location", "expected"), REDIRECTS)
def test_a_redirect_leads_to_the_bytes_that_it_names(server: RawServer, location: bytes, expected: bytes) -> None:
    location = location.replace(b"{port}", str(server.port).encode())
    server.answer("/one/two?x", b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + location + b"\r\n\r\n")
    server.answer(expected.decode(), ok(PHOTO))
    assert fetch_photo(server.url("/one/two?x"), LIMITS).read() == PHOTO
    assert requested(server)[1] == expected.decode()


def test_redirects_on_one_host_are_each_requested_as_they_are(server: RawServer) -> None:
    for number in range(3):
        server.answer(f"/%7E{number}", head("301 Moved", "Content-Length: 0", f"Location: /%7E{number + 1}"))
    server.answer("/%7E3", ok(PHOTO))
    fetch_photo(server.url("/%7E0"), LIMITS).read()
    assert requested(server) == [f"/%7E{number}" for number in range(4)]


@pytest.mark.parametrize("character", INVISIBLE)
def test_invisible_characters_around_an_address_are_dropped(server: RawServer, character: str) -> None:
    address = server.answer("/a.jpg", ok(PHOTO))
    assert fetch_photo(f"{character}{address}{character * 3}", LIMITS).read() == PHOTO
    assert trimmed(f"{character} a{character}b {character}") == f"a{character}b"


def test_a_host_that_is_not_ascii_is_the_same_in_every_spelling() -> None:
    for host in ("bücher.example", "b%C3%BCcher.example", "B\u00dcCHER.example", "xn--bcher-kva.example"):
        assert parse_address(f"https://{host}/%7e").url == "https://xn--bcher-kva.example/%7e"


@pytest.mark.parametrize("host", ["a%2fb.example", "a%40b.example", "example.com%23", "%00.example", "a%FFb.example"])
def test_an_encoded_host_does_not_become_another_one(host: str) -> None:
    with pytest.raises(FetchError):
        parse_address(f"https://{host}/a.jpg")


def test_references_are_joined_without_another_spelling() -> None:
    base = "https://a.example/b/c?d"
    assert join(base, "mailto:x") == "mailto:x"
    assert join(base, "") == base
    assert join("https://a.example", "x.jpg") == "https://a.example/x.jpg"
