"""The page of the engines: what works, for whoever runs the site, and nothing that visitors must not know."""

import re

import pytest
from django.conf import LazySettings
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from landmarks.services import hosted_tokens
from tests.vendor import PLATFORM_TOKEN, TOKEN, Vendor, refusal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("models_dir")]


@pytest.fixture(autouse=True)
def forget() -> None:
    hosted_tokens._memory.cache_clear()


def text(client: Client) -> str:
    page = client.get("/engines/").content.decode()
    assert TOKEN not in page
    assert PLATFORM_TOKEN not in page
    return " ".join(re.sub("<[^>]+>", "", page).split())


def test_a_site_without_tokens_says_how_to_add_them(client: Client) -> None:
    page = text(client)
    assert "photos are analysed by: Embedded engine" in page
    assert "Embedded engine It is ready." in page
    assert "ACEDATA_API_TOKEN isn’t set." in page
    assert "two lines in .env" in page
    assert "Checked at" not in page


def test_tokens_that_work(client: Client, hosted: Vendor) -> None:
    hosted.tokens = (TOKEN, PLATFORM_TOKEN)
    page = text(client)
    assert "photos are analysed by: Ace Data Cloud" in page
    assert "ACEDATA_API_TOKEN works. ACEDATA_PLATFORM_TOKEN works." in page
    assert "Photos sent as files are uploaded to its platform." in page
    assert "Checked at" in page


def test_a_token_that_does_not_work_has_its_reason(client: Client, hosted: Vendor) -> None:
    hosted.answers(refusal(401, "token_expired", f"{TOKEN} expired"))
    page = text(client)
    assert "ACEDATA_API_TOKEN doesn’t work. The token of this site for Ace Data Cloud has expired." in page


def test_visitors_who_reload_ask_the_vendor_once(client: Client, hosted: Vendor) -> None:
    hosted.tokens = (TOKEN, PLATFORM_TOKEN)
    for _ in range(5):
        text(Client())
    assert hosted.connections == 4


def test_a_site_without_a_way_for_files_says_what_is_missing(
    client: Client, hosted: Vendor, settings: LazySettings
) -> None:
    settings.ACEDATA_PLATFORM_TOKEN = ""
    assert "no files, until ACEDATA_PLATFORM_TOKEN or PUBLIC_URL is set" in text(client)
    settings.PUBLIC_URL = "https://photos.example.org"
    page = text(client)
    assert "from this site, at PUBLIC_URL" in page
    assert "photos.example.org" not in page


def test_the_choice_of_an_engine_leads_there(client: Client, hosted: Vendor) -> None:
    assertContains(client.get("/"), 'href="/engines/"')


def test_one_engine_alone_needs_no_link(client: Client) -> None:
    assertNotContains(client.get("/"), 'href="/engines/"')
