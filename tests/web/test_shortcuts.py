"""The page of keyboard shortcuts, which dialogs on other pages show parts of."""

import pytest
from django.test import Client

from landmarks.models import Result
from landmarks.web.presenters.shortcuts import PAGES

pytestmark = pytest.mark.django_db


def test_lists_the_keys_of_every_page(client: Client) -> None:
    text = client.get("/shortcuts/").content.decode()
    for page in PAGES:
        assert f'data-shortcuts-of="{page.name}"' in text
        for column in page.columns:
            for keys, meaning in column.rows:
                assert meaning in text
                assert all(f"<kbd>{key}</kbd>" in text for key in keys)


@pytest.mark.parametrize("name", [page.name for page in PAGES])
def test_a_page_leads_to_its_own_keys(client: Client, astronaut: Result, name: str) -> None:
    address = {"result": f"/results/{astronaut.id}/", "history": "/results/"}[name]
    assert f'href="/shortcuts/#{name}"' in client.get(address).content.decode()
