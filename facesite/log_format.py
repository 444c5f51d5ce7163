"""Log lines: one a message, with the ids of its request and job, and nothing that clients sent or did wrong."""

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from typing import Any

from landmarks.core.text import escape_invisible
from landmarks.runtime import request_id

RESULT_ADDRESS = re.compile(r"(?<=/)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}[^\s'\"]*", re.IGNORECASE)
"""The last part of the address of a result, a temporary link or a file: who has it may see the photo."""
CODE_ERRORS = (ArithmeticError, AssertionError, AttributeError, ImportError, NameError, TypeError)
"""Errors whose messages are about the code only. Others quote what they could not read: names, addresses, fields."""


class LineFormatter(logging.Formatter):
    """Escapes invisible characters and line breaks in a message, so that nobody can forge a line or turn it around.

    The traceback of an unexpected error follows on lines of its own.
    """

    def format(self, record: logging.LogRecord) -> str:
        job = request_id.current_job()
        record.request_id = f"{request_id.current()} job {job}" if job else request_id.current()
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = RESULT_ADDRESS.sub("…", record.message)
        return escape_invisible(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:
        """The tracebacks and the kinds of the errors, the first cause first."""
        chain: list[BaseException] = []
        error: BaseException | None = ei[1]
        while error and error not in chain:
            chain.append(error)
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(_traceback(each) for each in reversed(chain))


class JsonFormatter(LineFormatter):
    """A JSON object a line, with the same messages and as little of clients; a traceback is one of its fields."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {
            "time": moment,
            "level": record.levelname,
            "logger": record.name,
            "request_id": request_id.current(),
            "message": RESULT_ADDRESS.sub("…", record.getMessage()),
        }
        if job := request_id.current_job():
            line["job_id"] = job
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line)


def is_unexpected(record: logging.LogRecord) -> bool:
    """A filter: False for responses without an exception, which are our own and logged where that is due."""
    return bool(record.exc_info)


def _traceback(error: BaseException) -> str:
    """The traceback of one error; its message only if that quotes nothing from outside."""
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    reason = f": {' '.join(str(error).split())}" if isinstance(error, CODE_ERRORS) else ""
    return "".join(traceback.format_tb(error.__traceback__)) + kind + reason
