"""Response headers that are known before the response exists, and that belong to it even if it is an error."""

from django.http import HttpRequest, HttpResponseBase

EVENT_STREAM = "text/event-stream"
"""Of responses that are neither gathered nor compressed on their way: each piece is sent at once."""


def set_header(request: HttpRequest, name: str, value: str) -> None:
    """Add a header to the response to this request, whatever that will be."""
    _headers(request)[name] = value


def add_headers(request: HttpRequest, response: HttpResponseBase) -> None:
    for name, value in _headers(request).items():
        response.headers[name] = value


def _headers(request: HttpRequest) -> dict[str, str]:
    headers: dict[str, str] = request.__dict__.setdefault("_response_headers", {})
    return headers
