"""Pages for what goes wrong: in the site's frame, with a cause and a next step."""

import pytest
from django.template.loader import render_to_string
from django.test import Client
from pytest_django.asserts import assertContains


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
