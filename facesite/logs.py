"""Log lines: one line for each message, whatever a message quotes, and none for what a client did wrong."""

import logging
import unicodedata

from django.http import UnreadablePostError

UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Categories of characters that nobody sees: controls, marks that turn the direction of a line, line breaks."""
PLANES = (*range(0x10000), *range(0xE0000, 0xE1000))
"""Where Unicode has such characters."""


def escape(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


ESCAPES = {code: escape(code) for code in PLANES if unicodedata.category(chr(code)) in UNSEEN}


class LineFormatter(logging.Formatter):
    """Writes line breaks and others that nobody sees in a message as escapes, so that nobody can forge a line.

    The traceback of an unexpected error still follows on lines of its own.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:
        return super().formatMessage(record).translate(ESCAPES)


def is_ours(record: logging.LogRecord) -> bool:
    """A filter: False for a client that left or stalled within a request, or that spoke no HTTP.

    gunicorn would name the client's address then, which is personal data.
    """
    error = record.exc_info[1] if record.exc_info else None
    left = isinstance(error, UnreadablePostError | BlockingIOError)
    return not left and not str(record.msg).startswith("Invalid request from ip=")
