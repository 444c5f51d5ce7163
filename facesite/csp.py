"""Content-Security-Policy from `SECURE_CSP`, in the form of Django 6.0, whose own middleware replaces this file."""

from collections.abc import Callable, Iterable, Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

HEADER = "Content-Security-Policy"
DEBUG_PAGES = (404, 500)
"""With DEBUG on, Django's own pages for these have their styles and scripts in the page."""


def content_security_policy(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware that puts the policy on every answer that has none of its own."""
    policy = policy_header(settings.SECURE_CSP)

    def add_policy(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if not (settings.DEBUG and response.status_code in DEBUG_PAGES):
            response.headers.setdefault(HEADER, policy)
        return response

    return add_policy


def policy_header(policy: Mapping[str, Iterable[str]]) -> str:
    """The header's value: `{"img-src": ["'self'", "data:"]}` becomes `img-src 'self' data:`."""
    return "; ".join(" ".join([directive, *sources]) for directive, sources in policy.items())
