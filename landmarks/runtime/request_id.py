"""The id of the request that is being answered: for its answer, its log lines and the page that tells what failed."""

from contextvars import ContextVar
from uuid import uuid4

NONE = "-"
"""Outside of a request."""

_current: ContextVar[str] = ContextVar("request_id", default=NONE)


def current() -> str:
    return _current.get()


def new() -> str:
    """In the form of the vendor's trace ids, as which programs get it."""
    return str(uuid4())


def begin(id: str) -> None:
    """From here on everything in this thread is said under that id.

    It stays until the next request: Django and the server speak of this one after the last of our code has run.
    """
    _current.set(id)
