"""Content-Encoding: mistakes of servers are ignored, gzip and deflate are decoded within the limits."""

import gzip
import zlib
from collections.abc import Iterator

import pytest

from landmarks.core.errors import FetchError, PhotoTooLarge
from landmarks.net.content_encoding import MAX_MEMBERS, codings
from landmarks.net.fetch import fetch_photo
from tests.net.servers import RawServer, ok, running
from tests.net.test_fetch import LIMITS, PHOTO

NO_CODING = [
    "base64",
    "aws-chunked",
    "utf-8",
    "UTF-8",
    "none",
    "None",
    "binary",
    "image/jpeg",
    "identity",
    "7bit",
    "jpeg",
]
NO_CODING += ["identity, identity", "identity,aws-chunked", "", " ", ",", "null", "undefined", "8bit, binary", "raw"]
RAW_DEFLATE = zlib.compressobj(wbits=-15)
CODED = {
    "gzip": gzip.compress(PHOTO),
    "GZip": gzip.compress(PHOTO),
    "x-gzip": gzip.compress(PHOTO),
    "gzip, identity": gzip.compress(PHOTO),
    "aws-chunked,gzip": gzip.compress(PHOTO),
    "gzip, gzip": gzip.compress(gzip.compress(PHOTO)),
    "gzip,": gzip.compress(PHOTO[:9000]) + gzip.compress(PHOTO[9000:]),
    " gzip ": gzip.compress(PHOTO) + bytes(100),
    "deflate": zlib.compress(PHOTO),
    "Deflate": RAW_DEFLATE.compress(PHOTO) + RAW_DEFLATE.flush(),
    "deflate, gzip": gzip.compress(zlib.compress(PHOTO)),
}


@pytest.fixture
def server() -> Iterator[RawServer]:
    with running(RawServer()) as server:
        yield server


@pytest.mark.parametrize("value", NO_CODING)
def test_what_names_no_coding_is_ignored(server: RawServer, value: str) -> None:
    assert fetch_photo(server.answer("/a.jpg", ok(PHOTO, f"Content-Encoding: {value}")), LIMITS).read() == PHOTO
    assert codings(value) == []


@pytest.mark.parametrize(("value", "body"), CODED.items())
def test_what_is_coded_all_the_same_is_decoded(server: RawServer, value: str, body: bytes) -> None:
    assert fetch_photo(server.answer("/a.jpg", ok(body, f"Content-Encoding: {value}")), LIMITS).read() == PHOTO


@pytest.mark.parametrize(
    ("value", "body"),
    [
        ("gzip", gzip.compress(bytes(10**8))),
        ("deflate", zlib.compress(bytes(10**8))),
        ("gzip, gzip", gzip.compress(gzip.compress(bytes(10**8)))),
        ("gzip", gzip.compress(bytes(600_000)) * 2),
    ],
    ids=["gzip", "deflate", "nested", "two members"],
)
def test_a_bomb_is_refused(server: RawServer, value: str, body: bytes) -> None:
    with pytest.raises(PhotoTooLarge, match=r"limit of 0\.9537 MB"):
        fetch_photo(server.answer("/a.jpg", ok(body, f"Content-Encoding: {value}")), LIMITS)


def test_a_file_of_empty_members_is_not_read_to_its_end(server: RawServer) -> None:
    body = gzip.compress(b"x") * (MAX_MEMBERS * 100)
    assert fetch_photo(server.answer("/a.jpg", ok(body, "Content-Encoding: gzip")), LIMITS).read() == b"x" * MAX_MEMBERS


@pytest.mark.parametrize("value", ["br", "zstd", "compress", "BR", "gzip, br", "x-compress", "dcb"])
def test_a_coding_that_cannot_be_decoded_is_named(server: RawServer, value: str) -> None:
    with pytest.raises(FetchError, match="compressed its response with") as caught:
        fetch_photo(server.answer("/a.jpg", ok(b"\x0b\x02\x80abc\x03", f"Content-Encoding: {value}")), LIMITS)
    assert caught.value.parameters == {"coding": value.split(", ")[-1].lower()}


@pytest.mark.parametrize("body", [PHOTO, gzip.compress(PHOTO)[:-9000], b"", gzip.compress(PHOTO)[:10] + b"\xff" * 99])
@pytest.mark.parametrize("value", ["gzip", "deflate"])
def test_a_body_that_is_not_what_it_says_is_an_error(server: RawServer, value: str, body: bytes) -> None:
    with pytest.raises(FetchError, match="isn't the"):
        fetch_photo(server.answer("/a.jpg", ok(body, f"Content-Encoding: {value}")), LIMITS)
