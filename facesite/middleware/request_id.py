"""An id for each request: on its answer, in its log lines and on the page that tells what failed."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from landmarks.http.client_ip import comes_from_a_trusted_proxy
from landmarks.http.error_responses import is_for_programs
from landmarks.runtime import request_id

HEADER, VENDORS_HEADER = "X-Request-Id", "X-Trace-Id"
PLAIN = re.compile(r"[A-Za-z0-9._-]{8,64}")


def identify_requests(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware; the outermost, so that nothing is said without the id."""

    def identify(request: HttpRequest) -> HttpResponseBase:
        id = given_id(request) or request_id.new()
        request_id.begin(id)
        response = get_response(request)
        response.headers[HEADER] = id
        if is_for_programs(request):
            response.headers[VENDORS_HEADER] = id
        return response

    return identify


def given_id(request: HttpRequest) -> str:
    """The id under which a trusted proxy has this request in its own log; empty where there is none."""
    id = request.headers.get(HEADER, "")
    return id if PLAIN.fullmatch(id) and comes_from_a_trusted_proxy(request) else ""
