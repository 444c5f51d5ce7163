"""A limit of bytes for each request, checked before its body is read."""

import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from landmarks.core.errors import LandmarksError, LengthRequired, RequestTooLarge
from landmarks.http.error_responses import error_response

DRAIN_BYTES = 256 * 2**20
DRAIN_SECONDS = 5.0
"""How much of a rejected body is still read: many clients read the response only after they have sent everything."""
CHUNK = 64 * 2**10
RESULTS = "/api/results"


def limit_requests(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: a body that is too large, or doesn't declare its length, is rejected before any of it is read."""

    def limit(request: HttpRequest) -> HttpResponseBase:
        error = size_error(request)
        response = error_response(request, error) if error else get_response(request)
        # The server calls this after it has sent the response.
        response._resource_closers.append(partial(drain, request))  # type: ignore[attr-defined]
        return response

    return limit


def size_error(request: HttpRequest) -> LandmarksError | None:
    """Why the request is rejected, if it is."""
    if is_chunked(request):
        return LengthRequired("length_required")
    limit = max_bytes(request)
    if byte_count(request) <= limit:
        return None
    return RequestTooLarge("body_too_large", limit=limit, file_limit=settings.MAX_UPLOAD_MB * 2**20)


def max_bytes(request: HttpRequest) -> int:
    """Of the body. JSON can contain a photo only where results are created."""
    if request.content_type == "multipart/form-data":
        return int(settings.MAX_REQUEST_BYTES)
    if request.content_type == "application/json" and request.path_info.rstrip("/") == RESULTS:
        return int(settings.MAX_JSON_BYTES)
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def is_chunked(request: HttpRequest) -> bool:
    return "chunked" in request.headers.get("Transfer-Encoding", "").lower()


def byte_count(request: HttpRequest) -> int:
    """Of the body, as declared; the server rejects anything but a number."""
    declared = request.META.get("CONTENT_LENGTH") or "0"
    # Python refuses to read very long numbers, and the first 19 digits are too many bytes already.
    return int(declared[:19]) if declared.isdecimal() else 0


def drain(request: HttpRequest) -> None:
    """Read what the client still sends, within bounds: if the connection were closed, it would lose the response."""
    body = request.META["wsgi.input"] if is_chunked(request) else request
    connection = request.META.get("gunicorn.socket")
    end, left = time.monotonic() + DRAIN_SECONDS, DRAIN_BYTES
    with suppress(OSError):
        while left > 0 and (seconds := end - time.monotonic()) > 0:
            if connection:
                connection.settimeout(seconds)
            chunk = body.read(CHUNK)
            if not chunk:
                break
            left -= len(chunk)
