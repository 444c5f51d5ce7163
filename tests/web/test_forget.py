"""Forgetting a browser: what the page says, what the cookie loses, what stays and what is deleted."""

import pytest
from django.conf import LazySettings, settings
from django.test import Client

from landmarks.models import Result
from tests.rows import make_owner, make_result

PAGE = "/results/forget"


@pytest.fixture
def owner(client: Client, db: None) -> str:
    """The key of a browser with two results; somebody else has one."""
    client.get("/")
    key: str = client.session["owner"]
    for _ in range(2):
        make_result(owner=make_owner(key))
    make_result(owner="somebody else")
    return key


def test_the_history_leads_there(client: Client, owner: str) -> None:
    assert f'href="{PAGE}"' in client.get("/results/").content.decode()


def test_the_page_explains_and_changes_nothing(client: Client, owner: str) -> None:
    page = client.get(PAGE).content.decode()
    assert "2 results that it made" in page
    assert "stay on the server unless you delete them" in page
    assert client.session["owner"] == owner


def test_the_cookie_goes_and_the_results_stay(client: Client, owner: str) -> None:
    response = client.post(PAGE)
    assert (response.status_code, response.headers["Location"]) == (303, "/")
    cookie = response.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie.value, cookie["max-age"]) == ("", 0)
    assert Result.objects.kept().count() == 3
    page = client.get("/").content.decode()
    assert "This browser is forgotten." in page
    assert client.session["owner"] != owner
    assert "Nothing here yet" in client.get("/results/").content.decode()


def test_all_results_of_this_browser_can_be_deleted_first(client: Client, owner: str, settings: LazySettings) -> None:
    # Also where it sees, and could delete, those of others.
    settings.HISTORY = "shared"
    client.post(PAGE, {"delete": "all"})
    assert [result.owner.key for result in Result.objects.kept()] == ["somebody else"]
    assert "2 results deleted." in client.get("/").content.decode()


def test_a_browser_without_results_can_be_forgotten(client: Client, db: None) -> None:
    assert "There are none now." in client.get(PAGE).content.decode()
    assert client.post(PAGE).status_code == 303


def test_no_other_site_can_do_it(owner: str) -> None:
    assert Client(enforce_csrf_checks=True).post(PAGE, {"delete": "all"}).status_code == 403
    assert Result.objects.kept().count() == 3
