"""The specification: valid, made from the code, and the page that shows it."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import URLPattern
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from pytest_django.asserts import assertContains, assertNotContains

from landmarks.api import examples
from landmarks.api.docs import mark_code
from landmarks.api.urls import urlpatterns
from landmarks.core import errors
from landmarks.core.schema import REGIONS
from tests.conftest import BASE_DIR

ABOUT_ITSELF = {"/api/openapi.json", "/api/docs", "/api/docs/try"}
CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")


@pytest.fixture
def document(client: Client) -> dict:
    response = client.get("/api/openapi.json")
    assert response.headers["Content-Type"] == "application/json"
    return response.json()


@pytest.fixture
def page(client: Client, db: None) -> str:
    return client.get("/api/docs").content.decode()


def operations(document: dict) -> list[tuple[str, str, dict]]:
    return [(path, method, each) for path, methods in document["paths"].items() for method, each in methods.items()]


def test_it_is_valid(document: dict) -> None:
    assert document["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(document).validate()


def test_it_has_every_address_and_no_other(document: dict) -> None:
    named = [each for each in urlpatterns if isinstance(each, URLPattern) and each.name]
    routes = {"/" + CONVERTER.sub(r"{\1}", str(each.pattern)) for each in named}
    assert routes - ABOUT_ITSELF == set(document["paths"])


def test_it_has_every_method_that_is_taken(document: dict, client: Client) -> None:
    for path, methods in document["paths"].items():
        concrete = path.replace("{id}", "4b1b8b6e-6a5e-4c5e-9d6b-000000000000").replace("{format_name}", "json")
        concrete = concrete.replace("{number}", "1").replace("{job}", "4b1b8b6e-6a5e-4c5e-9d6b-000000000000")
        allowed = {method.lower() for method in client.options(concrete).headers["Allow"].split(", ")}
        assert allowed - {"head"} == set(methods)


def test_every_operation_needs_a_token_and_lists_its_errors(document: dict) -> None:
    for path, method, operation in operations(document):
        assert operation["security"] == [{"BearerToken": []}], (path, method)
        assert {"400", "401", "403", "429", "500"} <= set(operation["responses"]), (path, method)
        by_the_server = operation["responses"].pop("414", None)
        assert bool(by_the_server) == (method == "get")
        for status, response in operation["responses"].items():
            assert "x-trace-id" in response["headers"]
            if status >= "400":
                assert response["content"]["application/json"]["schema"]["$ref"].endswith("/Refusal")


def test_a_face_has_its_nine_regions_there(document: dict) -> None:
    for name in ("FaceShape", "FacePoints"):
        face = document["components"]["schemas"][name]
        assert face["required"] == [region.name for region in REGIONS]
        assert face["additionalProperties"] is False
        assert [each["minItems"] for each in face["properties"].values()] == [region.count for region in REGIONS]


def test_every_type_is_used_and_every_name_is_a_type(document: dict) -> None:
    names = set(re.findall(r"#/components/schemas/(\w+)", str(document)))
    assert names == set(document["components"]["schemas"])


def test_whoever_asks_needs_no_token_for_it(client: Client) -> None:
    assert client.get("/api/openapi.json").status_code == 200
    assert client.head("/api/openapi.json").status_code == 200


def test_every_operation_has_an_example_that_is_valid(document: dict) -> None:
    for path, method, operation in operations(document):
        found = [each for each in operation["parameters"] if "example" in each]
        for each in found:
            check(document, each["schema"], each["example"])
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        assert ("content" in bodies[0]) == (operation["operationId"] in examples.REQUESTS), (path, method)
        for content in (each for body in bodies for each in body.get("content", {}).values()):
            if "example" in content:
                found.append(content)
                check(document, content["schema"], content["example"])
        assert found, (path, method)
        body = operation["responses"].get("200", operation["responses"].get("201", {})).get("content", {})
        assert not body or "application/octet-stream" in body or "example" in body["application/json"], (path, method)


def check(document: dict, schema: dict, example: object) -> None:
    Draft202012Validator({**schema, "components": document["components"]}).validate(example)


def test_types_of_requests_are_narrow(document: dict) -> None:
    """Generators drop operations with a field of several types."""
    schemas = document["components"]["schemas"]
    fields = [
        (name, field)
        for name in ("AnalyzeIn", "ResultIn", "AgainIn", "ResultPatch", "IdsIn")
        for field in schemas[name]["properties"].values()
    ]
    fields += [
        (each["name"], each["schema"]) for *_, operation in operations(document) for each in operation["parameters"]
    ]
    for name, field in fields:
        assert "type" in field or "$ref" in field, (name, field)
        assert None not in field.get("enum", ()), (name, field)
    assert schemas["AnalyzeIn"]["properties"]["mode"]["enum"] == [0, 1]
    assert schemas["AnalyzeIn"]["properties"]["image_url"]["format"] == "uri"


def test_uploads_are_an_operation_of_their_own(document: dict) -> None:
    for path, method, operation in operations(document):
        assert len(operation.get("requestBody", {}).get("content", {"": 0})) == 1, (path, method)
    assert list(document["paths"]["/api/results/upload"]["post"]["requestBody"]["content"]) == ["multipart/form-data"]


def test_files_are_binary(document: dict) -> None:
    pictures = (
        "photo",
        "overlay.png",
        "overlay.svg",
        "blurred.jpg",
        "faces/{number}/crop.png",
        "faces/{number}/mask.png",
    )
    for path in (*pictures, "export/{format_name}"):
        content = document["paths"][f"/api/results/{{id}}/{path}"]["get"]["responses"]["200"]["content"]
        assert next(iter(content)) == "application/octet-stream"  # the type that generators take
        binary = [each["schema"] for name, each in content.items() if name != "application/json"]
        assert all(each == {"type": "string", "format": "binary"} for each in binary)


def test_the_range_of_days_is_stated(document: dict) -> None:
    parameters = {each["name"]: each for each in document["paths"]["/api/results"]["get"]["parameters"]}
    assert "from 1980-01-01 to 2200-01-01" in parameters["since"]["description"]
    assert parameters["until"]["schema"]["format"] == "date"


# --- the page to try it on -------------------------------------------------------------------------------------------


def test_the_page_to_try_it_on_needs_nothing_from_elsewhere(client: Client, db: None) -> None:
    response = client.get("/api/docs/try")
    page = response.content.decode()
    assert "script-src 'self';" in response.headers["Content-Security-Policy"]
    assert "ninja/swagger-ui-bundle.js" in page
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)
    assert not re.findall(r"<script>|<style", page)
    assertContains(client.get("/api/docs"), 'href="/api/docs/try"')


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_page_shows_every_operation_and_every_type(page: str, document: dict) -> None:
    for path, method, operation in operations(document):
        assert f'id="{operation["operationId"]}"' in page
        shown = rf"<strong>{method.upper()}</strong></code>\s*<pre><span>http://testserver</span><wbr>{re.escape(path)}</pre>"
        assert re.search(shown, unescape(page)), (path, method)
    for name in document["components"]["schemas"]:
        assert f'id="type-{name}"' in page


def test_the_page_explains_every_header_once(page: str, document: dict) -> None:
    table = page[page.index('id="headers"') : page.index('id="errors"')]
    sent = {each["name"] for *_, operation in operations(document) for each in operation["parameters"]}
    returned = {
        name
        for *_, operation in operations(document)
        for response in operation["responses"].values()
        for name in response.get("headers", {})
    }
    for name in {"API-Version", "If-None-Match", "Idempotency-Key"} & sent | returned:
        assert len(re.findall(rf'<th scope="row">\s*<code>{name}</code>', table)) == 1, name


def test_the_page_lists_the_values_of_a_type_without_fields(page: str) -> None:
    fold = page[page.index('id="type-State"') :]
    assert "“found” or “none” or “failed”" in unescape(fold[: fold.index("</details>")])


def test_every_block_of_code_has_a_copy_button(page: str) -> None:
    assert page.count("<pre") == page.count("data-copy=") > 6


def test_its_links_lead_somewhere(page: str) -> None:
    assert set(re.findall(r'href="#([\w-]+)"', page)) <= set(re.findall(r'id="([\w-]+)"', page))


def test_it_needs_nothing_from_elsewhere_and_no_exception(client: Client, db: None) -> None:
    response = client.get("/api/docs")
    page = response.content.decode()
    assert response.headers["Content-Security-Policy"] == client.get("/").headers["Content-Security-Policy"]
    assert not re.findall(r'<script(?! type="module" src="/static/)|style=|<iframe', page)
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)


def test_the_way_there_is_on_every_page(client: Client, db: None) -> None:
    assertContains(client.get("/"), 'href="/api/docs"')
    assertContains(client.get("/api/docs"), 'aria-current="page"', count=1)


def test_it_names_the_site_as_it_was_reached(client: Client, settings, db: None) -> None:
    settings.ALLOWED_HOSTS = ["photos.example.org"]
    page = client.get("/api/docs", headers={"Host": "photos.example.org"})
    assertContains(page, "http://photos.example.org/face/analyze")
    assertNotContains(page, "testserver")


# --- codes -----------------------------------------------------------------------------------------------------------


def test_the_page_explains_every_code(page: str) -> None:
    for error in errors.documented():
        assert f"<code>{error.code}</code>" in page
        assert mark_code(error.__doc__ or "") in page


def test_the_document_for_people_who_switch_names_every_client_that_is_tried() -> None:
    document = (BASE_DIR / "docs" / "api.md").read_text()
    clients = [line.partition("==")[0] for line in (BASE_DIR / "tests/api/clients.txt").read_text().splitlines()]
    assert len(clients) == 3
    assert all(f"| `{client}`" in document for client in clients)
