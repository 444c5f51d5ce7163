"""Django's error pages: what is shown where Django itself ends a request."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse

from landmarks.core.errors import CsrfFailed, Forbidden, LandmarksError, NotFound, RequestInvalid, RequestTooLarge
from landmarks.http.error_responses import error_response, render_error

TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, TOO_LARGE):
        max_files = settings.DATA_UPLOAD_MAX_NUMBER_FILES
        return error_response(request, RequestTooLarge("body_too_many_parts", max_files=max_files))
    return error_response(request, RequestInvalid("request_malformed"))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_response(request, Forbidden("forbidden"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render_error(request, CsrfFailed("csrf_failed"), "403_csrf.html")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_response(request, NotFound("page_not_found"))


def failed(request: HttpRequest) -> HttpResponse:
    """Django has logged the error already."""
    return render_error(request, LandmarksError("internal_error"))
