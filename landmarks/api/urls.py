"""Addresses of the API, each with and without a slash at its end: programs do not follow redirects with a body."""

from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import ValidationError

from landmarks.api import acedata, docs, openapi, parsing, results
from landmarks.api.versioning import CURRENT
from landmarks.core.errors import ApiNotFound

DESCRIPTION = (
    "The 90 facial keypoints of every face in a photo. Left and right are the sides of the picture; coordinates are "
    "pixels of the upright photo, from its top left corner."
)


class Api(NinjaAPI):
    def get_content_type(self) -> str:
        """As the vendor's, without a charset, which JSON has no need of."""
        return parsing.JSON


api = Api(
    title="facesite", version=CURRENT, description=DESCRIPTION, openapi_url=None, docs_url=None, urls_namespace="api"
)
api.add_router("", acedata.router)
api.add_router("", results.router)


@api.exception_handler(Exception)
def pass_on(request: HttpRequest, exc: Exception) -> NoReturn:
    """All errors are told at one place, that of the whole site."""
    raise exc


@api.exception_handler(ValidationError)
def refuse_parameter(request: HttpRequest, exc: ValidationError) -> NoReturn:
    raise parsing.invalid(exc.errors) from exc


@csrf_exempt
def no_such_api(request: HttpRequest, rest: str = "") -> NoReturn:
    raise ApiNotFound("api_not_found")


def with_and_without_slash(patterns: Iterable[URLPattern]) -> list[URLPattern]:
    both = []
    for pattern in patterns:
        route = str(pattern.pattern)
        other = route.removesuffix("/") if route.endswith("/") else f"{route}/"
        view = telling_nothing_of_methods(pattern.callback)
        both += [path(route, view, name=str(pattern.name)), path(other, view)]
    return both


def telling_nothing_of_methods(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A method that is not taken is told at the same place as everything else."""

    @csrf_exempt
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if isinstance(response, HttpResponseNotAllowed):
            return HttpResponseNotAllowed(response["Allow"].split(", "))
        return response

    return answer


app_name = "api"
urlpatterns = [
    *with_and_without_slash(each for each in api.urls[0] if isinstance(each, URLPattern) and str(each.pattern)),
    path("api/openapi.json", openapi.serve(api), name="openapi"),
    path("api/docs", docs.serve(api), name="docs"),
    *(path(f"{room}{rest}", no_such_api) for room in ("api", "face") for rest in ("", "/", "/<path:rest>")),
]
