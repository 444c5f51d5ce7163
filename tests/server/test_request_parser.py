"""What the server accepts as a request, and what it rejects before any of the site runs."""

import tempfile
from pathlib import Path

import pytest
from django.conf import LazySettings
from waitress.adjustments import Adjustments

from landmarks.server.request_parser import FRAMING_BYTES, FRAMING_LINE_BYTES, HEAD_BYTES, RequestParser

HEAD = b"POST /face/analyze HTTP/1.1\r\nHost: localhost\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n"
FORM = b"Content-Type: multipart/form-data; boundary=b\r\n"
MEGABYTE = 2**20


def parsed(*parts: bytes) -> RequestParser:
    """A request of which these parts have arrived, as far as it takes them."""
    parser = RequestParser(Adjustments(max_request_header_size=HEAD_BYTES, max_request_body_size=2**62))
    for part in parts:
        while part and not parser.completed:
            part = part[parser.received(part) :]
    return parser


def status(*parts: bytes) -> int:
    """0 while it is accepted."""
    parser = parsed(*parts)
    parser.close()
    return parser.error.status if parser.error else 0


def test_a_chunked_body_is_put_together() -> None:
    parser = parsed(CHUNKED + b"\r\n3\r\nabc\r\n", b"2;name=value\r\nd", b"e\r\n0\r\nTrailer: yes\r\n\r\n")
    assert parser.completed
    assert parser.error is None
    assert parser.get_body_stream().read() == b"abcde"
    assert parser.headers["CONTENT_LENGTH"] == "5"
    assert "TRANSFER_ENCODING" not in parser.headers


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_it_does_not_matter_how_a_request_is_cut(size: int) -> None:
    data = (
        CHUNKED
        + b"\r\n"
        + b"".join(b"%x\r\n%s\r\n" % (length, b"y" * length) for length in range(1, 40))
        + b"0\r\n\r\n"
    )
    parser = parsed(*(data[start : start + size] for start in range(0, len(data), size)))
    assert parser.completed
    assert parser.get_body_stream().read() == b"y" * sum(range(40))


@pytest.mark.parametrize(
    "head",
    [
        CHUNKED + b"Content-Length: 3\r\n",
        CHUNKED + b"Transfer-Encoding: chunked\r\n",
        CHUNKED + b"transfer-encoding: identity\r\n",
        HEAD + b"Transfer-Encoding: gzip, chunked\r\n",
        HEAD + b"Transfer-Encoding: chunked, chunked\r\n",
        HEAD + b"Transfer-Encoding: xchunked\r\n",
        HEAD + b"Transfer-Encoding: \x0bchunked\r\n",
        HEAD + b"Transfer-Encoding:\r\n chunked\r\n",
        HEAD + b"Transfer-Encoding : chunked\r\n",
        CHUNKED.replace(b"HTTP/1.1", b"HTTP/1.0"),
        HEAD + b"Content-Length: 3\r\nContent-Length: 4\r\n",
        HEAD + b"Content-Length: +3\r\n",
        HEAD + b"Content-Length: 0x3\r\n",
        HEAD + b"Content-Length: -3\r\n",
        HEAD + b"Content-Length: 3 4\r\n",
        HEAD + b"Content-Length: " + b"9" * 5000 + b"\r\n",
        HEAD + b"X: a\nContent-Length: 3\r\n",
        HEAD + b"no colon\r\n",
        HEAD + b": no name\r\n",
        HEAD + b"X: \x00\r\n",
        HEAD.replace(b"Host: localhost\r\n", b""),
        HEAD.replace(b"HTTP/1.1", b"HTTP/2.0"),
        HEAD.replace(b" HTTP/1.1", b""),
        HEAD.replace(b"/face/analyze", b"http://["),
        HEAD.replace(b"/face/analyze", b"/\x00"),
        HEAD.replace(b"POST", b"post"),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n",
    ],
)
def test_what_is_malformed_or_ambiguous_is_rejected(head: bytes) -> None:
    assert status(head + b"\r\n") == 400


def test_a_rejected_request_keeps_the_path_that_decides_how_it_is_answered() -> None:
    assert parsed(HEAD + b"no colon\r\n\r\n").path == "/face/analyze"
    assert parsed(HEAD + b"X: " + b"x" * HEAD_BYTES).path == "/face/analyze"


@pytest.mark.parametrize(
    "body", [b"zz\r\n", b"-1\r\n", b"0x3\r\nabc\r\n", b"3\r\nabcd\r\n", b'1;"\r\na\r\n', b"\r3\r\nabc\r\n"]
)
def test_a_malformed_chunk_is_rejected(body: bytes) -> None:
    assert status(CHUNKED + b"\r\n" + body + b"0\r\n\r\n") == 400


def test_headers_that_are_too_large_are_rejected() -> None:
    assert status(HEAD + b"X: " + b"x" * (HEAD_BYTES - 200) + b"\r\n\r\n") == 0
    assert status(HEAD + b"X: " + b"x" * HEAD_BYTES) == 431
    assert status(b"GET /?" + b"x" * HEAD_BYTES) == 431


def test_a_declared_length_over_the_limit_is_rejected_at_once(settings: LazySettings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE, settings.MAX_REQUEST_BYTES = 100, 1000
    assert status(HEAD + b"Content-Length: 100\r\n\r\n") == 0
    assert status(HEAD + b"Content-Length: 101\r\n\r\n") == 413
    assert status(HEAD + FORM + b"Content-Length: 1000\r\n\r\n") == 0
    assert status(HEAD + FORM + b"Content-Length: 1001\r\n\r\n") == 413


def test_a_chunked_body_is_rejected_as_soon_as_it_is_over_the_limit(settings: LazySettings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    parser = parsed(CHUNKED + b"\r\n1000\r\n", b"x" * 100)
    assert not parser.completed
    parser.received(b"x")
    assert parser.error is not None
    assert (parser.completed, parser.error.status) == (True, 413)
    assert parser.get_body_stream().read() == b""


def test_a_body_is_not_requested_if_it_will_be_rejected() -> None:
    expecting = HEAD + b"Expect: 100-continue\r\n"
    assert parsed(expecting + b"Content-Length: 3\r\n\r\n").expect_continue
    assert not parsed(expecting + b"Content-Length: 999999999999\r\n\r\n").expect_continue
    assert not parsed(expecting + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n").expect_continue
    assert not parsed(expecting + b"\r\n").expect_continue


@pytest.mark.parametrize(
    "part",
    [
        b"1;" + b"x" * 2 * FRAMING_LINE_BYTES,
        b"0\r\n" + b"X: y\r\n" * FRAMING_LINE_BYTES,
        b"1;x=" + b"y" * 1000 + b"\r\nz\r\n",
    ],
    ids=["a long line", "many trailers", "long extensions"],
)
def test_framing_without_content_is_rejected(part: bytes) -> None:
    assert status(CHUNKED + b"\r\n", *[part] * (2 * FRAMING_BYTES // len(part) + 1)) == 400


def test_small_chunks_are_accepted() -> None:
    assert status(CHUNKED + FORM + b"\r\n", *[b"6\r\nabcdef\r\n"] * 100_000, b"0\r\n\r\n") == 0


def test_a_body_for_which_the_disk_has_no_room_is_a_storage_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    parser = parsed(HEAD + FORM + b"Content-Length: 5000000\r\n\r\n", *[bytes(MEGABYTE)] * 5)
    assert parser.error is not None
    assert (parser.error.status, parser.error.code) == (503, "storage_failed")
    assert "no room for uploads" in str(parser.error)


@pytest.mark.parametrize("value", [b"close", b"Close", b"TE, close", b"close,TE", b"keep-alive\t, CLOSE"])
def test_a_client_that_closes_may_say_more_in_the_same_header(value: bytes) -> None:
    assert parsed(HEAD + b"Connection: " + value + b"\r\n\r\n").connection_close


@pytest.mark.parametrize("value", [b"keep-alive", b"TE", b"closed", b""])
def test_other_clients_keep_the_connection(value: bytes) -> None:
    assert not parsed(HEAD + b"Connection: " + value + b"\r\n\r\n").connection_close
