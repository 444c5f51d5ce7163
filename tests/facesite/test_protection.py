"""What protects the site on every address: headers, marks of forms, hosts that are known, names that stay names."""

import uuid
from http.cookies import SimpleCookie

import pytest
from django.conf import LazySettings, settings
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory, override_settings

from facesite.middleware.responses import PERMISSIONS_POLICY, policy_header
from facesite.wsgi import application
from landmarks.api.swagger import POLICY as SWAGGER_POLICY
from landmarks.http.error_responses import API_PATHS
from landmarks.http.file_responses import FILE_POLICY
from landmarks.models import Result
from tests.addresses import addresses
from tests.web.conftest import body

PAGES = ("text/html", "application/json", "text/plain")
METHODS = ("get", "head", "post", "put", "delete", "options", "trace")


def check_headers(response: HttpResponseBase, where: str) -> None:
    headers = response.headers
    assert headers["X-Content-Type-Options"] == "nosniff", where
    assert headers["X-Frame-Options"] == "DENY", where
    assert headers["Referrer-Policy"] == "same-origin", where
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin", where
    assert headers["Permissions-Policy"] == PERMISSIONS_POLICY, where
    assert headers["X-Request-Id"], where
    assert headers["Cache-Control"].startswith(("private, no-store", "max-age=0")), where
    policy = headers["Content-Security-Policy"]
    if policy == SWAGGER_POLICY:
        assert where.endswith(" /api/docs/try"), where
        return
    assert policy in (policy_header(settings.SECURE_CSP), FILE_POLICY), where
    assert "unsafe" not in policy and "*" not in policy, where


def test_every_address_and_method_carries_the_protective_headers(client: Client, astronaut: Result) -> None:
    for address in addresses(astronaut.pk):
        if "delete" in address:
            continue
        for method in METHODS:
            response = getattr(client, method)(address)
            body(response)
            assert response.status_code < 500, address
            check_headers(response, f"{method} {address}")


def test_what_is_no_page_can_do_nothing_on_its_own(client: Client, astronaut: Result) -> None:
    files = 0
    for address in addresses(astronaut.pk):
        response = client.get(address)
        body(response)
        is_page = response.headers["Content-Type"].startswith(PAGES) and "Content-Disposition" not in response.headers
        if response.status_code == 200 and not is_page:
            files += 1
            assert response.headers["Content-Security-Policy"] == FILE_POLICY, address
            assert response.headers["Content-Disposition"].startswith(("inline", "attachment")), address
    assert files >= 5


def test_every_form_needs_the_mark_of_this_site(astronaut: Result) -> None:
    client = Client(enforce_csrf_checks=True)
    forms = 0
    for address in addresses(astronaut.pk):
        response = client.post(address)
        is_for_programs = f"{address}/".startswith(API_PATHS)
        assert response.status_code in ((400, 404, 405) if is_for_programs else (403, 405)), address
        forms += response.status_code == 403
    assert forms >= 7


def test_a_method_that_is_not_accepted_is_no_matter_of_marks(astronaut: Result) -> None:
    client = Client(enforce_csrf_checks=True)
    refused = 0
    for address in addresses(astronaut.pk):
        allowed = client.options(address).headers.get("Allow", "").split(", ")
        for method in ("get", "head", "post", "put", "patch", "delete", "options"):
            response = getattr(client, method)(address)
            body(response)
            if address == "/api/docs":
                assert (response.status_code == 405) == (method not in ("get", "head")), method
            if response.status_code == 405:
                refused += 1
                assert response.headers["Allow"].split(", ") == allowed, address
                assert method.upper() not in allowed, address
            else:
                assert method.upper() in allowed or response.status_code == 404, address
    assert refused > 100


def test_others_find_nothing_at_any_address_of_a_result(astronaut: Result) -> None:
    mine = set(addresses(astronaut.pk)) - set(addresses(uuid.uuid4()))
    assert len(mine) > 5
    for address in mine:
        for method in ("get", "post"):
            without_token = (400,) if address.startswith(API_PATHS) else ()
            assert getattr(Client(), method)(address).status_code in (404, 405, *without_token), address


def test_cookies_are_for_this_site_alone(client: Client, db: None) -> None:
    cookies: SimpleCookie = client.get("/").cookies
    assert {name: cookie["samesite"] for name, cookie in cookies.items()} == {
        "csrftoken": "Lax",
        settings.SESSION_COOKIE_NAME: "Lax",
    }
    assert cookies[settings.SESSION_COOKIE_NAME]["httponly"]


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "localhost:80@evil.example",
        "localhost evil.example",
        "localhost/evil",
        "127.0.0.1.evil.example",
        "",
        "[::1",
        "localhost:port",
        "xn--\x00",
        "a" * 5000,
    ],
)
def test_an_unknown_host_is_rejected_and_not_repeated(client: Client, host: str) -> None:
    response = client.get("/", headers={"Host": host})
    assert response.status_code == 400
    assert "evil" not in response.content.decode()
    check_headers(response, host)


def test_a_request_without_a_host_is_rejected(db: None) -> None:
    statuses = []
    environ = RequestFactory().get("/healthz").environ
    assert "HTTP_HOST" not in environ
    # The name of the socket, which Django would take instead, is always allowed.
    b"".join(application({**environ, "SERVER_NAME": "127.0.0.1"}, lambda status, headers: statuses.append(status)))
    named = {**environ, "HTTP_HOST": "127.0.0.1"}
    b"".join(application(named, lambda status, headers: statuses.append(status)))
    assert statuses == ["400 Bad Request", "200 OK"]


def test_a_host_that_a_visitor_claims_is_not_believed(client: Client, db: None) -> None:
    claims = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Port": "1", "Forwarded": "host=evil.example"}
    page = client.get("/", headers=claims)
    assert page.status_code == 200
    assert "evil" not in page.content.decode()


def test_a_form_from_elsewhere_is_rejected(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    mark = client.get("/").cookies["csrftoken"].value
    for origin in ("https://evil.example", "http://localhost", "null"):
        response = client.post("/", {"csrfmiddlewaretoken": mark}, headers={"Origin": origin})
        assert response.status_code == 403
    own = client.post("/", {"csrfmiddlewaretoken": mark}, headers={"Origin": "http://testserver"})
    assert own.status_code == 400


def test_behind_https_nothing_travels_in_the_open(settings: LazySettings, db: None) -> None:
    with override_settings(
        SECURE_SSL_REDIRECT=True, SESSION_COOKIE_SECURE=True, CSRF_COOKIE_SECURE=True, SECURE_HSTS_SECONDS=31536000
    ):
        client = Client()
        plain = client.get("/results/")
        assert (plain.status_code, plain.headers["Location"]) == (301, "https://testserver/results/")
        check_headers(plain, "/results/")
        unknown = client.get("/", headers={"Host": "evil.example"})
        assert unknown.status_code == 400
        check_headers(unknown, "evil.example")
        safe = client.get("/", secure=True)
        assert all(cookie["secure"] for cookie in safe.cookies.values())
        assert safe.headers["Strict-Transport-Security"] == "max-age=31536000"
