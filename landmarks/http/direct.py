"""What only those may see who reach the site directly: visitors come through a proxy."""

from django.conf import settings
from django.http import HttpRequest

from landmarks.core.errors import NotFound

ADDED_BY_PROXIES = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Proto")


def require_direct(request: HttpRequest) -> None:
    """Raise NotFound unless METRICS is on, or where a proxy has passed the request on."""
    if not settings.METRICS or any(name in request.headers for name in ADDED_BY_PROXIES):
        raise NotFound("page_not_found")
