"""Doubled slashes in the API's paths, as from a base URL that ends with one: `//face/analyze` is `/face/analyze`."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from landmarks.http.error_responses import API_PATHS

DOUBLED = re.compile("/{2,}")


def merge_slashes(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware; above all that depends on the path. A redirect would lose the body of the request."""

    def merge(request: HttpRequest) -> HttpResponseBase:
        merged = DOUBLED.sub("/", request.path_info)
        if merged != request.path_info and merged.startswith(API_PATHS):
            prefix = request.path.removesuffix(request.path_info)
            request.path_info, request.path = merged, prefix.rstrip("/") + merged
        return get_response(request)

    return merge
