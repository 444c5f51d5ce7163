"""The OpenAPI 3.1 document, generated from the views and their types."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.http import HttpRequest, JsonResponse
from ninja import NinjaAPI
from pydantic.json_schema import models_json_schema

from landmarks.api.schemas import AnalyzeIn, ErrorBody, ListQuery, PhotoInfo, ResultIn, ResultPatch
from landmarks.api.versioning import PARAMETER
from landmarks.http.methods import require_safe
from landmarks.models import FaceCountBucket, Outcome

Json = dict[str, Any]

REFERENCE = "#/components/schemas/{model}"
PUBLISHED_NAMES = {
    ErrorBody.__name__: "Refusal",
    PhotoInfo.__name__: "PhotoFacts",
    FaceCountBucket.__name__: "Crowd",
    Outcome.__name__: "State",
}
"""Schemas that are published under another name than that of their class, since generated clients use it."""
BODIES = (AnalyzeIn, ResultIn, ResultPatch)
TRACE_ID = {"description": "The id of this request.", "schema": {"type": "string"}}
RETRY_AFTER = {"description": "Seconds after which it is worth trying again.", "schema": {"type": "integer"}}
VERSIONED = "/api/results"


@cache
def specification(api: NinjaAPI) -> Json:
    # By way of JSON, in which all keys are text, also the statuses.
    document: Json = json.loads(json.dumps(api.get_openapi_schema(path_prefix="")))
    schemas = document["components"]["schemas"]
    _, bodies = models_json_schema([(body, "validation") for body in BODIES], ref_template=REFERENCE)
    schemas |= bodies["$defs"]
    del schemas[ListQuery.__name__]  # its fields are in the document as parameters
    document["servers"] = [{"url": "/"}]
    for path, methods in document["paths"].items():
        methods.pop("head", None)  # the same as GET, without the body
        for operation in methods.values():
            complete(path, operation)
    return with_published_names(document)


def complete(path: str, operation: Json) -> None:
    """Add what all operations have in common."""
    if path.startswith(VERSIONED):
        operation["parameters"].append(PARAMETER)
    operation["responses"] = dict(sorted(operation["responses"].items()))
    for status, response in operation["responses"].items():
        headers = response.setdefault("headers", {})
        headers["x-trace-id"] = TRACE_ID
        if status in ("429", "503"):
            headers["Retry-After"] = RETRY_AFTER


def with_published_names(document: Json) -> Json:
    document["components"]["schemas"] = {
        PUBLISHED_NAMES.get(name, name): {**schema, "title": PUBLISHED_NAMES.get(name, schema["title"])}
        for name, schema in document["components"]["schemas"].items()
    }
    text = json.dumps(document)
    for name, published in PUBLISHED_NAMES.items():
        text = text.replace(f'"{REFERENCE.format(model=name)}"', f'"{REFERENCE.format(model=published)}"')
    renamed: Json = json.loads(text)
    return renamed


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
