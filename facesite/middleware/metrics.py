"""Counts the responses for `/metrics`."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from landmarks.runtime import metrics

NO_ROUTE = "none"
"""Of an address that does not exist, and of static files."""


def count_responses(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware; it is there only if METRICS is on."""
    metrics.start()

    def count(request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        response = get_response(request)
        route = request.resolver_match.route if request.resolver_match else NO_ROUTE
        metrics.count_response(request.method or "", route, response.status_code, time.perf_counter() - started)
        return response

    return count
