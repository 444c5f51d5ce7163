"""Paths of the API, each with and without a trailing slash: clients do not follow redirects with a body."""

from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import ValidationError

from landmarks.api import (
    acedata,
    changes,
    collection_photos,
    collection_router,
    collections,
    docs,
    events,
    face_files,
    jobs,
    measured_selection,
    measures,
    openapi,
    parsing,
    result_files,
    result_router,
    results,
    swagger,
)
from landmarks.api.versioning import CURRENT
from landmarks.core.errors import ApiNotFound

DESCRIPTION = (
    "The 90 facial keypoints of every face in a photo. Left and right are the sides of the picture; coordinates are "
    "pixels of the upright photo, from its top left corner."
)


RESULT_OPERATIONS = (results, jobs, result_files, face_files, measures, measured_selection, changes)
"""Modules that have added their operations to the router of results."""
COLLECTION_OPERATIONS = (collections, collection_photos, events)
"""The same of collections; `events` adds to both."""


class Api(NinjaAPI):
    def get_content_type(self) -> str:
        """Like the vendor's, without a charset, which JSON does not need."""
        return parsing.JSON


api = Api(
    title="facesite", version=CURRENT, description=DESCRIPTION, openapi_url=None, docs_url=None, urls_namespace="api"
)
api.add_router("", acedata.router)
api.add_router("", result_router.router)
api.add_router("", collection_router.router)


@api.exception_handler(Exception)
def reraise(request: HttpRequest, exc: Exception) -> NoReturn:
    """Leave all errors to the middleware of the whole site."""
    raise exc


@api.exception_handler(ValidationError)
def reject_parameter(request: HttpRequest, exc: ValidationError) -> NoReturn:
    raise parsing.validation_error(exc.errors) from exc


@csrf_exempt
def not_found(request: HttpRequest, rest: str = "") -> NoReturn:
    raise ApiNotFound("api_not_found")


def with_and_without_slash(patterns: Iterable[URLPattern]) -> list[URLPattern]:
    both = []
    for pattern in patterns:
        route = str(pattern.pattern)
        other = route.removesuffix("/") if route.endswith("/") else f"{route}/"
        view = without_own_405(pattern.callback)
        both += [path(route, view, name=str(pattern.name)), path(other, view)]
    return both


def without_own_405(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Leave the response to an unsupported method to the middleware, like all errors."""

    @csrf_exempt
    def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if isinstance(response, HttpResponseNotAllowed):
            return HttpResponseNotAllowed(response["Allow"].split(", "))
        return response

    return respond


app_name = "api"
urlpatterns = [
    *with_and_without_slash(each for each in api.urls[0] if isinstance(each, URLPattern) and str(each.pattern)),
    path("api/openapi.json", openapi.serve(api), name="openapi"),
    path("api/docs", docs.serve(api), name="docs"),
    path("api/docs/try", swagger.try_out, name="docs-try"),
    *(path(f"{root}{rest}", not_found) for root in ("api", "face") for rest in ("", "/", "/<path:rest>")),
]
