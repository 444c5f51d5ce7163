"""The specification in the form of OpenAPI 3.1, made from the code that answers."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from pydantic.json_schema import models_json_schema

from landmarks.api.schemas import AnalyzeIn, ListQuery, ResultIn, ResultPatch
from landmarks.api.versioning import PARAMETER

Json = dict[str, Any]

REFERENCE = "#/components/schemas/{model}"
BODIES = (AnalyzeIn, ResultIn, ResultPatch)
TRACE_ID = {"description": "What this request is called here.", "schema": {"type": "string"}}
RETRY_AFTER = {"description": "Seconds after which it is worth trying again.", "schema": {"type": "integer"}}
BELONGS_TO_VERSION = "/api/results"


@cache
def specification(api: NinjaAPI) -> Json:
    # By way of JSON, in which keys are texts, also the statuses.
    document: Json = json.loads(json.dumps(api.get_openapi_schema(path_prefix="")))
    _, bodies = models_json_schema([(body, "validation") for body in BODIES], ref_template=REFERENCE)
    document["components"]["schemas"] |= bodies["$defs"]
    document["servers"] = [{"url": "/"}]
    for path, methods in document["paths"].items():
        methods.pop("head", None)  # as GET, without the body
        for operation in methods.values():
            complete(path, operation)
    # The parameters of a list are there as parameters.
    del document["components"]["schemas"][ListQuery.__name__]
    return document


def complete(path: str, operation: Json) -> None:
    """What holds for all operations and is said once in the code."""
    if path.startswith(BELONGS_TO_VERSION):
        operation["parameters"].append(PARAMETER)
    operation["responses"] = dict(sorted(operation["responses"].items()))
    for status, response in operation["responses"].items():
        headers = response.setdefault("headers", {})
        headers["x-trace-id"] = TRACE_ID
        if status in ("429", "503"):
            headers["Retry-After"] = RETRY_AFTER


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Path, method and operation, in order."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def serve(api: NinjaAPI) -> Any:
    @require_safe
    def openapi(request: HttpRequest) -> JsonResponse:
        return JsonResponse(specification(api))

    return openapi
