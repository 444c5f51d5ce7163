"""Django's error pages: what is shown where Django itself ends a request."""

import logging
import math
import threading
import time

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse

from landmarks.core.errors import CsrfFailed, Forbidden, LandmarksError, NotFound, RequestInvalid, RequestTooLarge
from landmarks.http.error_responses import error_response, render_error
from landmarks.http.origin import origin_error

logger = logging.getLogger(__name__)
TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
NOTE_SECONDS, MOST_NOTED = 10 * 60, 10
"""So many hosts are logged within so many seconds."""


class UnknownHosts:
    """Logs the hosts of requests that are not allowed, each once in a while and few: scanners make up thousands.

    Not only the first, since scanners come more often than the visitors who use a name that was forgotten.
    """

    def __init__(self) -> None:
        self._noted: set[str] = set()
        self._ends = -math.inf
        self._lock = threading.Lock()

    def note(self, host: str) -> None:
        if not host:
            return
        now = time.monotonic()
        with self._lock:
            if now >= self._ends:
                self._noted.clear()
                self._ends = now + NOTE_SECONDS
            if host in self._noted or len(self._noted) >= MOST_NOTED:
                return
            self._noted.add(host)
        logger.warning(
            "A request for the host %.100r was rejected. If that is a name of this site, add it to ALLOWED_HOSTS; "
            "if not, let the proxy pass on the header Host unchanged.",
            host,
        )


unknown_hosts = UnknownHosts()


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, DisallowedHost):
        unknown_hosts.note(request.META.get("HTTP_HOST", ""))
        return error_response(request, RequestInvalid("host_not_allowed"))
    if isinstance(exception, TOO_LARGE):
        max_files = settings.DATA_UPLOAD_MAX_NUMBER_FILES
        return error_response(request, RequestTooLarge("body_too_many_parts", max_files=max_files))
    return error_response(request, RequestInvalid("request_malformed"))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_response(request, Forbidden("forbidden"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    if reason.startswith(("Origin", "Referer")):
        error = origin_error(request)
        logger.warning("A form was refused: %s", error.message)
        return render_error(request, error, "403_origin.html")
    return render_error(request, CsrfFailed("csrf_failed"), "403_csrf.html")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_response(request, NotFound("page_not_found"))


def failed(request: HttpRequest) -> HttpResponse:
    """Django has logged the error already."""
    return render_error(request, LandmarksError("internal_error"))
