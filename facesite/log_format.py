"""Log lines: one for each message, under the id of its request, and nothing of what a client sent or did wrong."""

import logging
import traceback
from typing import Any

from django.http import UnreadablePostError

from landmarks.runtime import request_id

BIDI = (0x061C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A))
"""Marks that turn the direction of what follows, and line ends that are none in ASCII."""
CONTROLS = {code: ascii(chr(code))[1:-1] for code in BIDI} | {
    code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))
}
OF_THE_CODE = (ArithmeticError, AssertionError, AttributeError, ImportError, NameError, TypeError)
"""Errors that speak of the code alone. Others quote what they could not read: names, addresses, fields of a form."""


class LineFormatter(logging.Formatter):
    """Writes line breaks and other controls in a message as escapes, so that nobody can forge a line.

    The traceback of an unexpected error still follows on lines of its own.
    """

    def format(self, record: logging.LogRecord) -> str:
        record.request_id = request_id.current()
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:
        return super().formatMessage(record).translate(CONTROLS)

    def formatException(self, ei: Any) -> str:
        """The places in the code and the kinds of the errors, the first cause first."""
        chain: list[BaseException] = []
        error: BaseException | None = ei[1]
        while error and error not in chain:
            chain.append(error)
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(told(each) for each in reversed(chain))


def is_ours(record: logging.LogRecord) -> bool:
    """A filter: False for a client that left or stalled within a request, or that spoke no HTTP.

    gunicorn would name the client's address then, which is personal data.
    """
    error = record.exc_info[1] if record.exc_info else None
    left = isinstance(error, UnreadablePostError | BlockingIOError)
    return not left and not str(record.msg).startswith("Invalid request from ip=")


def told(error: BaseException) -> str:
    """The traceback of one error; its message only where that quotes nothing from outside."""
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    reason = f": {' '.join(str(error).split())}" if isinstance(error, OF_THE_CODE) else ""
    return "".join(traceback.format_tb(error.__traceback__)) + kind + reason
