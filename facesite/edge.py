"""What goes wrong anywhere, translated once: our errors, disk and database, and what Django itself refuses."""

import errno
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, UnreadablePostError
from django.utils.deprecation import MiddlewareMixin

from landmarks.errors import LandmarksError, StorageError
from landmarks.store import OUT_OF_ORDER
from landmarks.web.refusals import refuse, tell

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


class Edge(MiddlewareMixin):
    """Just above the check of forms, which is the first to read what was sent."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Read the form here, where its errors can be told: nothing translates those of a middleware."""
        if request.method != "POST" or getattr(view, "csrf_exempt", False):
            return None
        try:
            request.POST  # noqa: B018 - reading it is what may fail
        except UnreadablePostError:
            return None
        except (LandmarksError, OSError) as exc:
            if error := translate(exc):
                return refuse(request, error)
            raise
        return None

    def process_exception(self, request: HttpRequest, exc: Exception) -> HttpResponse | None:
        error = translate(exc)
        return refuse(request, error) if error else None

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not isinstance(response, HttpResponseNotAllowed) or response.content:
            return response
        message = f"This address cannot be used in this way. It takes {response['Allow']}."
        told = tell(request, 405, "method_not_allowed", message)
        told["Allow"] = response["Allow"]
        return told


def translate(exc: Exception) -> LandmarksError | None:
    """The error that people are told; None for one that nobody foresaw."""
    if isinstance(exc, LandmarksError):
        return exc
    is_full = isinstance(exc, OSError) and exc.errno in FULL
    if is_full or isinstance(exc, OperationalError | InterfaceError):
        return StorageError(OUT_OF_ORDER, detail=str(exc))
    return None


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


def form_without_mark(request: HttpRequest, reason: str = "") -> HttpResponse:
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
