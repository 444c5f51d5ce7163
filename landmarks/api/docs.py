"""The documentation page of the API, rendered from the OpenAPI document."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from ninja import NinjaAPI

from landmarks.api.openapi import Json, operations, specification
from landmarks.core.errors import documented
from landmarks.http.methods import require_safe
from landmarks.http.site_path import site_root

LANGUAGES = (("curl", "sh"), ("Python", "py"), ("JavaScript", "mjs"))
TASKS = (
    ("analyze", "Example: points of a photo"),
    ("results", "Example: results that are kept"),
)
GROUPS = (
    ("compatible", "Compatible with Ace Data Cloud", ("analyze", "upload")),
    ("create", "Create results", ("createResult", "uploadResult", "runAgain")),
    ("jobs", "Follow jobs", ("readJob", "followJob", "cancelJob")),
    (
        "collections",
        "Send many photos as a collection",
        (
            *(
                "createCollection",
                "listCollections",
                "readCollection",
                "followCollection",
                "addAddress",
                "uploadPhoto",
                "listPhotos",
            ),
            *("findKnown", "retryPhoto", "cancelPhoto", "exportCollection"),
            *("pauseCollection", "resumeCollection", "retryCollection", "cancelCollection", "deleteCollection"),
        ),
    ),
    (
        "read",
        "Read results",
        (
            *("listResults", "readResult", "exportResult", "exportResults", "readPhoto", "drawPng", "drawSvg"),
            *("readMeasures", "exportMeasures", "drawScatter", "drawMeanShape"),
        ),
    ),
    ("faces", "Crops, masks and blurred photos", ("cropFace", "maskFace", "readGeometry", "blurFaces")),
    (
        "change",
        "Change and delete results",
        ("nameResult", "deleteResult", "restoreResult", "deleteResults", "restoreResults"),
    ),
)
"""Sections of the page: anchor, title and the operations in it. A test finds those that are in none."""


@dataclass(frozen=True)
class Kind:
    """The type of a value."""

    text: str
    name: str = ""
    """Of the schema to link to."""


@dataclass(frozen=True)
class Field:
    """A parameter, or a field of a schema."""

    name: str
    kind: Kind
    is_required: bool
    description: SafeString
    location: str = ""
    """Of a parameter: query, path or header. Of a header: request or response."""


@dataclass(frozen=True)
class Body:
    """The body of a request or response."""

    label: str
    """Its content type, with the status of a response before it."""
    kind: Kind
    fields: list[Field]


@dataclass(frozen=True)
class Operation:
    """One method of one path."""

    id: str
    method: str
    path: str
    summary: str
    paragraphs: list[SafeString]
    query: list[Field]
    headers: list[Field]
    requests: list[Body]
    responses: list[Body]
    error_statuses: str


@dataclass(frozen=True)
class Type:
    """A schema with a name: its fields, or the values that it can have."""

    name: str
    description: SafeString
    kind: Kind
    fields: list[Field]


@dataclass(frozen=True)
class Example:
    """A program in one language."""

    language: str
    suffix: str
    text: str


def serve(api: NinjaAPI) -> Any:
    @require_safe
    def docs(request: HttpRequest) -> HttpResponse:
        document = specification(api)
        base = site_root(request)
        context = {
            "base": base,
            "groups": read_groups(document),
            "headers": read_headers(document),
            "types": list(read_schemas(document)),
            "codes": [(error.status, error.code, mark_code(error.__doc__ or "")) for error in documented()],
            "tasks": [(slug, title, examples(slug, base)) for slug, title in TASKS],
        }
        return render(request, "landmarks/api_docs.html", context)

    return docs


def examples(slug: str, base: str) -> list[Example]:
    return [
        Example(language, suffix, render_to_string(f"landmarks/examples/{slug}.{suffix}", {"base": base}).strip())
        for language, suffix in LANGUAGES
    ]


def read_groups(document: Json) -> list[tuple[str, str, list[Operation]]]:
    """Anchor, title and operations of each group."""
    by_id = {each.id: each for each in (read_operation(*found) for found in operations(document))}
    return [(slug, title, [by_id[id] for id in ids]) for slug, title, ids in GROUPS]


def read_headers(document: Json) -> list[Field]:
    """Each header of requests and of responses once, by name."""
    found = {}
    for _, _, operation in operations(document):
        for field in read_parameters(operation, "header"):
            found[field.name] = replace(field, location="request")
        for response in operation["responses"].values():
            for name, header in response.get("headers", {}).items():
                description = mark_code(header["description"])
                found[name] = Field(name, read_kind(header["schema"]), False, description, "response")
    return sorted(found.values(), key=lambda field: (field.location, field.name.lower()))


def read_parameters(operation: Json, location: str) -> list[Field]:
    return [
        Field(each["name"], read_kind(each["schema"]), each["required"], mark_code(each.get("description", "")))
        for each in operation["parameters"]
        if each["in"] == location
    ]


def read_operation(path: str, method: str, operation: Json) -> Operation:
    responses = operation["responses"]
    return Operation(
        operation["operationId"],
        method.upper(),
        path,
        operation["summary"],
        [mark_code(paragraph) for paragraph in operation.get("description", "").split("\n\n")],
        read_parameters(operation, "query"),
        read_parameters(operation, "header"),
        [read_body(label, body) for label, body in operation.get("requestBody", {}).get("content", {}).items()],
        [
            read_body(f"{status}, {label}", body)
            for status, response in responses.items()
            if status < "400"
            for label, body in (response.get("content") or {"no body": {}}).items()
        ],
        ", ".join(sorted(status for status in responses if status >= "400")),
    )


def read_body(label: str, body: Json) -> Body:
    schema = body.get("schema", {})
    return Body(label, read_kind(schema), list(read_fields(schema)))


def read_schemas(document: Json) -> Iterator[Type]:
    for name, schema in sorted(document["components"]["schemas"].items()):
        fields = list(read_fields(schema))
        # If all fields are required, as in responses, the page doesn't mention it.
        has_optional = not all(field.is_required for field in fields)
        yield Type(
            name,
            mark_code(schema.get("description", "")),
            read_kind(schema),
            [replace(field, is_required=has_optional and field.is_required) for field in fields],
        )


def read_fields(schema: Json) -> Iterator[Field]:
    required = schema.get("required", ())
    for name, field in schema.get("properties", {}).items():
        yield Field(name, read_kind(field), name in required, mark_code(field.get("description", "")))


def mark_code(text: str) -> SafeString:
    """The text with what is between backticks as code."""
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<code>{}</code>", part) if number % 2 else part,)
            for number, part in enumerate(text.split("`"))
        ),
    )


def read_kind(schema: Json) -> Kind:
    """The type of a schema; of several types it links to the first that has a name."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return Kind(name, name)
    if "enum" in schema or "const" in schema:
        return Kind(" or ".join(literal(value) for value in schema.get("enum", [schema.get("const")])))
    if "anyOf" in schema:
        kinds = [read_kind(each) for each in schema["anyOf"]]
        return Kind(" or ".join(each.text for each in kinds), next((each.name for each in kinds if each.name), ""))
    if schema.get("type") == "array":
        item = read_kind(schema.get("items") or next(iter(schema.get("prefixItems", ())), {}))
        return Kind(f"list of {item.text}" if item.text else "list", item.name)
    return Kind(schema.get("format") or schema.get("type", ""))


def literal(value: object) -> str:
    return "null" if value is None else f"“{value}”" if isinstance(value, str) else repr(value)
