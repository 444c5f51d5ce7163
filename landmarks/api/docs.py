"""The page about the API for people, rendered from its specification."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe
from ninja import NinjaAPI

from landmarks.api.openapi import Json, operations, specification
from landmarks.core.errors import documented

LANGUAGES = (("curl", "sh"), ("Python", "py"), ("JavaScript", "mjs"))
TASKS = (
    ("analyze", "Example: points of a photo"),
    ("results", "Example: results that are kept"),
)


@dataclass(frozen=True)
class Kind:
    """What a value is, in words, and the type that it links to."""

    words: str
    name: str = ""


@dataclass(frozen=True)
class Entry:
    """A parameter, or a field of a type."""

    name: str
    kind: Kind
    is_required: bool
    description: SafeString
    place: str = ""


@dataclass(frozen=True)
class Part:
    """A body: its content type, and its type or its fields."""

    label: str
    kind: Kind
    entries: list[Entry]


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    summary: str
    paragraphs: list[SafeString]
    entries: list[Entry]
    bodies: list[Part]
    answers: list[Part]
    refusals: str


@dataclass(frozen=True)
class Example:
    language: str
    suffix: str
    text: str


def serve(api: NinjaAPI) -> Any:
    @require_safe
    def docs(request: HttpRequest) -> HttpResponse:
        document = specification(api)
        context = {
            "base": request.build_absolute_uri("/").rstrip("/"),
            "operations": [operation(*each) for each in operations(document)],
            "types": list(types(document)),
            "codes": [(error.status, error.code, marked(error.__doc__ or "")) for error in documented()],
            "tasks": [(slug, title, examples(request, slug)) for slug, title in TASKS],
        }
        return render(request, "landmarks/api_docs.html", context)

    return docs


def examples(request: HttpRequest, slug: str) -> list[Example]:
    context = {"base": request.build_absolute_uri("/").rstrip("/")}
    return [
        Example(language, suffix, render_to_string(f"landmarks/examples/{slug}.{suffix}", context).strip())
        for language, suffix in LANGUAGES
    ]


def operation(path: str, method: str, said: Json) -> Operation:
    statuses = said["responses"]
    return Operation(
        said["operationId"],
        method.upper(),
        path,
        said["summary"],
        [marked(paragraph) for paragraph in said.get("description", "").split("\n\n")],
        [
            Entry(each["name"], kind(each["schema"]), each["required"], marked(each.get("description", "")), each["in"])
            for each in said["parameters"]
        ],
        [part(label, body) for label, body in said.get("requestBody", {}).get("content", {}).items()],
        [
            part(f"{status}, {label}", body)
            for status, answer in statuses.items()
            if status < "400"
            for label, body in (answer.get("content") or {"no body": {}}).items()
        ],
        ", ".join(status for status in statuses if status >= "400"),
    )


def part(label: str, body: Json) -> Part:
    schema = body.get("schema", {})
    return Part(label, kind(schema), list(entries(schema)))


def types(document: Json) -> Iterator[tuple[str, Json, list[Entry]]]:
    for name, schema in sorted(document["components"]["schemas"].items()):
        found = list(entries(schema))
        # Where all is always there, as in answers, nothing has to be said of it.
        is_said = not all(entry.is_required for entry in found)
        yield name, schema, [replace(entry, is_required=is_said and entry.is_required) for entry in found]


def entries(schema: Json) -> Iterator[Entry]:
    required = schema.get("required", ())
    for name, field in schema.get("properties", {}).items():
        yield Entry(name, kind(field), name in required, marked(field.get("description", "")))


def marked(text: str) -> SafeString:
    """What stands between backticks is code."""
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<code>{}</code>", part) if number % 2 else part,)
            for number, part in enumerate(text.split("`"))
        ),
    )


def kind(schema: Json) -> Kind:
    """A schema in words; of several types it links to the first that has a name."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return Kind(name, name)
    if "enum" in schema or "const" in schema:
        return Kind(" or ".join(word(value) for value in schema.get("enum", [schema.get("const")])))
    if "anyOf" in schema:
        kinds = [kind(each) for each in schema["anyOf"]]
        return Kind(" or ".join(each.words for each in kinds), next((each.name for each in kinds if each.name), ""))
    if schema.get("type") == "array":
        item = kind(schema.get("items") or next(iter(schema.get("prefixItems", ())), {}))
        return Kind(f"list of {item.words}" if item.words else "list", item.name)
    return Kind(schema.get("format") or schema.get("type", ""))


def word(value: object) -> str:
    return "null" if value is None else repr(value) if not isinstance(value, str) else f"“{value}”"
