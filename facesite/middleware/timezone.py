"""Days and times in the zone that the browser tells by a cookie; in that of the settings where it tells none."""

from collections.abc import Callable
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

COOKIE = "facesite_zone"


def local_times(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        name = request.COOKIES.get(COOKIE, "")
        # A name that is not in the list might be one of any file.
        with timezone.override(ZoneInfo(name) if name in known_zones() else None):
            return get_response(request)

    return answer


@cache
def known_zones() -> set[str]:
    return available_timezones()
