"""The id of the current request: in its response, its log lines and on its error page."""

from contextvars import ContextVar
from uuid import uuid4

NONE = "-"
"""Outside of a request."""

_current: ContextVar[str] = ContextVar("request_id", default=NONE)


def current() -> str:
    return _current.get()


def new() -> str:
    """In the form of the vendor's trace ids, because API clients get it as one."""
    return str(uuid4())


def begin(id: str) -> None:
    """From here on, this thread works on the request with that id.

    The id stays until the next request, since Django and the server still log something after our code has run.
    """
    _current.set(id)
