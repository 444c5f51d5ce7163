"""A form whose origin does not fit: page and log name the wrong header, and repeat nothing that strangers sent."""

import logging

import pytest
from django.conf import LazySettings
from django.test import Client

from facesite import error_views

pytestmark = pytest.mark.django_db
HOST = "photos.example.org"


@pytest.fixture(autouse=True)
def allowed(settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS = [HOST, "127.0.0.1"]


def refused(caplog: pytest.LogCaptureFixture, host: str = HOST, secure: bool = False, **headers: str) -> str:
    """The sentence on the page, which is also in the log."""
    client = Client(enforce_csrf_checks=True)
    mark = client.get("/", headers={"Host": host}, secure=secure).cookies["csrftoken"].value
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    with caplog.at_level(logging.WARNING):
        response = client.post(
            "/",
            {"csrfmiddlewaretoken": mark},
            headers={"Host": host, "Accept": "application/json", **sent},
            secure=secure,
        )
    assert response.status_code == 403
    error = response.json()["error"]
    assert error["code"] == "csrf_failed"
    assert error["message"] in caplog.text
    assert "evil" not in caplog.text + error["message"]
    return str(error["message"])


@pytest.mark.parametrize(
    ("headers", "named"),
    [
        ({"host": "127.0.0.1:8000", "Origin": f"https://{HOST}"}, "pass on the header Host unchanged"),
        ({"Origin": "https://evil.example"}, "pass on the header Host unchanged"),
        ({"host": "127.0.0.1", "Origin": f"https://{HOST}", "X_Forwarded_Host": HOST}, "only in X-Forwarded-Host"),
        ({"Origin": f"http://{HOST}:8443"}, "Host with its port"),
        ({"host": f"{HOST}:80", "Origin": f"http://{HOST}"}, "Host with its port"),
        ({"Origin": f"https://{HOST}"}, "X-Forwarded-Proto is missing"),
        ({"Origin": f"https://{HOST}", "X_Forwarded_Proto": "https"}, "TRUSTED_PROXIES"),
        ({"Origin": f"https://{HOST}", "X_Forwarded_Proto": "https,http"}, "X-Forwarded-Proto isn't “https”"),
        ({"secure": True, "Origin": f"http://{HOST}", "X_Forwarded_Proto": "https"}, "Open this site over https"),
        ({"Origin": "null"}, "The header Origin is “null”"),
        ({"secure": True}, "Origin and Referer are missing"),
        ({"secure": True, "Referer": "https://evil.example/"}, "pass on the header Host unchanged"),
        ({"Origin": "http://[evil"}, "isn't an address"),
        ({"Origin": f"http://{HOST}:evil"}, "isn't an address"),
        ({"Origin": "evil"}, "isn't an address"),
    ],
)
def test_the_wrong_header_is_named(caplog: pytest.LogCaptureFixture, headers: dict[str, str], named: str) -> None:
    assert named in refused(caplog, **headers)  # type: ignore[arg-type]


def test_the_page_names_it_too(caplog: pytest.LogCaptureFixture) -> None:
    response = Client(enforce_csrf_checks=True).post("/", headers={"Host": HOST, "Origin": f"https://{HOST}"})
    page = response.content.decode()
    assert response.status_code == 403
    assert "This form came from elsewhere" in page
    assert "X-Forwarded-Proto is missing" in page


def test_a_missing_token_is_no_matter_of_headers() -> None:
    client = Client(enforce_csrf_checks=True)
    for headers in ({"Origin": f"http://{HOST}"}, {"Referer": "http://evil.example/"}):
        assert "This page has expired" in client.post("/", headers={"Host": HOST, **headers}).content.decode()


def test_a_host_that_is_not_allowed_is_named_as_a_header_by_page_and_log(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(error_views, "unknown_hosts", error_views.UnknownHosts())
    with caplog.at_level(logging.WARNING):
        page = Client().get("/", headers={"Host": "facesite"}).content.decode()
    assert "the name in the header Host" in page
    assert "let the proxy pass on the header Host unchanged" in caplog.text
