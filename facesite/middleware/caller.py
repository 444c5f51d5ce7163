"""For whom a request is worked on: its client, with which others take turns."""

from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, HttpResponseBase

from landmarks.http.client_ip import client
from landmarks.runtime.caller import working_for


def name_callers(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: the client is known by its address, until the API has read its token."""

    def work(request: HttpRequest) -> HttpResponseBase:
        with working_for(f"client {client(request)}", before_wait=close_connection):
            return get_response(request)

    return work


def close_connection() -> None:
    """A hundred requests that wait would take all connections that a database server has; another is soon made."""
    if not connection.in_atomic_block:
        connection.close()
