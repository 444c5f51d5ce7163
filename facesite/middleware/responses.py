"""For every response: security headers, no caching, compressed text, no body for HEAD."""

from collections.abc import Callable, Iterable, Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.middleware.gzip import GZipMiddleware
from django.middleware.security import SecurityMiddleware

from landmarks.http.response_headers import EVENT_STREAM, add_headers

TEXT_TYPES = ("text/", "image/svg+xml", "application/json")
DEBUG_PAGES = (404, 500)
"""With DEBUG on, Django's own pages for these statuses have inline styles and scripts."""
ALLOWED_FEATURES = ("camera=(self)",)
BLOCKED_FEATURES = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "display-capture",
    "encrypted-media",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
PERMISSIONS_POLICY = ", ".join([*ALLOWED_FEATURES, *(f"{feature}=()" for feature in BLOCKED_FEATURES)])


def finish_responses(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware that adds the headers that a response doesn't have yet.

    Near the outside, since error pages may contain private text, too. `SECURE_CSP` has the form of Django 6.0, whose
    own middleware will replace that part.
    """
    policy = policy_header(settings.SECURE_CSP)
    django = SecurityMiddleware(get_response)

    def finish(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        # Django's own middleware, further in, adds none where it rejects the host itself.
        django.process_response(request, response)  # type: ignore[arg-type]  # it only sets headers
        add_headers(request, response)
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        # Other sites can't show photos of this one, not even by guessing an address.
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not (settings.DEBUG and response.status_code in DEBUG_PAGES):
            response.headers.setdefault("Content-Security-Policy", policy)
        if request.method == "HEAD":
            drop_body(response)
        return response

    return finish


def policy_header(policy: Mapping[str, Iterable[str]]) -> str:
    """The header's value: `{"img-src": ["'self'", "data:"]}` becomes `img-src 'self' data:`."""
    return "; ".join(" ".join([directive, *sources]) for directive, sources in policy.items())


def drop_body(response: HttpResponseBase) -> None:
    """Keep the headers, Content-Length included; servers complain about a body that must not be sent."""
    if isinstance(response, StreamingHttpResponse):
        # The server closes the file together with the response; that also ends the database request.
        response.streaming_content = []
    elif isinstance(response, HttpResponse):
        response.content = b""


class TextCompression(GZipMiddleware):
    """Django's middleware, which pads against BREACH, for text only: compressing pictures would only cost time."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        content_type = response.headers.get("Content-Type", "")
        if content_type.startswith(TEXT_TYPES) and content_type != EVENT_STREAM:
            return super().process_response(request, response)
        return response
