"""A site below a path: who may say so, and that links, redirects, cookies and files follow."""

import logging
import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from ipaddress import ip_network
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import get_script_prefix

from landmarks.http.site_path import inner_path, warn_of_header
from landmarks.models import Result
from tests.api.conftest import MakeToken, make_token  # noqa: F401
from tests.web.conftest import Submit

pytestmark = pytest.mark.django_db
LINK = re.compile(r'(?:href|src|action)="(/[^"]*)"')


@pytest.fixture(autouse=True)
def root_afterwards() -> Iterator[None]:
    yield
    assert get_script_prefix() == "/"


@pytest.fixture
def proxy(settings: LazySettings) -> None:
    settings.TRUSTED_PROXIES = (ip_network("127.0.0.1/32"),)


def links(client: Client, path: str = "/", **extra: str) -> list[str]:
    return LINK.findall(client.get(path, **extra).content.decode())


def below(path: str) -> dict[str, str]:
    return {"HTTP_X_FORWARDED_PREFIX": path}


@pytest.mark.usefixtures("proxy")
@pytest.mark.parametrize("header", ["/faces", "/faces/", "/evil, /faces", " /faces "])
@pytest.mark.parametrize("path", ["/", "/faces/", "/faces", "/results/", "/faces/results/", "/atlas/", "/api/docs"])
def test_every_link_begins_with_the_path_of_a_trusted_proxy(client: Client, header: str, path: str) -> None:
    found = links(client, path, **below(header))
    assert len(found) > 8
    assert all(link.startswith("/faces/") for link in found)
    assert "/faces/static/" in " ".join(found)


@pytest.mark.usefixtures("proxy")
@pytest.mark.parametrize("header", ["/a/b-c.d_e~f", "/s", "/st", "/static", "/face", "/x.y"])
def test_other_plain_paths_do_as_well(client: Client, header: str) -> None:
    assert all(link.startswith(f"{header}/") for link in links(client, **below(header)))


@pytest.mark.parametrize("remote", ["192.0.2.7", "127.0.0.1", "10.0.0.1", "", "unix:"])
def test_nobody_else_changes_links(client: Client, settings: LazySettings, remote: str) -> None:
    settings.TRUSTED_PROXIES = (ip_network("10.1.0.0/16"),)
    claims = {"HTTP_SCRIPT_NAME": "/evil", "HTTP_X_SCRIPT_NAME": "/evil", **below("/evil")}
    response = client.get("/", REMOTE_ADDR=remote, **claims)
    assert "evil" not in response.content.decode()
    assert {cookie["path"] for cookie in response.cookies.values()} == {"/"}


@pytest.mark.usefixtures("proxy")
@pytest.mark.parametrize(
    "header",
    [
        "//evil.example",
        "https://evil.example",
        "faces",
        "/../x",
        "/a/..",
        "/.",
        "/a//b",
        "/a b",
        "/é",
        "/%2e",
        '/"x',
        "/a\\b",
    ],
)
def test_what_is_no_plain_path_is_ignored_with_a_line_in_the_log(
    client: Client, caplog: pytest.LogCaptureFixture, header: str
) -> None:
    warn_of_header.cache_clear()
    with caplog.at_level(logging.WARNING):
        found = [links(client, **below(header)) for _ in range(2)][0]
    assert all(re.match("/(static|results|atlas|api|#|$)", link) for link in found)
    assert caplog.text.count("X-Forwarded-Prefix is ignored") == 1
    assert "evil" not in caplog.text


def test_a_setting_or_the_server_can_say_so_and_a_header_changes_nothing(
    client: Client, settings: LazySettings, proxy: None
) -> None:
    assert all(link.startswith("/wsgi/") for link in links(client, SCRIPT_NAME="/wsgi", **below("/evil")))
    settings.FORCE_SCRIPT_NAME = "/faces"
    assert all(link.startswith("/faces/") for link in links(client, **below("/evil")))
    assert client.get("/faces/atlas/").status_code == client.get("/atlas/").status_code == 200
    settings.FORCE_SCRIPT_NAME = ""
    assert not any(link.startswith("/evil") for link in links(client, **below("/evil")))


@pytest.mark.parametrize(
    ("path", "site", "inner"),
    [
        ("/faces/results/", "/faces", "/results/"),
        ("/results/", "/faces", "/results/"),
        ("/faces", "/faces", "/"),
        ("/facesite/", "/faces", "/facesite/"),
        ("/face/analyze", "/face", "/face/analyze"),
        ("/static/css/site.css", "/static", "/static/css/site.css"),
        ("/s/static/css/site.css", "/s", "/static/css/site.css"),
    ],
)
def test_a_path_is_read_whether_the_proxy_cuts_it_or_not(path: str, site: str, inner: str) -> None:
    assert inner_path(path, site) == inner


@pytest.mark.usefixtures("proxy")
def test_redirects_stay_below_the_path(client: Client, settings: LazySettings) -> None:
    assert client.get("/atlas", **below("/faces")).headers["Location"] == "/faces/atlas/"
    settings.SECURE_SSL_REDIRECT = True
    secure = Client().get("/results/?words=x", **below("/faces"))
    assert secure.headers["Location"] == "https://testserver/faces/results/?words=x"
    for path in ("/healthz", "/faces/healthz"):
        assert Client().get(path, **below("/faces")).status_code == 200


@pytest.mark.usefixtures("proxy", "models_dir")
def test_a_photo_is_submitted_and_seen_below_the_path(client: Client, submit: Submit) -> None:
    client.defaults |= below("/faces")
    location = submit("astronaut.jpg").headers["Location"]
    result = Result.objects.get()
    assert location == f"/faces/results/{result.pk}/"
    page = client.get(location)
    assert "http://testserver/faces/api/results" in page.content.decode()
    assert all(link.startswith("/faces/") for link in LINK.findall(page.content.decode()))


@pytest.mark.usefixtures("proxy")
def test_cookies_are_for_the_path_alone(client: Client) -> None:
    response = client.get("/", **below("/faces"))
    assert len(response.cookies) == 2
    assert {cookie["path"] for cookie in response.cookies.values()} == {"/faces"}


@pytest.mark.usefixtures("proxy")
def test_names_for_a_whole_host_become_names_for_a_path_and_are_read_again(settings: LazySettings) -> None:
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-facesite_session", "__Host-csrftoken"
    client = Client(enforce_csrf_checks=True)
    cookies: SimpleCookie = client.get("/", **below("/faces")).cookies
    assert sorted(cookies) == ["__Secure-csrftoken", "__Secure-facesite_session"]
    assert {cookie["path"] for cookie in cookies.values()} == {"/faces"}
    form = {"csrfmiddlewaretoken": cookies["__Secure-csrftoken"].value}
    assert client.post("/", form, **below("/faces")).status_code == 400
    # The cookie of a site at the root of the host is another site's.
    client.cookies = SimpleCookie({"__Host-csrftoken": form["csrfmiddlewaretoken"]})
    assert client.post("/", form, **below("/faces")).status_code == 403


@pytest.mark.usefixtures("proxy")
def test_the_specification_and_the_documents_name_the_whole_address(client: Client) -> None:
    assert client.get("/api/openapi.json").json()["servers"] == [{"url": "/"}]
    assert client.get("/api/openapi.json", **below("/faces")).json()["servers"] == [{"url": "/faces"}]
    page = client.get("/api/docs", **below("/faces")).content.decode()
    assert "curl --silent --show-error --fail-with-body http://testserver/faces/api/v1/files/" in page
    assert "http://testserver/api" not in page


@pytest.mark.usefixtures("proxy")
@pytest.mark.parametrize("public", ["", "https://photos.example.org", "https://photos.example.org/faces"])
def test_an_upload_has_the_path_once(
    client: Client,
    make_token: MakeToken,  # noqa: F811
    settings: LazySettings,
    images: Path,
    models_dir: Path,
    public: str,
) -> None:
    settings.PUBLIC_URL = public
    headers = {"HTTP_AUTHORIZATION": f"Bearer {make_token()}", **below("/faces")}
    with (images / "astronaut.jpg").open("rb") as photo:
        address = client.post("/api/v1/files/", {"file": photo}, **headers).json()["file_url"]
    assert address.startswith(f"{'https://photos.example.org' if public else 'http://testserver'}/faces/uploads/")
