"""Errors anywhere in the site become responses: our own, those of disk and database, and Django's."""

import errno
from collections.abc import Callable
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, UnreadablePostError
from django.utils.deprecation import MiddlewareMixin

from landmarks.core.errors import LandmarksError, MethodNotAllowed, StorageError
from landmarks.http.error_responses import error_response
from landmarks.http.methods import refuse_method

DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


class ErrorMiddleware(MiddlewareMixin):
    """Directly above the CSRF check, which is the first to refuse a request and to read the form."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Refuse other methods before the CSRF check would call them forbidden, and read the form.

        The form is read here, because errors in another middleware would not be translated.
        """
        if refused := refuse_method(request, view):
            return refused
        if request.method != "POST" or getattr(view, "csrf_exempt", False):
            return None
        try:
            request.POST  # noqa: B018 - reading it is what may fail
        except UnreadablePostError:
            return None
        except (LandmarksError, OSError) as exc:
            if response := self.process_exception(request, exc):
                return response
            raise
        return None

    def process_exception(self, request: HttpRequest, exc: Exception) -> HttpResponse | None:
        error = translate(exc)
        return error_response(request, error) if error else None

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Give a body to 405, which Django sends without one."""
        if not isinstance(response, HttpResponseNotAllowed) or response.content:
            return response
        allowed = response["Allow"]
        explained = error_response(request, MethodNotAllowed("method_not_allowed", methods=allowed))
        explained["Allow"] = allowed
        return explained


def translate(exc: Exception) -> LandmarksError | None:
    """The error to respond with; None for an unexpected one."""
    if isinstance(exc, LandmarksError):
        return exc
    is_disk_full = isinstance(exc, OSError) and exc.errno in DISK_FULL
    if is_disk_full or isinstance(exc, OperationalError | InterfaceError):
        return StorageError("storage_failed", detail=str(exc))
    return None
