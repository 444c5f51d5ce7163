"""ETags: a program that keeps a copy learns that it is still current, and nothing is drawn or sent again.

Responses stay `private, no-store`: a photo of a face belongs in no cache of a browser or proxy, only where a program
puts it on purpose.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils.http import parse_etags

View = Callable[..., HttpResponseBase]

PARAMETER = {
    "in": "header",
    "name": "If-None-Match",
    "required": False,
    "description": "The `ETag` of the copy that you have. If it is still current, the response is 304, without a body.",
    "schema": {"type": "string"},
}
ETAG = {"description": "Identifies this state of the content, for `If-None-Match`.", "schema": {"type": "string"}}


def conditional(view: View) -> View:
    """For a GET whose response is made quickly: an ETag of its content, or 304 without content."""

    @wraps(view)
    def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if not isinstance(response, HttpResponse) or response.status_code != 200:
            return response
        tag = etag_of(response.content)
        return not_modified(request, tag) or with_etag(response, tag)

    return respond


def etag_of(*parts: bytes | str) -> str:
    """A weak ETag of what the content is made from: what is sent may be compressed."""
    hashed = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        hashed.update(len(data).to_bytes(8) + data)
    return f'W/"{hashed.hexdigest()[:32]}"'


def not_modified(request: HttpRequest, tag: str) -> HttpResponse | None:
    """304 if the client has the content with this ETag."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if request.method not in ("GET", "HEAD"):
        return None
    if known == ["*"] or tag.removeprefix("W/") in [each.removeprefix("W/") for each in known]:
        return HttpResponseNotModified(headers={"ETag": tag})
    return None


def with_etag(response: HttpResponseBase, tag: str) -> HttpResponseBase:
    response.headers["ETag"] = tag
    return response
