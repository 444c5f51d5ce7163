"""Cookies under HTTPS: names that nobody else can plant, and the move there from the plain names."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core import signing
from django.test import Client

from facesite.sessions import PLAIN_NAME, MessageStorage, SessionStore
from tests.facesite.test_settings import settings_read

NEW_NAME = f"__Host-{PLAIN_NAME}"
NAMES = ("SESSION_COOKIE_NAME", "SESSION_COOKIE_PATH", "CSRF_COOKIE_NAME", "CSRF_COOKIE_PATH")


@pytest.fixture
def https(settings: LazySettings) -> None:
    settings.SESSION_COOKIE_NAME = NEW_NAME
    settings.SESSION_COOKIE_SECURE = True


@pytest.mark.parametrize(
    ("environment", "prefix", "path"),
    [
        ({}, "", "/"),
        ({"FORCE_SCRIPT_NAME": "/faces/"}, "", "/faces"),
        ({"HTTPS": "on"}, "__Host-", "/"),
        ({"HTTPS": "on", "FORCE_SCRIPT_NAME": "/faces"}, "__Secure-", "/faces"),
    ],
)
def test_the_names_have_the_strictest_prefix(
    tmp_path: Path, environment: dict[str, str], prefix: str, path: str
) -> None:
    read = settings_read(tmp_path, *NAMES, **environment)
    assert read == f"{prefix}{PLAIN_NAME} {path} {prefix}csrftoken {path}"


def plain_cookie() -> tuple[str, str]:
    """The cookie of a visitor before the site knew of prefixes, and its owner key."""
    client = Client()
    client.get("/")
    return client.cookies[PLAIN_NAME].value, client.session["owner"]


def session_of(client: Client) -> dict[str, str]:
    return dict(SessionStore(client.cookies[NEW_NAME].value).items())


@pytest.mark.django_db
def test_a_visitor_keeps_the_history_when_the_name_changes(settings: LazySettings) -> None:
    cookie, owner = plain_cookie()
    settings.SESSION_COOKIE_NAME = NEW_NAME
    client = Client()
    client.cookies[PLAIN_NAME] = cookie
    response = client.get("/results/")
    assert session_of(client)["owner"] == owner
    # The old one has done its work.
    assert (response.cookies[PLAIN_NAME].value, response.cookies[PLAIN_NAME]["max-age"]) == ("", 0)
    del client.cookies[PLAIN_NAME]
    client.get("/results/")
    assert session_of(client)["owner"] == owner


@pytest.mark.django_db
def test_a_new_cookie_under_the_plain_name_is_not_believed(https: None) -> None:
    """A stranger could plant it, and then see what the visitor uploads."""
    stranger = Client()
    stranger.get("/")
    victim = Client()
    victim.cookies[PLAIN_NAME] = stranger.cookies[NEW_NAME].value
    victim.get("/")
    assert session_of(victim)["owner"] != session_of(stranger)["owner"]


@pytest.mark.django_db
def test_a_plain_cookie_changes_nothing_beside_the_new_one(settings: LazySettings) -> None:
    cookie, owner = plain_cookie()
    settings.SESSION_COOKIE_NAME = NEW_NAME
    client = Client()
    client.get("/")
    mine = session_of(client)["owner"]
    client.cookies[PLAIN_NAME] = cookie
    client.get("/")
    assert session_of(client)["owner"] == mine != owner


@pytest.mark.django_db
@pytest.mark.parametrize(
    "cookie",
    ["", "rubbish", "a:b:c", signing.dumps([1]), signing.dumps({"owner": "planted"})],
    ids=["empty", "rubbish", "parts", "list", "planted"],
)
def test_rubbish_under_the_plain_name_is_passed_over(https: None, cookie: str) -> None:
    client = Client()
    client.cookies[PLAIN_NAME] = cookie
    assert client.get("/").status_code == 200
    assert session_of(client)["owner"] != "planted"


def test_a_script_name_that_is_no_path_is_reported(settings: LazySettings) -> None:
    from landmarks.checks.site import script_name_is_a_path

    for name in (None, "/faces", "/a/b-c"):
        settings.FORCE_SCRIPT_NAME = name
        assert not script_name_is_a_path(None)
    for name in ("faces", "/fa ces", "https://a.example/faces", "/../x"):
        settings.FORCE_SCRIPT_NAME = name
        assert script_name_is_a_path(None)


def test_messages_have_the_prefix_too(settings: LazySettings) -> None:
    assert MessageStorage.cookie_name == f"{settings.COOKIE_PREFIX}messages"
