"""A request while it arrives: waitress reads it, and this rejects what is malformed, ambiguous or too large."""

import re
from contextlib import suppress
from io import BytesIO
from typing import Any
from urllib.parse import unquote

from waitress.parser import HTTPRequestParser, ParsingError

from landmarks.core.disk_errors import upload_failure
from landmarks.core.errors import HeadersTooLarge, LandmarksError, RequestInvalid
from landmarks.http.request_limits import body_limit, too_large

HEAD_BYTES = 32 * 2**10
"""Of the request line and all headers together: twice what browsers send with the largest cookies of this site."""
FRAMING_BYTES = 64 * 2**10
"""By which the framing of a chunked body may exceed its content: chunks of six bytes still get through."""
FRAMING_LINE_BYTES = 4 * 2**10
"""Of one line between chunks, or of all lines after the last one. waitress searches these again for each read."""

TRANSFER_ENCODING = re.compile(rb"\r\ntransfer-encoding:[ \t]*([^\r\n]*)", re.IGNORECASE)
FOLDED_LINE = re.compile(rb"\r\n[ \t]")
CONTROL = re.compile(rb"[\x00-\x1f\x7f]")


class RequestParser(HTTPRequestParser):  # type: ignore[misc]
    """Its `error` is one of our own, which is answered in the site's own form.

    A request in which the end of the body could be read in two ways is rejected: a proxy in front may have chosen the
    other one.
    """

    # What a request has whose head cannot be read.
    version, command, path, request_uri, query, url_scheme = "1.1", "GET", "/", "/", "", "http"
    error: LandmarksError | None = None

    def received(self, data: bytes) -> int:
        """How many of the bytes belong to this request; `completed` says that it is whole or rejected."""
        head = b"" if self.headers_finished else self.header_plus + data
        try:
            consumed: int = super().received(data)
        except OSError as exc:
            self.reject(upload_failure(exc))
            return len(data)
        if self.error is not None and not isinstance(self.error, LandmarksError):
            self._note_path(head)
            self.reject(_own_error(self.error))
        elif self.body_rcv is not None and self.error is None:
            self._check_body()
        return consumed

    def parse_header(self, header_plus: bytes) -> None:
        """Raises ParsingError for what waitress would accept and should not."""
        try:
            super().parse_header(header_plus)
        except ValueError as exc:  # an address like http://[
            raise ParsingError("request_malformed") from exc
        encodings = TRANSFER_ENCODING.findall(header_plus)
        is_ambiguous = encodings and (
            len(encodings) > 1
            or encodings[0].strip(b" \t").lower() != b"chunked"
            or "CONTENT_LENGTH" in self.headers
            or self.version != "1.1"
        )
        if is_ambiguous or FOLDED_LINE.search(header_plus) or CONTROL.search(self.first_line):
            raise ParsingError("request_malformed")
        if self.version not in ("1.0", "1.1"):
            raise ParsingError("request_malformed")
        if self.version == "1.1" and "HOST" not in self.headers:
            raise ParsingError("host_missing")
        self.limit = body_limit(self.headers.get("CONTENT_TYPE", ""), self.path)
        if self.content_length > self.limit:
            self.reject(too_large(self.limit))
        if self.body_rcv is None:
            self.expect_continue = False
        # waitress knows it only when nothing else is in the header.
        if "close" in re.split(r"[ \t]*,[ \t]*", self.headers.get("CONNECTION", "").lower()):
            self.connection_close = True

    def reject(self, error: LandmarksError) -> None:
        """Answer with this error as soon as what came before is answered; what was received is dropped."""
        self.error = error
        self.completed = True
        # The client must get the answer instead of being asked for its body.
        self.expect_continue = False
        self.close()

    def get_body_stream(self) -> Any:
        return super().get_body_stream() if self.error is None else BytesIO()

    def close(self) -> None:
        # Closing a file writes what is still buffered, which fails on a full disk.
        with suppress(OSError):
            super().close()

    def _check_body(self) -> None:
        body = self.body_rcv
        if len(body) > self.limit:
            self.reject(too_large(self.limit))
        elif self.chunked:
            framing = self.body_bytes_received - len(body)
            line = max(len(body.control_line), len(body.trailer))
            if framing > FRAMING_BYTES + len(body) or line > FRAMING_LINE_BYTES:
                self.reject(RequestInvalid("request_malformed"))

    def _note_path(self, head: bytes) -> None:
        """The path decides whether the error is a page or JSON, also where the rest cannot be read."""
        words = head.lstrip().partition(b"\r\n")[0].split(b" ", 2)
        if len(words) > 1 and words[1].startswith(b"/"):
            self.path = unquote(words[1].partition(b"?")[0].decode("latin-1"), "latin-1")


def _own_error(error: Any) -> LandmarksError:
    """Ours for an error of waitress."""
    if error.code == 431:
        return HeadersTooLarge("headers_too_large", kilobytes=HEAD_BYTES // 2**10)
    return RequestInvalid("host_missing" if error.body == "host_missing" else "request_malformed")
