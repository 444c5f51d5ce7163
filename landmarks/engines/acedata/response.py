"""An HTTP response of the vendor: its JSON read strictly, its texts without tokens."""

import json
import re
from dataclasses import dataclass
from functools import cached_property

from landmarks.engines.acedata.redaction import Redaction, without_urls

TRACE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
CODE = re.compile(r"[A-Za-z0-9._-]{1,64}")
MAX_DIGITS = 18
"""Of a whole number; longer ones mean nothing here, and Python is slow to read very long ones."""
LOGGED = 500
"""Characters of a response that go to the log."""


@dataclass(frozen=True)
class Response:
    """A response of the vendor. Only `message`, `trace_id` and `summary` may be shown: they contain no tokens."""

    status: int
    text: str
    redact: Redaction
    header_trace_id: str = ""
    retry_after: str = ""

    @cached_property
    def body(self) -> object:
        """The JSON; raise ValueError if it is malformed, or has repeated keys or absurd numbers or nesting."""
        try:
            return json.loads(
                self.text, parse_constant=_no_constant, parse_int=_whole_number, object_pairs_hook=_unique_keys
            )
        except RecursionError as exc:
            raise ValueError("nested too deeply") from exc

    @property
    def code(self) -> str:
        """Only to compare with known codes: it may contain a token."""
        code = self._error.get("code")
        return code if isinstance(code, str) and CODE.fullmatch(code) else ""

    @property
    def message(self) -> str:
        message = self._error.get("message")
        return self.redact(message) if isinstance(message, str) else ""

    @property
    def trace_id(self) -> str:
        """The vendor's id of the request, from body or header; empty if there is no plausible one."""
        for value in (self._fields.get("trace_id"), self.header_trace_id):
            if isinstance(value, str) and TRACE_ID.fullmatch(self.redact(value)):
                return value
        return ""

    @property
    def has_error(self) -> bool:
        """Whether the body is an error, whatever the status."""
        return isinstance(self._fields.get("error"), dict | str)

    @property
    def summary(self) -> str:
        """For the log."""
        head = f"status {self.status} {self.redact(self.code) or '-'}, trace {self.trace_id or '-'}"
        return f"{head}: {without_urls(self.redact(self.text))[:LOGGED]}"

    @cached_property
    def _fields(self) -> dict[str, object]:
        try:
            body = self.body
        except ValueError:
            return {}
        return body if isinstance(body, dict) else {}

    @property
    def _error(self) -> dict[str, object]:
        """The error object; some servers send only its message, or Django's `detail`."""
        error = self._fields.get("error", self._fields.get("detail"))
        if isinstance(error, str):
            return {"message": error}
        return error if isinstance(error, dict) else {}


def one_line(text: str, limit: int) -> str:
    """The text on one line, of printable characters, truncated to the limit."""
    line = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _no_constant(text: str) -> object:
    raise ValueError(f"{text} is not a number")


def _whole_number(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise ValueError(f"a number of {len(digits)} digits")
    return int(digits)


def _unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a repeated key")
    return fields
