"""An id for each request: in its response, its log lines and on its error page."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from landmarks.http.client_ip import is_from_trusted_proxy
from landmarks.http.error_responses import is_api_request
from landmarks.runtime import request_id

HEADER, TRACE_HEADER = "X-Request-Id", "X-Trace-Id"
PLAIN = re.compile(r"[A-Za-z0-9._-]{8,64}")


def identify_requests(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware; the outermost, so that nothing is logged without the id."""

    def identify(request: HttpRequest) -> HttpResponseBase:
        id = proxy_id(request) or request_id.new()
        request_id.begin(id)
        response = get_response(request)
        response.headers[HEADER] = id
        if is_api_request(request):
            response.headers[TRACE_HEADER] = id
        return response

    return identify


def proxy_id(request: HttpRequest) -> str:
    """The id under which a trusted proxy logs this request; empty if there is none."""
    id = request.headers.get(HEADER, "")
    return id if PLAIN.fullmatch(id) and is_from_trusted_proxy(request) else ""
