"""Django's error pages: what is shown where Django itself ends a request."""

import logging
from functools import cache

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse

from landmarks.core.errors import CsrfFailed, Forbidden, LandmarksError, NotFound, RequestInvalid, RequestTooLarge
from landmarks.http.error_responses import error_response, render_error
from landmarks.http.origin import origin_error

logger = logging.getLogger(__name__)

TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, TOO_LARGE):
        max_files = settings.DATA_UPLOAD_MAX_NUMBER_FILES
        return error_response(request, RequestTooLarge("body_too_many_parts", max_files=max_files))
    if isinstance(exception, DisallowedHost):
        log_unknown_host()
        return error_response(request, RequestInvalid("host_not_allowed"))
    return error_response(request, RequestInvalid("request_malformed"))


@cache
def log_unknown_host() -> None:
    """Once for each process: scanners send any name. For a site whose proxy is wrong this is the first line."""
    logger.warning(
        "The header Host of a request names none of ALLOWED_HOSTS. If visitors see that, add the name, or let the "
        "proxy pass on Host unchanged."
    )


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
