"""Request ids: one for each answer, the same in the log and on the error page, and none of a stranger's choosing."""

import io
import logging
import re
from collections.abc import Iterator
from html import unescape
from ipaddress import ip_network

import pytest
from django.conf import LazySettings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from facesite.log_format import LineFormatter
from facesite.urls import handler400, handler403, handler404, handler500, urlpatterns  # noqa: F401
from landmarks.core.errors import EngineError, FetchError
from landmarks.core.messages import MESSAGES

NAME_AND_ADDRESS = "Ann at 192.0.2.7"
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def fail(request: HttpRequest) -> HttpResponse:
    """Fails as a bug would, with an error that quotes what was sent."""
    try:
        raise KeyError(request.GET["name"])
    except KeyError as exc:
        raise ValueError(request.GET["name"]) from exc


def stumble(request: HttpRequest) -> HttpResponse:
    return HttpResponse(None.missing)  # type: ignore[attr-defined]


def reject(request: HttpRequest) -> HttpResponse:
    if "engine" in request.GET:
        raise EngineError("hosted_token_unset", detail="its detail")
    raise FetchError("photo_unreachable", detail=NAME_AND_ADDRESS)


urlpatterns = [*urlpatterns, path("fail", fail), path("stumble", stumble), path("reject", reject)]
pytestmark = [pytest.mark.urls("tests.facesite.test_request_id"), pytest.mark.django_db]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the site's own log says."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LineFormatter("{levelname} {request_id} {name}: {message}", style="{"))
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def visitor() -> Client:
    """Told of failures by pages, as a person is."""
    return Client(raise_request_exception=False)


def test_every_answer_has_an_id_of_its_own(client: Client) -> None:
    addresses = ("/", "/results/", "/nothing", "/healthz", "/static/none.css")
    ids = [client.get(address).headers["X-Request-Id"] for address in addresses]
    assert all(ID.fullmatch(id) for id in ids)
    assert len(set(ids)) == len(ids)


def test_an_unforeseen_error_has_one_id_on_page_answer_and_log(visitor: Client, log: io.StringIO) -> None:
    response = visitor.get("/stumble")
    id = response.headers["X-Request-Id"]
    assert response.status_code == 500
    assert f"<code>{id}</code>" in response.content.decode()
    first, *rest = log.getvalue().splitlines()
    assert first == f"ERROR {id} django.request: Internal Server Error: /stumble"
    assert "in stumble" in "\n".join(rest)
    assert rest[-1] == "AttributeError: 'NoneType' object has no attribute 'missing'"


def test_an_unforeseen_error_leaves_nothing_personal_in_the_log(visitor: Client, log: io.StringIO) -> None:
    response = visitor.get(
        "/fail", {"name": NAME_AND_ADDRESS}, headers={"User-Agent": NAME_AND_ADDRESS, "Cookie": f"a={NAME_AND_ADDRESS}"}
    )
    assert response.status_code == 500
    assert NAME_AND_ADDRESS not in log.getvalue() + response.content.decode()
    assert [line for line in log.getvalue().splitlines() if not line.startswith(" ")][1:] == ["KeyError", "ValueError"]


def test_an_unforeseen_error_is_json_for_programs(visitor: Client) -> None:
    response = visitor.get("/fail", {"name": NAME_AND_ADDRESS}, headers={"Accept": "application/json"})
    assert response.status_code == 500
    assert response.json()["error"]["code"] == "api_error"
    assert response.json()["trace_id"] == response.headers["X-Request-Id"]
    assert NAME_AND_ADDRESS not in response.content.decode()


def test_our_errors_are_reported_wherever_they_come_from(client: Client, log: io.StringIO) -> None:
    response = client.get("/reject")
    assert response.status_code == 400
    assert MESSAGES["photo_unreachable"] in unescape(response.content.decode())
    assert f"<code>{response.headers['X-Request-Id']}</code>" in response.content.decode()
    assert log.getvalue() == ""


def test_failures_of_ours_are_logged_with_their_detail(client: Client, log: io.StringIO) -> None:
    response = client.get("/reject?engine=1", headers={"Accept": "application/json"})
    id = response.headers["X-Request-Id"]
    assert (response.status_code, response.json()["error"]["code"]) == (500, "engine_failed")
    assert log.getvalue().splitlines() == [
        f"ERROR {id} landmarks.http.error_responses: Answered 500 engine_failed: its detail",
    ]


@pytest.mark.parametrize("id", ["0123456789abcdef", "a-proxy.has_its_own-form"])
def test_the_id_of_a_trusted_proxy_is_taken_over(client: Client, settings: LazySettings, id: str) -> None:
    settings.TRUSTED_PROXIES = (ip_network("127.0.0.0/8"),)
    assert client.get("/", headers={"X-Request-Id": id}).headers["X-Request-Id"] == id


@pytest.mark.parametrize(
    "id", ["", "short", "a" * 65, "with space", "<script>alert</script>", "line\\nbreak", "ümläute-and-more"]
)
def test_an_id_that_is_not_plain_is_not_taken_over(client: Client, settings: LazySettings, id: str) -> None:
    settings.TRUSTED_PROXIES = (ip_network("127.0.0.0/8"),)
    assert ID.fullmatch(client.get("/", headers={"X-Request-Id": id}).headers["X-Request-Id"])


def test_the_id_of_a_stranger_is_not_taken_over(client: Client) -> None:
    assert client.get("/", headers={"X-Request-Id": "0123456789abcdef"}).headers["X-Request-Id"] != "0123456789abcdef"
