"""A limit of bytes for each request, checked before its body is read."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from landmarks.core.errors import LandmarksError
from landmarks.http.error_responses import error_response
from landmarks.http.request_limits import REJECTION, body_limit, too_large


def limit_requests(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: a request that is too large, or that the server could not accept, is answered with its error."""

    def limit(request: HttpRequest) -> HttpResponseBase:
        error = request.META.get(REJECTION) or size_error(request)
        if not error:
            return get_response(request)
        response = error_response(request, error)
        # Django adds it further down.
        response["Content-Length"] = str(len(response.content))
        return response

    return limit


def size_error(request: HttpRequest) -> LandmarksError | None:
    """Why the request is rejected, if it is; `serve` has checked that already, other servers do not."""
    limit = body_limit(request.META.get("CONTENT_TYPE", ""), request.path_info)
    return too_large(limit) if byte_count(request) > limit else None


def byte_count(request: HttpRequest) -> int:
    """Of the body, as declared; servers reject anything but a number."""
    declared = request.META.get("CONTENT_LENGTH") or "0"
    # Python refuses to read very long numbers, and the first 19 digits are too many bytes already.
    return int(declared[:19]) if declared.isdecimal() else 0
