"""Django's error pages: what is shown where Django itself ends a request."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse

from landmarks.core.errors import LandmarksError
from landmarks.http.error_responses import tell

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, TOO_MUCH):
        return tell(
            request,
            413,
            "request_too_large",
            "More was sent than this site takes at once: too many files (more than "
            f"{settings.DATA_UPLOAD_MAX_NUMBER_FILES}) or fields, or too long a text. Go back and send less.",
        )
    return tell(
        request,
        400,
        "bad_request",
        "What was sent is not what a browser sends here. Go back, load the page again and send it once more.",
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return tell(
        request,
        403,
        "forbidden",
        "What you asked for may not be done from here. Go back to the first page and try again.",
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return tell(
        request,
        403,
        "csrf_failed",
        "Your browser sent a form without the mark that this site gave it, or its cookies are switched off, so nothing "
        "was done. Go back, load the page again and send it once more.",
        "403_csrf.html",
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return tell(
        request,
        404,
        "not_found",
        "The address is mistyped, or the result was deleted, or it belongs to another browser: results are shown only "
        "to the browser that made them.",
    )


def failed(request: HttpRequest) -> HttpResponse:
    return tell(
        request,
        500,
        LandmarksError.code,
        "This is not your fault, and nothing of yours was lost. Try again in a moment; if it happens again, tell "
        "whoever runs this site what you did and when.",
    )
