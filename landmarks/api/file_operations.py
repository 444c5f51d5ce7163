"""What operations have in common that answer with a file: statuses, types of the content, and ETags."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponseBase

from landmarks.api import parsing
from landmarks.api.conditional import not_modified, with_etag
from landmarks.api.result_router import ERRORS, NOT_FOUND, router
from landmarks.api.schemas import ErrorBody
from landmarks.core.errors import NotFound
from landmarks.storage import files

BINARY = {"schema": {"type": "string", "format": "binary"}}
View = TypeVar("View", bound=Callable[..., Any])


def content(*types: str) -> dict[str, object]:
    """For the OpenAPI document: a response with a file of one of these types.

    The first is none of them: generators read the content as bytes by it, and some know no other type that they do.
    """
    names = ("application/octet-stream", *(each.partition(";")[0] for each in types))
    # What is JSON by its type isn't text, even if clients read it as bytes.
    return {"responses": {200: {"content": {name: {} if name == parsing.JSON else BINARY for name in names}}}}


def file_operation(path: str, *types: str, id: str, name: str, summary: str) -> Callable[[View], View]:
    """A GET of a file of one of these types; `id` names the operation in clients, `name` its address."""
    return router.api_operation(
        ["GET", "HEAD"],
        path,
        response={200: None, ERRORS | NOT_FOUND: ErrorBody},
        operation_id=id,
        summary=summary,
        url_name=name,
        openapi_extra=content(*types),
    )


def unless_known(request: HttpRequest, tag: str, make: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """304 if the client has the content with this ETag, otherwise what `make` makes of the photo.

    Raises NotFound where the photo is lost.
    """
    if unchanged := not_modified(request, tag):
        return unchanged
    try:
        return with_etag(make(), tag)
    except files.FileMissing as exc:
        raise NotFound("file_missing") from exc
