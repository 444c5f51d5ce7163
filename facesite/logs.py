"""Log lines: one line for each message, whatever a message quotes, and none for what a client did wrong."""

import logging

from django.http import UnreadablePostError

CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))}


class LineFormatter(logging.Formatter):
    """Writes line breaks and other controls in a message as escapes, so that nobody can forge a line.

    The traceback of an unexpected error still follows on lines of its own.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:
        return super().formatMessage(record).translate(CONTROLS)


def is_ours(record: logging.LogRecord) -> bool:
    """A filter: False for a client that left or stalled within a request, or that spoke no HTTP.

    gunicorn would name the client's address then, which is personal data.
    """
    error = record.exc_info[1] if record.exc_info else None
    left = isinstance(error, UnreadablePostError | BlockingIOError)
    return not left and not str(record.msg).startswith("Invalid request from ip=")
