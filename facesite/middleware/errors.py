"""Errors anywhere in the site become responses: our own, those of disk and database, and Django's."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.utils.deprecation import MiddlewareMixin

from landmarks.core.errors import LandmarksError, MethodNotAllowed
from landmarks.http.error_responses import error_response
from landmarks.http.methods import refuse_method
from landmarks.storage.errors import is_database_failure, is_disk_full, is_read_only, storage_error


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
    if is_disk_full(exc) or is_read_only(exc) or is_database_failure(exc):
        return storage_error(exc)
    return None
