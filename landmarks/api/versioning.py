"""The version of our own API: a header of every answer, which a request may hold us to."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from landmarks.core.errors import RequestInvalid

HEADER = "API-Version"
CURRENT = "1"

View = Callable[..., HttpResponseBase]


def versioned(run: View) -> View:
    """The paths stay as they are: who names no version gets the first one for as long as there is one."""

    @wraps(run)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        asked = request.headers.get(HEADER, CURRENT)
        if asked != CURRENT:
            raise RequestInvalid("version_unsupported", header=HEADER, version=CURRENT)
        response = run(request, *args, **kwargs)
        response.headers[HEADER] = CURRENT
        return response

    return answer


PARAMETER = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "description": "The version that the caller was written for.",
    "schema": {"type": "string", "enum": [CURRENT]},
}
