"""Which methods a view accepts: any other is a 405, also from a client without a CSRF token."""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.views.decorators import http

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def require_safe(view: View) -> View:
    return _require(["GET", "HEAD"], view)


def require_POST(view: View) -> View:  # noqa: N802  like Django's
    return _require(["POST"], view)


def require_safe_or_POST(view: View) -> View:  # noqa: N802
    """For a page with a form that is sent to its own address."""
    return _require(["GET", "HEAD", "POST"], view)


def _require(methods: list[str], view: View) -> View:
    """Django's check, for a view whose methods are known before it is called."""
    checked: View = http.require_http_methods(methods)(view)
    checked.accepted_methods = methods  # type: ignore[attr-defined]
    return checked


def refuse_method(request: HttpRequest, view: Callable[..., HttpResponseBase]) -> HttpResponseNotAllowed | None:
    """The response to a method that the view does not accept; None for one that it does."""
    methods: list[str] = getattr(view, "accepted_methods", [])
    return HttpResponseNotAllowed(methods) if methods and request.method not in methods else None
