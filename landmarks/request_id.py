"""The id of the request that is being answered: for its answer, its log lines and the page that tells what failed."""

import secrets
from contextvars import ContextVar

NONE = "-"
"""Outside of a request."""

_current: ContextVar[str] = ContextVar("request_id", default=NONE)


def current() -> str:
    return _current.get()


def new() -> str:
    return secrets.token_hex(8)


def begin(id: str) -> None:
    """From here on everything in this thread is said under that id.

    It stays until the next request: Django and the server speak of this one after the last of our code has run.
    """
    _current.set(id)
