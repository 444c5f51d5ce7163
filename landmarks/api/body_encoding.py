"""Why a body is no JSON, if it is compressed or in another encoding than UTF-8."""

import codecs

from django.http import HttpRequest

from landmarks.core.errors import RequestInvalid

GZIP = b"\x1f\x8b"
MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),  # before that of UTF-16, with which it begins
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


def refuse_compression(request: HttpRequest) -> None:
    """Raise RequestInvalid if the request declares that its body is compressed."""
    coding = request.headers.get("Content-Encoding", "").strip().lower()
    if coding not in ("", "identity"):
        raise RequestInvalid("body_compressed", coding=coding[:20])


def explain(body: bytes) -> RequestInvalid:
    """The error for a body that is not JSON."""
    if body.startswith(GZIP):
        return RequestInvalid("body_compressed", coding="gzip")
    if body.startswith(codecs.BOM_UTF8):
        return RequestInvalid("body_has_bom")
    if encoding := wide_encoding(body):
        return RequestInvalid("body_not_utf8", encoding=encoding)
    try:
        body.decode()
    except UnicodeDecodeError:
        return RequestInvalid("body_not_utf8", encoding="something else")
    return RequestInvalid("body_invalid")


def wide_encoding(body: bytes) -> str:
    """UTF-16 or UTF-32, by its mark or by the zero bytes of the first two characters; empty for anything else."""
    for mark, encoding in MARKS:
        if body.startswith(mark):
            return encoding
    zeros = [byte == 0 for byte in body[:4]]
    if zeros in ([True, True, True, False], [False, True, True, True]):
        return "UTF-32"
    return "UTF-16" if zeros in ([True, False, True, False], [False, True, False, True]) else ""
