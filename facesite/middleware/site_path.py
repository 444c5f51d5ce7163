"""A site below a path of its host: links, static files and cookies begin with that path, and requests end after it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import get_script_prefix, set_script_prefix

from landmarks.http.site_path import inner_path, site_path

WHOLE_HOST, SECURE = "__Host-", "__Secure-"
"""Prefixes of cookies: browsers accept the first for the path `/` only."""


def serve_below_path(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware outside of all others, which read the path or make links."""

    def serve(request: HttpRequest) -> HttpResponseBase:
        path = site_path(request)
        if not path:
            return get_response(request)
        request.path_info = inner_path(request.path_info, path)
        request.path = path + request.path_info
        request.META["SCRIPT_NAME"] = path
        accept_cookies(request)
        before = get_script_prefix()
        set_script_prefix(f"{path}/")
        try:
            response = get_response(request)
        finally:
            set_script_prefix(before)
        limit_cookies(response, path)
        return response

    return serve


def limit_cookies(response: HttpResponseBase, path: str) -> None:
    """Cookies of the whole host are for this path alone; other sites may be beside it."""
    for name, cookie in list(response.cookies.items()):
        if cookie["path"] != "/":
            continue
        cookie["path"] = path
        if name.startswith(WHOLE_HOST):
            del response.cookies[name]
            below = SECURE + name.removeprefix(WHOLE_HOST)
            cookie.set(below, cookie.value, cookie.coded_value)
            response.cookies[below] = cookie


def accept_cookies(request: HttpRequest) -> None:
    """Under the names that the settings have; those of a site at the root of this host are not ours."""
    if not settings.SESSION_COOKIE_NAME.startswith(WHOLE_HOST):
        return
    cookies = dict(request.COOKIES)
    request.COOKIES.clear()
    for name, value in cookies.items():
        if not name.startswith(WHOLE_HOST):
            request.COOKIES[name.replace(SECURE, WHOLE_HOST, 1) if name.startswith(SECURE) else name] = value
