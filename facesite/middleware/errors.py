"""What goes wrong anywhere, translated once: our errors, disk and database, and what Django itself refuses."""

import errno
from collections.abc import Callable
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, UnreadablePostError
from django.utils.deprecation import MiddlewareMixin

from landmarks.core.errors import LandmarksError, MethodNotAllowed, StorageError
from landmarks.http.error_responses import error_response

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


class ErrorMiddleware(MiddlewareMixin):
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
                return error_response(request, error)
            raise
        return None

    def process_exception(self, request: HttpRequest, exc: Exception) -> HttpResponse | None:
        error = translate(exc)
        return error_response(request, error) if error else None

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not isinstance(response, HttpResponseNotAllowed) or response.content:
            return response
        allowed = response["Allow"]
        explained = error_response(request, MethodNotAllowed("method_not_allowed", methods=allowed))
        explained["Allow"] = allowed
        return explained


def translate(exc: Exception) -> LandmarksError | None:
    """The error that people are told; None for one that nobody foresaw."""
    if isinstance(exc, LandmarksError):
        return exc
    is_full = isinstance(exc, OSError) and exc.errno in FULL
    if is_full or isinstance(exc, OperationalError | InterfaceError):
        return StorageError("storage_failed", detail=str(exc))
    return None
