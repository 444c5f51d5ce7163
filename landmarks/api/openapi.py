"""The OpenAPI 3.1 document, generated from the views and their types."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import get_script_prefix
from ninja import NinjaAPI
from pydantic.json_schema import models_json_schema

from landmarks.api import conditional, events, idempotency, unknown_names
from landmarks.api.collection_schemas import AddressIn, CollectionIn, CollectionsQuery, DigestsIn, PhotosQuery
from landmarks.api.examples import add_examples
from landmarks.api.export_schemas import ExportQuery, SelectionQuery
from landmarks.api.measured_selection import ScatterQuery
from landmarks.api.request_schemas import (
    AgainIn,
    AnalyzeIn,
    CreateQuery,
    CropQuery,
    DetailQuery,
    IdsIn,
    ListQuery,
    MaskQuery,
    ResultIn,
    ResultPatch,
    StyleQuery,
)
from landmarks.api.schemas import ErrorBody, PhotoInfo
from landmarks.api.versioning import PARAMETER
from landmarks.api.webhook_schemas import REPORTS, describe
from landmarks.http.file_responses import CROP_MATRIX
from landmarks.http.methods import require_safe
from landmarks.models import FaceCountBucket, Outcome
from landmarks.services import exporting

Json = dict[str, Any]

REFERENCE = "#/components/schemas/{model}"
PUBLISHED_NAMES = {
    ErrorBody.__name__: "Refusal",
    PhotoInfo.__name__: "PhotoFacts",
    FaceCountBucket.__name__: "Crowd",
    Outcome.__name__: "State",
}
"""Schemas that are published under another name than that of their class, since generated clients use it."""
BODIES = (AddressIn, AgainIn, AnalyzeIn, CollectionIn, DigestsIn, IdsIn, ResultIn, ResultPatch)
TRACE_ID = {"description": "The id of this request, also in error bodies and in the log.", "schema": {"type": "string"}}
RETRY_AFTER = {"description": "Seconds to wait before trying again.", "schema": {"type": "integer"}}
RATE_HEADERS = {
    "RateLimit-Limit": "Requests that the token may make in a period. Absent if there is no limit.",
    "RateLimit-Remaining": "Requests left in this period.",
    "RateLimit-Reset": "Seconds until the period ends.",
}
IGNORED = {"description": "Fields that were sent but are unknown, if any.", "schema": {"type": "string"}}
REPLAYED = {
    "description": "`true` if an earlier request created the result, job or collection.",
    "schema": {"type": "string"},
}
MATRIX = {
    "description": "The 2 × 3 matrix from pixels of the photo to those of the crop, as JSON.",
    "schema": {"type": "string"},
}
LOCATION = {"description": "Path of the result, job or collection.", "schema": {"type": "string"}}
QUERIES = (
    *(CollectionsQuery, CreateQuery, CropQuery, DetailQuery, ExportQuery, ListQuery),
    *(MaskQuery, PhotosQuery, ScatterQuery, SelectionQuery, StyleQuery),
)
VERSIONED = ("/api/results", "/api/jobs", "/api/collections")
FOLLOWED = ("followJob", "followCollection")
STREAMED = ("exportResults", "exportCollection", *FOLLOWED)
"""Operations whose responses are made while they are sent, so that nobody knows them before."""


@cache
def specification(api: NinjaAPI) -> Json:
    # By way of JSON, in which all keys are text, also the statuses.
    document: Json = json.loads(json.dumps(api.get_openapi_schema(path_prefix="")))
    schemas = document["components"]["schemas"]
    _, bodies = models_json_schema([(body, "validation") for body in BODIES], ref_template=REFERENCE)
    _, reports = models_json_schema([(report, "serialization") for report in REPORTS.values()], ref_template=REFERENCE)
    schemas |= bodies["$defs"] | reports["$defs"]
    document["webhooks"] = {name: describe(name, REFERENCE) for name in REPORTS}
    for body in BODIES:
        make_narrow(schemas[body.__name__])
    for query in QUERIES:
        del schemas[query.__name__]  # their fields are in the document as parameters
    for path, methods in document["paths"].items():
        methods.pop("head", None)  # the same as GET, without the body
        for method, operation in methods.items():
            complete(path, method, operation)
    return with_published_names(document)


def make_narrow(schema: Json) -> None:
    """Leave null out of the types of a request: it is accepted, but leaving the field out says the same."""
    for field in schema.get("properties", {}).values():
        without_null(field)


def without_null(field: Json) -> None:
    types = [each for each in field.get("anyOf", ()) if each != {"type": "null"}]
    if len(types) == 1:
        del field["anyOf"]
        field.update(types[0])
    if "default" in field and field["default"] is None:
        del field["default"]


def complete(path: str, method: str, operation: Json) -> None:
    """Add what all operations have in common."""
    for parameter in operation["parameters"]:
        without_null(parameter["schema"])
        if parameter["name"] == "format_name":
            parameter["schema"]["enum"] = list(exporting.export_formats())
    if path.startswith(VERSIONED):
        operation["parameters"].append(PARAMETER)
        complete_versioned(method, operation)
    operation["responses"] = dict(sorted(operation["responses"].items()))
    for status, response in operation["responses"].items():
        headers = response.setdefault("headers", {})
        headers["x-trace-id"] = TRACE_ID
        if status not in ("401", "403"):
            headers |= {
                name: {"description": text, "schema": {"type": "integer"}} for name, text in RATE_HEADERS.items()
            }
        if not path.startswith(VERSIONED):
            headers[unknown_names.HEADER] = IGNORED
        if status in ("429", "503"):
            headers["Retry-After"] = RETRY_AFTER
    if method == "get":
        # By the server, which knows nothing of the format of errors.
        operation["responses"]["414"] = {"description": "URI Too Long"}
    add_examples(operation)


def complete_versioned(method: str, operation: Json) -> None:
    """Add the headers by which clients keep copies and repeat requests."""
    responses = operation["responses"]
    if method == "get" and operation["operationId"] not in STREAMED:
        operation["parameters"].append(conditional.PARAMETER)
        responses["200"].setdefault("headers", {})["ETag"] = conditional.ETAG
        responses["304"] = {"description": "Not Modified", "headers": {"ETag": conditional.ETAG}}
    if operation["operationId"] in FOLLOWED:
        operation["parameters"].append(events.PARAMETER)
    if operation["operationId"] == "cropFace":
        responses["200"]["headers"][CROP_MATRIX] = MATRIX
    headers: Json = {"Location": LOCATION}
    if "409" in responses:  # the key is in use
        operation["parameters"].append(idempotency.PARAMETER)
        headers[idempotency.REPLAYED] = REPLAYED
    for status in responses.keys() & {"201", "202"}:
        responses[status].setdefault("headers", {}).update(headers)


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
        server = {"url": get_script_prefix().rstrip("/") or "/"}
        return JsonResponse(specification(api) | {"servers": [server]})

    return openapi
