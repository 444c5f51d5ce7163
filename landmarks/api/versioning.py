"""The version of our own API: a header of every response, which a request can require."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from landmarks.core.errors import RequestInvalid
from landmarks.http.response_headers import set_header

HEADER = "API-Version"
CURRENT = "1"

View = Callable[..., HttpResponseBase]


def versioned(view: View) -> View:
    """A request without the header gets the first version, for as long as that exists."""

    @wraps(view)
    def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        set_header(request, HEADER, CURRENT)
        if request.headers.get(HEADER, CURRENT) != CURRENT:
            raise RequestInvalid("version_unsupported", header=HEADER, version=CURRENT)
        return view(request, *args, **kwargs)

    return respond


PARAMETER = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "description": "The version that your program was written for. Other versions are an error.",
    "schema": {"type": "string", "enum": [CURRENT]},
}
