"""Days and times in the browser's time zone, which a script stores in a cookie; without it, in UTC."""

from collections.abc import Callable
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

COOKIE = "facesite_zone"


def local_times(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: activate the time zone of the cookie."""

    def activate(request: HttpRequest) -> HttpResponseBase:
        name = request.COOKIES.get(COOKIE, "")
        # A name that is not in the list could be the path of any file.
        with timezone.override(ZoneInfo(name) if name in known_zones() else None):
            return get_response(request)

    return activate


@cache
def known_zones() -> set[str]:
    return available_timezones()
