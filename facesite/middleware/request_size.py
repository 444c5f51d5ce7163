"""What a request may carry: so many bytes in all, each file up to its limit, kept where nobody else can read it."""

import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from landmarks.core.errors import LengthRequired, RequestTooLarge
from landmarks.http.error_responses import error_response

DRAINED_BYTES = 256 * 2**20
DRAINED_SECONDS = 5.0
"""How much of a refused body is still taken: many clients read the answer only when they have sent everything."""
PIECE = 64 * 2**10

# --- the whole of a request ------------------------------------------------------------------------------------------


def limit_requests(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: a body that is too large, or does not say how large it is, is refused before any of it is read."""

    def limit(request: HttpRequest) -> HttpResponseBase:
        response = refuse_body(request) or get_response(request)
        # Called by the server when the answer is sent.
        response._resource_closers.append(partial(drain, request))  # type: ignore[attr-defined]
        return response

    return limit


def refuse_body(request: HttpRequest) -> HttpResponse | None:
    """The refusal, where there is a reason for one."""
    if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        return error_response(request, LengthRequired("length_required"))
    is_form = request.content_type == "multipart/form-data"
    limit = settings.MAX_REQUEST_BYTES if is_form else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if byte_count(request) <= limit:
        return None
    file_limit = settings.MAX_UPLOAD_MB * 2**20
    return error_response(request, RequestTooLarge("body_too_large", limit=limit, file_limit=file_limit))


def byte_count(request: HttpRequest) -> int:
    """Of the body, as the request declares it; servers refuse what is no number."""
    declared = request.META.get("CONTENT_LENGTH") or "0"
    return int(declared) if declared.isdecimal() else 0


def drain(request: HttpRequest) -> None:
    """Read what the client still sends, within bounds: closed before that, its connection would lose the answer."""
    body, connection = request.META["wsgi.input"], request.META.get("gunicorn.socket")
    if "chunked" not in request.headers.get("Transfer-Encoding", "").lower():
        body = request
    end, left = time.monotonic() + DRAINED_SECONDS, DRAINED_BYTES
    with suppress(OSError):
        while left > 0 and (seconds := end - time.monotonic()) > 0:
            if connection:
                connection.settimeout(seconds)
            piece = body.read(PIECE)
            if not piece:
                break
            left -= len(piece)


# --- each file -------------------------------------------------------------------------------------------------------
