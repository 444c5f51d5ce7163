"""Pages for what goes wrong: in the site's frame, with a cause and a next step."""

import uuid

import pytest
from django.template.loader import render_to_string
from django.test import Client
from pytest_django.asserts import assertContains

from landmarks.models import Result
from tests.web.conftest import body


@pytest.mark.django_db
def test_an_unknown_address(client: Client) -> None:
    assertContains(client.get("/nothing/"), "There is nothing here", status_code=404)


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_each_needs_nothing_to_be_shown(name: str) -> None:
    page = render_to_string(name)
    assert "Analyse a photo" in page
    assert f"<code>{name[:3]}</code>" in page


@pytest.mark.django_db
def test_a_method_that_a_page_does_not_take(client: Client) -> None:
    assert client.delete("/").status_code == 405
    assert client.post("/results/").status_code == 405


@pytest.mark.django_db
def test_no_page_may_be_kept_by_a_cache(client: Client) -> None:
    for path in ("/", "/results/", "/nothing/", "/results/?before=x", f"/results/{uuid.uuid4()}/photo"):
        assert client.get(path).headers["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
def test_only_the_head_is_sent_where_only_that_is_asked_for(client: Client) -> None:
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
