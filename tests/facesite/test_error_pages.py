"""Pages for what goes wrong: in the site's frame, with a cause and a next step."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import Client
from pytest_django.asserts import assertContains

from landmarks.models import Result
from tests.conftest import BASE_DIR
from tests.web.conftest import body

TEMPLATES = BASE_DIR / "templates"


@pytest.mark.django_db
def test_an_unknown_address(client: Client) -> None:
    assertContains(client.get("/nothing/"), "Page not found", status_code=404)


@pytest.mark.parametrize("name", sorted(path.name for path in TEMPLATES.glob("[45]*.html")))
def test_each_needs_nothing_to_be_shown(name: str) -> None:
    page = render_to_string(name)
    assert "Analyse a photo" in page
    assert f"<code>{name[:3]}</code>" in page


@pytest.mark.django_db
def test_a_method_that_a_page_does_not_take(client: Client) -> None:
    assertContains(client.delete("/"), "This isn’t possible here", status_code=405)
    response = client.post("/results/")
    assertContains(response, "It accepts GET, HEAD.", status_code=405)
    assert response.headers["Allow"] == "GET, HEAD"


MANY = {f"field{number}": "1" for number in range(1001)}
LONG = {"image_url": "x" * (3 * 2**20)}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "path", "data", "status", "code"),
    [
        ("get", "/nothing/", {}, 404, "not_found"),
        ("get", f"/results/{uuid.UUID(int=0)}/export/json", {}, 404, "not_found"),
        ("post", "/results/", {}, 405, "method_not_allowed"),
        ("get", "/results/?before=x", {}, 400, "bad_request"),
        ("post", "/", MANY, 413, "request_too_large"),
        ("post", "/", LONG, 413, "request_too_large"),
    ],
)
def test_api_clients_get_every_error_in_the_vendors_format(
    client: Client, method: str, path: str, data: dict[str, str], status: int, code: str
) -> None:
    response = getattr(client, method)(path, data, headers={"Accept": "application/json"})
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/json"
    body = response.json()
    assert body == {
        "success": False,
        "error": {"code": code, "message": body["error"]["message"]},
        "trace_id": response.headers["X-Request-Id"],
    }
    assert body["error"]["message"].endswith(".")


@pytest.mark.django_db
@pytest.mark.parametrize("data", [MANY, LONG])
def test_more_than_is_taken_at_once_is_reported_as_such(client: Client, data: dict[str, str]) -> None:
    assertContains(client.post("/", data), "too many fields, or too much text", status_code=413)


@pytest.mark.django_db
def test_too_many_files_are_reported_as_such(client: Client) -> None:
    files = [SimpleUploadedFile(f"{number}.jpg", b"x") for number in range(201)]
    assertContains(client.post("/", {"photo": files}), "too many fields", status_code=413)


@pytest.mark.django_db
def test_a_malformed_form_is_rejected(client: Client) -> None:
    response = client.post("/", b"--b", content_type="multipart/form-data; boundary=")
    assertContains(response, "Go back, reload the page and try again.", status_code=400)


@pytest.mark.parametrize("accept", ["application/json", "application/json, text/html;q=0.5"])
def test_a_form_without_its_token_is_rejected_as_page_and_as_json(accept: str) -> None:
    client = Client(enforce_csrf_checks=True)
    assertContains(client.post("/"), "This page has expired", status_code=403)
    response = client.post("/", headers={"Accept": accept})
    assert (response.status_code, response.json()["error"]["code"]) == (403, "csrf_failed")


@pytest.mark.parametrize(
    "accept", ["", "*/*", "text/html,application/xhtml+xml,*/*;q=0.8", "image/png", "x", "text/html,application/json"]
)
def test_everybody_else_gets_a_page(client: Client, accept: str) -> None:
    response = client.get("/nothing/", headers={"Accept": accept})
    assert response.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("path", ["/api/nothing", "/face/nothing"])
def test_below_the_api_there_are_no_pages(client: Client, path: str) -> None:
    assert client.get(path, headers={"Accept": "text/html"}).json()["error"]["code"] == "no_api"


@pytest.mark.django_db
def test_no_page_may_be_kept_by_a_cache(client: Client) -> None:
    for path in ("/", "/results/", "/nothing/", "/results/?before=x", f"/results/{uuid.uuid4()}/photo"):
        assert client.get(path).headers["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
def test_a_head_request_gets_no_body(client: Client) -> None:
    head, whole = client.head("/nothing/"), client.get("/nothing/")
    assert head.content == b""
    assert head.headers["Content-Length"] == whole.headers["Content-Length"]


@pytest.mark.django_db
def test_texts_are_compressed_and_pictures_are_not(client: Client, astronaut: Result) -> None:
    def encoding(path: str) -> str | None:
        response = client.get(f"/results/{astronaut.pk}/{path}", headers={"Accept-Encoding": "gzip"})
        assert body(response)
        return response.headers.get("Content-Encoding")

    assert [encoding(path) for path in ("", "export/json", "overlay.svg")] == ["gzip"] * 3
    assert [encoding(path) for path in ("photo", "thumbnail", "overlay.png")] == [None] * 3
