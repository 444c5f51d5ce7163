"""Server-sent events: the state of something whenever it has changed, until it is over.

Each open stream occupies a thread of the server, so there are few, none is long, and whoever finds no place gets the
state at once and is told to come again soon. Browsers do that by themselves.
"""

import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import get_script_prefix, set_script_prefix

from landmarks.core.errors import Busy, LandmarksError
from landmarks.http.response_headers import EVENT_STREAM
from landmarks.runtime import caller
from landmarks.runtime.concurrency import EVENT_STREAMS
from landmarks.storage.connections import close_connection
from landmarks.storage.time_limits import limited

POLL = 1.0
"""Seconds between two looks at the state."""
SHARE = 20
"""Times that a look takes, of the wait after it: counting the photos of a large collection takes a while."""
HEARTBEAT = 10.0
"""Seconds after which something is sent although nothing has changed, so that a closed connection is noticed."""
LONGEST = 60.0
"""Seconds of one stream. Its token is checked again for the next one."""
RETRY, RETRY_IF_BUSY = 1000, 5000
"""Milliseconds after which the client comes again: after a stream, and after one that had no place."""
LAST_SEEN = "Last-Event-ID"

_is_stopping = threading.Event()

Read = Callable[[], tuple[str, bool]]
"""The state as one line of JSON, and whether it is the last one. Raises LandmarksError."""


def stop() -> None:
    """End all streams of this process; may be called by a signal. Clients come again, to the next process."""
    _is_stopping.set()


def event_stream(request: HttpRequest, read: Read) -> HttpResponseBase:
    """The state, and again whenever it has changed. Raises what `read` raises, for the first one.

    A client that has seen the last state gets 204, which tells browsers not to come again.
    """
    seen = request.headers.get(LAST_SEEN, "")
    state, is_over = read()
    if is_over and seen == id_of(state):
        return HttpResponse(status=204)
    # What is known of a request is forgotten when its response begins to be sent.
    client, prefix = caller.current().client, get_script_prefix()
    response = StreamingHttpResponse(events(below(prefix, read), seen, client), content_type=EVENT_STREAM)
    response["X-Accel-Buffering"] = "no"  # nginx would wait for more
    return response


def below(prefix: str, read: Read) -> Read:
    """Read with addresses that begin with that path."""

    def read_below() -> tuple[str, bool]:
        before = get_script_prefix()
        set_script_prefix(prefix)
        try:
            return read()
        finally:
            set_script_prefix(before)

    return read_below


def events(read: Read, seen: str, client: str) -> Iterator[str]:
    with ExitStack() as stack:
        seconds = 0.0
        with suppress(Busy), caller.working_for(client):
            stack.enter_context(EVENT_STREAMS.slot())
            seconds = LONGEST
        yield f"retry: {RETRY if seconds else RETRY_IF_BUSY}\n\n"
        # What fails in the middle ends the stream, and is reported when the client comes again.
        with suppress(LandmarksError):
            yield from changes(read, seen, seconds)


def changes(read: Read, seen: str, seconds: float) -> Iterator[str]:
    begin = spoken = time.monotonic()
    while True:
        looked = time.monotonic()
        with limited():
            state, is_over = read()
        close_connection()
        now = time.monotonic()
        if (id := id_of(state)) != seen:
            seen, spoken = id, now
            yield f"id: {id}\ndata: {state}\n\n"
        elif now - spoken >= HEARTBEAT:
            spoken = now
            yield ":\n\n"
        if is_over or now - begin >= seconds or _is_stopping.wait(max(POLL, SHARE * (now - looked))):
            return


def id_of(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()[:16]
