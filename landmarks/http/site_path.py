"""The path below which a proxy offers the site, such as `/faces`: where it comes from, and requests without it."""

import logging
import re
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix, is_valid_path

from landmarks.http.client_ip import is_from_trusted_proxy

logger = logging.getLogger(__name__)

HEADER = "X-Forwarded-Prefix"
PLAIN = re.compile(r"(?:/(?!\.+(?:/|$))[A-Za-z0-9._~-]+)+")
"""Segments that mean the same in a path, a link, a cookie and a header, and of which none is empty, `.` or `..`."""


def site_path(request: HttpRequest) -> str:
    """The path without a slash at its end; empty for a site at the root of its host.

    By FORCE_SCRIPT_NAME, else by the WSGI server, else by the header of a trusted proxy. With several values in the
    header the last counts, as the nearest proxy appended it.
    """
    if settings.FORCE_SCRIPT_NAME is not None:
        return str(settings.FORCE_SCRIPT_NAME).rstrip("/")
    if by_server := request.META.get("SCRIPT_NAME", ""):
        return str(by_server).rstrip("/")
    path = request.headers.get(HEADER, "").rpartition(",")[2].strip().rstrip("/")
    if not path or not is_from_trusted_proxy(request):
        return ""
    if not PLAIN.fullmatch(path):
        warn_of_header()
        return ""
    return path


def inner_path(path: str, site: str) -> str:
    """The path of a request within the site, whether the proxy left the site's own path in it or not.

    A path that is one of the site as it stands stays so: below `/face`, `/face/analyze` came as `/face/face/analyze`.
    """
    if path != site and not path.startswith(f"{site}/"):
        return path
    is_inner = is_valid_path(path) or path.startswith(settings.STATIC_URL)
    return path if is_inner else path.removeprefix(site) or "/"


def site_root(request: HttpRequest) -> str:
    """The whole address of the site as this client reaches it, without a slash at its end."""
    return request.build_absolute_uri(get_script_prefix()).rstrip("/")


@cache
def warn_of_header() -> None:
    """Once for each process; the value stays out of the log."""
    logger.warning(
        "%s is ignored, as it is not a path of plain letters, digits, dots and dashes. Correct the proxy.", HEADER
    )
