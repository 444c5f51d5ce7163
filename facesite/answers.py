"""What every answer gets: no caching unless it says so, texts compressed, no body for HEAD."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.middleware.gzip import GZipMiddleware

TEXTS = ("text/", "image/svg+xml", "application/json")


class TextCompression(GZipMiddleware):
    """Django's, which pads against BREACH, for texts alone: pictures would only cost time."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.headers.get("Content-Type", "").startswith(TEXTS):
            return super().process_response(request, response)
        return response


def finish_answers(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware; the outermost but one, since also errors and refusals may hold what is private."""

    def finish(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        if request.method == "HEAD":
            drop_body(response)
        return response

    return finish


def drop_body(response: HttpResponseBase) -> None:
    """The head stays as it is, length included; a server would complain of a body that must not be sent."""
    if isinstance(response, StreamingHttpResponse):
        # Its file is closed with the answer, by the server: that also ends the request for the database.
        response.streaming_content = []
    elif isinstance(response, HttpResponse):
        response.content = b""
