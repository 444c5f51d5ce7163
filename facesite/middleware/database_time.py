"""A limit of seconds for which each request waits for the database."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from landmarks.storage.time_limits import limited


def limit_database_time(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware, above everything that uses the database."""

    def limit(request: HttpRequest) -> HttpResponseBase:
        with limited(settings.DATABASE_STATEMENT_TIMEOUT):
            return get_response(request)

    return limit
