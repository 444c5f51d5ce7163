"""Forms with files as programs really send them: names that are not UTF-8, or of characters that Django drops."""

import codecs
import html
import re
from typing import Any, Protocol
from unicodedata import category
from urllib.parse import quote, unquote_to_bytes

from django.core.files.uploadhandler import FileUploadHandler
from django.http.multipartparser import MultiPartParser

from landmarks.core.names import decode_name
from landmarks.core.text import clean_line

MAX_HEAD = 16 * 1024
"""Bytes of the head of a part; Django refuses longer ones."""
HEAD_END = b"\r\n\r\n"
UNASSIGNED = ("Cn", "Co")
"""Categories of characters that mean nothing, or something among few people only."""
EXTENDED_NAME = re.compile(r"(filename\*=)\s*\"?([^';\"]*)'([^';\"]*)'([^;\"\r\n]*)\"?", re.IGNORECASE)
"""A name with its encoding (RFC 8187)."""


class Readable(Protocol):
    """The body of a request."""

    def read(self, size: int, /) -> bytes: ...


class FormReader(FileUploadHandler):
    """The first of the upload handlers: it has the form parsed by our parser, with the handlers after it."""

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> Any:
        others = [handler for handler in self.request.upload_handlers if handler is not self]  # type: ignore[union-attr]
        body: Any = ReadableHeads(input_data, boundary)  # of a file, Django calls read only
        return FormParser(META, body, others, encoding).parse()


class FormParser(MultiPartParser):
    """Django's parser, which loses a file whose name it can't decode."""

    def sanitize_file_name(self, file_name: str) -> str:
        """The last part of a path. Unlike Django's, it keeps the joiners of emoji, and a file without a name."""
        name = re.split(r"[/\\]", html.unescape(file_name))[-1]
        name = clean_line("".join(each for each in name if category(each) not in UNASSIGNED))
        return "photo" if name in ("", ".", "..") else name


class ReadableHeads:
    """The body of a form, with the heads of its parts in UTF-8; the parts themselves are not touched."""

    def __init__(self, body: Readable, boundary: bytes) -> None:
        self._body = body
        self._delimiter = b"--" + boundary
        self._buffer = b""
        self._is_in_head = False

    def read(self, size: int) -> bytes:
        """About as many bytes; none at the end only."""
        ready = b""
        while not ready:
            chunk = self._body.read(size)
            self._buffer += chunk
            ready = self._take_ready()
            if not chunk:
                rest, self._buffer = self._buffer, b""
                return ready + rest
        return ready

    def _take_ready(self) -> bytes:
        """What of the buffer is complete: all but the beginning of a head, or of what may become a delimiter."""
        ready: list[bytes] = []
        while True:
            sought = HEAD_END if self._is_in_head else self._delimiter
            before, found, rest = self._buffer.partition(sought)
            if not found:
                break
            ready.append((readable_head(before) if self._is_in_head else before) + found)
            self._buffer, self._is_in_head = rest, not self._is_in_head
        if self._is_in_head and len(self._buffer) <= MAX_HEAD:
            return b"".join(ready)
        kept = len(sought) - 1
        ready.append(self._buffer[:-kept])
        self._buffer = self._buffer[-kept:]
        return b"".join(ready)


def readable_head(head: bytes) -> bytes:
    """The head in UTF-8, and in it a name with its encoding as well."""
    if b"filename*" not in head.lower() and head.isascii():
        return head
    return EXTENDED_NAME.sub(_in_utf8, decode_name(head)).encode()


def _in_utf8(name: re.Match[str]) -> str:
    parameter, encoding, language, value = name.groups()
    data = unquote_to_bytes(value)
    try:
        codecs.lookup(encoding)
        text = data.decode(encoding)
    except (LookupError, UnicodeError):
        text = decode_name(data)
    return f"{parameter}UTF-8'{language}'{quote(text)}"
