"""The ids of the current request, which its response and its error page have too, and of the current job.

Log lines have both.
"""

from contextvars import ContextVar
from uuid import uuid4

NONE = "-"
"""Outside of a request."""

_current: ContextVar[str] = ContextVar("request_id", default=NONE)
_job: ContextVar[str] = ContextVar("job_id", default="")


def current() -> str:
    return _current.get()


def current_job() -> str:
    """Empty where this thread works on no job."""
    return _job.get()


def new() -> str:
    """In the form of the vendor's trace ids, because API clients get it as one."""
    return str(uuid4())


def begin(id: str, job: str = "") -> None:
    """From here on, this thread works on the request with that id, or on a job that it queued.

    The ids stay until the next request or job, since Django and the server still log something after our code has run.
    """
    _current.set(id)
    _job.set(job)
