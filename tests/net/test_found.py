"""What an address led to instead of a photo is recognised by its bytes."""

import pytest

from landmarks.net.found import JSON, LOGIN, PAGE, STORE, TITLE_LENGTH, XML, Found, find

HERE = "https://photos.example/a/b?c"
OG = '<meta property="og:image" content="{}">'
NO_SUCH_KEY = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>No such key</Message></Error>'
)


def page(*parts: str) -> bytes:
    return f"<!DOCTYPE html><html><head>{''.join(parts)}</head><body>Hi</body></html>".encode()


@pytest.mark.parametrize(
    "body",
    [
        page("<title>My photos</title>"),
        b"\xef\xbb\xbf" + page("<title>My photos</title>"),
        "<html><title>My photos</title>".encode("utf-16"),
        b"\n\n  <!-- made by hand -->\n<HTML><TITLE lang=en>My\n  photos</TITLE>",
        b'<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><title>My photos</title>',
        b"<head><title>My photos",
        b"<title>My&#32;photos</title>",
    ],
)
@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "image/jpeg", "", "application/octet-stream"])
def test_a_page_is_known_with_its_title(body: bytes, kind: str) -> None:
    assert find(body, kind, HERE) == Found(PAGE, "My photos")


@pytest.mark.parametrize(
    ("body", "kind", "title"),
    [
        ("<html><title>Café</title>".encode(), "text/html", "Café"),
        ("<html><title>Café</title>".encode("latin-1"), "text/html; charset=iso-8859-1", "Café"),
        ("<html><title>Café</title>".encode("latin-1"), "text/html", "Café"),
        ('<html><meta charset="shift_jis"><title>カフェ</title>'.encode("cp932"), "text/html", "カフェ"),
        (b"<html><title>a</title>", "text/html; charset=x-unknown", "a"),
        (b"<html><title>a</title>", "text/html; charset=hex", "a"),
        ("<html><title>a\u202eb\u200b&lt;script&gt;</title>".encode(), "text/html", "ab<script>"),
        (b"<html><title>" + b"long " * 100 + b"</title>", "text/html", "long " * 15 + "long…"),
        (b"<html><title>a <b>bold</b> title</TITLE>", "text/html", "a <b>bold</b> title"),
        (b"<html><title></title>", "text/html", ""),
        (b"Please <b>wait</b>", "text/html", ""),
    ],
)
def test_a_title_is_one_visible_line(body: bytes, kind: str, title: str) -> None:
    found = find(body, kind, HERE)
    assert found and (found.kind, found.title) == (PAGE, title)
    assert len(found.title) <= TITLE_LENGTH


@pytest.mark.parametrize(
    ("meta", "picture"),
    [
        (OG.format("https://cdn.example/p.jpg?a=1&amp;b=%7E"), "https://cdn.example/p.jpg?a=1&b=%7E"),
        (OG.format("/p.jpg"), "https://photos.example/p.jpg"),
        (OG.format("p.jpg"), "https://photos.example/a/p.jpg"),
        (OG.format("//cdn.example/p.jpg"), "https://cdn.example/p.jpg"),
        ("<META content='/p.jpg' PROPERTY='og:image:secure_url' />", "https://photos.example/p.jpg"),
        ("<meta name=og:image content=/p.jpg>", "https://photos.example/p.jpg"),
        (OG.format("javascript:alert(1)"), ""),
        (OG.format("data:image/png;base64,AAAA"), ""),
        (OG.format("file:///etc/passwd"), ""),
        (OG.format("http://me:secret@inside/"), ""),
        (OG.format(""), "https://photos.example/a/b?c"),
        ('<meta property="og:image:width" content="600">', ""),
        ("", ""),
    ],
)
def test_the_picture_of_a_page_is_a_web_address(meta: str, picture: str) -> None:
    found = find(page("<title>x</title>", meta), "text/html", HERE)
    assert found
    assert found.picture == ("" if 'content=""' in meta else picture)


@pytest.mark.parametrize(
    "field", ['<input type="password" name=p>', "<INPUT name=p type=password>", "<input type='Password'/>"]
)
def test_a_page_that_asks_for_a_password_is_a_login_page(field: str) -> None:
    assert find(page("<title>Sign in</title>", field), "text/html", HERE) == Found(LOGIN, "Sign in")


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        (b'{"error": "not found"}', "application/json", Found(JSON)),
        (b'  [{"url": "https://x"}]', "text/plain", Found(JSON)),
        (b"{broken", "application/problem+json; charset=utf-8", Found(JSON)),
        (b"{not json at all", "", None),
        (NO_SUCH_KEY, "application/xml", Found(STORE, code="NoSuchKey")),
        (b"\xef\xbb\xbf" + NO_SUCH_KEY, "image/jpeg", Found(STORE, code="NoSuchKey")),
        (b"<Error><Code>AccessDenied</Code></Error>", "", Found(STORE, code="AccessDenied")),
        (b'<?xml version="1.0"?><rss><channel/></rss>', "text/xml", Found(XML)),
        (b"plain words", "text/plain", None),
        (b"", "text/html", None),
        (bytes(1000), "image/jpeg", None),
    ],
)
def test_data_is_known(body: bytes, kind: str, expected: Found | None) -> None:
    assert find(body, kind, HERE) == expected


@pytest.mark.parametrize(
    "body",
    [
        b"<html>" + b"<meta " * 200_000,
        b"<html><title" * 100_000,
        b"<!--" * 300_000,
        b"<Error>" * 200_000,
        b"[" * 200_000,
    ],
)
def test_a_hostile_page_is_nothing_special(body: bytes) -> None:
    found = find(body, "text/html", HERE)
    assert found is None or (found.title, found.picture) == ("", "")
