"""Why the origin of a form does not fit the address at which it arrived: nearly always a header of the proxy."""

from urllib.parse import SplitResult, urlsplit

from django.http import HttpRequest

from landmarks.core.errors import CsrfFailed


def origin_error(request: HttpRequest) -> CsrfFailed:
    """The error that names the wrong header, for a request whose origin Django has refused.

    Nothing that a client sent is repeated, but the host, which is one of ALLOWED_HOSTS.
    """
    if request.headers.get("Origin") == "null":
        return CsrfFailed("origin_hidden")
    sent = request.headers.get("Origin") or request.headers.get("Referer") or ""
    if not sent:
        return CsrfFailed("origin_missing")
    page, here = _split(sent), _split(f"{request.scheme}://{request.get_host()}")
    if page is None or here is None:
        return CsrfFailed("origin_unreadable")
    if page.hostname != here.hostname:
        by_proxy = _split(f"{page.scheme}://{request.headers.get('X-Forwarded-Host', '')}")
        is_elsewhere = by_proxy is not None and by_proxy.hostname == page.hostname
        return CsrfFailed("origin_in_forwarded_host" if is_elsewhere else "origin_of_other_host", host=here.netloc)
    if page.scheme != here.scheme:
        return _scheme_error(request, page.scheme)
    return CsrfFailed("origin_of_other_port", host=here.netloc)


def _scheme_error(request: HttpRequest, scheme: str) -> CsrfFailed:
    forwarded = request.headers.get("X-Forwarded-Proto", "")
    if not forwarded:
        return CsrfFailed("proto_missing", scheme="https" if scheme == "https" else "http")
    if scheme == "https":
        return CsrfFailed("proto_not_trusted" if forwarded == "https" else "proto_wrong")
    return CsrfFailed("proto_too_secure")


def _split(address: str) -> SplitResult | None:
    """The parts of an address; None if it has no host, or a port that is no number."""
    try:
        parts = urlsplit(address)
        return parts if parts.hostname and (parts.port is None or parts.port) else None
    except ValueError:
        return None
