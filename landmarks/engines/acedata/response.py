"""What came back for a request, read strictly and never further than it can be trusted."""

import json
import re
from dataclasses import dataclass
from functools import cached_property

from landmarks.engines.acedata.redaction import Redaction, without_addresses

TRACE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
CODE = re.compile(r"[A-Za-z0-9._-]{1,64}")
LONGEST_NUMBER = 18
"""Digits of a whole number; longer ones stand for nothing here, and Python is slow to read very long ones."""
LOGGED = 500
"""Characters of an answer that are kept for the log."""


@dataclass(frozen=True)
class Reply:
    """An answer of the vendor; of what it says only `message`, `trace_id` and `shown` are told, without tokens."""

    status: int
    text: str
    redact: Redaction
    header_trace_id: str = ""
    retry_after: str = ""

    @cached_property
    def body(self) -> object:
        """The answer as JSON; raise ValueError for what is none, or none that anybody would write in earnest."""
        try:
            return json.loads(
                self.text, parse_constant=_no_number, parse_int=_whole_number, object_pairs_hook=_without_doubles
            )
        except RecursionError as exc:
            raise ValueError("nested too deeply") from exc

    @property
    def code(self) -> str:
        """For comparison only: it may echo a token."""
        code = self._error.get("code")
        return code if isinstance(code, str) and CODE.fullmatch(code) else ""

    @property
    def message(self) -> str:
        message = self._error.get("message")
        return self.redact(message) if isinstance(message, str) else ""

    @property
    def trace_id(self) -> str:
        """What the vendor calls this request by, from the answer or its head; empty where there is no plausible one."""
        for found in (self._fields.get("trace_id"), self.header_trace_id):
            if isinstance(found, str) and TRACE_ID.fullmatch(self.redact(found)):
                return found
        return ""

    @property
    def has_error(self) -> bool:
        """Whether it is the vendor's envelope of an error, whatever the status."""
        return isinstance(self._fields.get("error"), dict | str)

    @property
    def shown(self) -> str:
        """For the log."""
        head = f"status {self.status} {self.redact(self.code) or '-'}, trace {self.trace_id or '-'}"
        return f"{head}: {without_addresses(self.redact(self.text))[:LOGGED]}"

    @cached_property
    def _fields(self) -> dict[str, object]:
        try:
            body = self.body
        except ValueError:
            return {}
        return body if isinstance(body, dict) else {}

    @property
    def _error(self) -> dict[str, object]:
        """The envelope's error; some servers write only its message, or Django's `detail`."""
        error = self._fields.get("error", self._fields.get("detail"))
        if isinstance(error, str):
            return {"message": error}
        return error if isinstance(error, dict) else {}


def cleaned(text: str, limit: int) -> str:
    """On one line, of characters that can be seen, and cut to the limit."""
    line = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _no_number(text: str) -> object:
    raise ValueError(f"{text} is no number")


def _whole_number(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise ValueError(f"a number of {len(digits)} digits")
    return int(digits)


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a key that comes twice")
    return fields
