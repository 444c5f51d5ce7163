"""For whom a request is worked on: its client, with which others take turns."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from landmarks.http.client_ip import client
from landmarks.runtime.caller import working_for


def name_callers(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: the client is known by its address, until the API has read its token."""

    def work(request: HttpRequest) -> HttpResponseBase:
        with working_for(f"client {client(request)}"):
            return get_response(request)

    return work
