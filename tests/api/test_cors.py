"""Scripts of other websites: kept out, unless their origin is named, and then with a token only."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from django.conf import settings

from tests.server.test_serve import Server, serving

ORIGIN = "https://app.example.org"
ASKED = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("cors") / "data"
    with serving(folder, models_dir, CORS_ALLOWED_ORIGINS=f"{ORIGIN}/, https://other.example.org") as running:
        yield running


def call(site: Server, method: str, path: str, headers: dict[str, str]) -> requests.Response:
    return requests.request(method, site.address + path, headers=headers, timeout=60, allow_redirects=False)


@pytest.mark.parametrize("path", ["/face/analyze", "//face/analyze", "/api/results", "/api/v1/files/"])
def test_a_named_origin_may_call_the_api(site: Server, path: str) -> None:
    asked = call(site, "OPTIONS", path, ASKED)
    assert asked.status_code == 200
    assert asked.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "authorization" in asked.headers["Access-Control-Allow-Headers"]
    assert "idempotency-key" in asked.headers["Access-Control-Allow-Headers"]
    answered = call(site, "POST", path, {"Origin": ORIGIN})
    assert answered.json()["error"]["code"] == "no_token"
    assert answered.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "X-Trace-Id" in answered.headers["Access-Control-Expose-Headers"]
    for each in (asked, answered):
        assert "Access-Control-Allow-Credentials" not in each.headers


@pytest.mark.parametrize("path", ["/", "/results/", "/face/beautify", "/healthz", "/atlas/points.json"])
def test_pages_are_not_for_other_origins(site: Server, path: str) -> None:
    for method in ("OPTIONS", "GET"):
        assert "Access-Control-Allow-Origin" not in call(site, method, path, ASKED).headers


@pytest.mark.parametrize("origin", ["https://example.org", "http://app.example.org", f"{ORIGIN}.evil.example", "null"])
def test_other_origins_get_nothing(site: Server, origin: str) -> None:
    answered = call(site, "OPTIONS", "/api/results", {**ASKED, "Origin": origin})
    assert "Access-Control-Allow-Origin" not in answered.headers
    assert "origin" in answered.headers["Vary"].lower()


def test_it_is_off_by_default() -> None:
    assert not [each for each in settings.MIDDLEWARE if "cors" in each]
