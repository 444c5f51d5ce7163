"""What Sentry gets of an unexpected error, received by a server that speaks its protocol."""

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.conftest import BASE_DIR
from tests.patience import PATIENCE

FAILING = """
from unittest.mock import patch

from facesite.wsgi import application
from django.test import Client
import sentry_sdk

def broken(request, *args, **options):
    secret = "Dr. Jones"
    raise {error}

with patch("django.urls.resolvers.URLResolver.resolve") as resolve:
    from django.urls import ResolverMatch
    resolve.return_value = ResolverMatch(broken, (), {{}}, route="broken")
    client = Client(raise_request_exception=False, HTTP_HOST="localhost", HTTP_COOKIE="facesite_session=abcdef")
    response = client.post("/api/results/0c1d2e3f-0000-4000-8000-123456789abc/?q=Jones", {{"name": "Jones"}})
assert response.status_code == 500, response.status_code
sentry_sdk.flush(10)
"""


def report(server: HTTPServer, error: str, data_dir: Path) -> dict[str, Any]:
    """The one event that arrives."""
    received: list[bytes] = []

    def receive(request: Request) -> Response:
        received.append(gzip.decompress(request.data) if request.data[:2] == b"\x1f\x8b" else request.data)
        return Response("{}", content_type="application/json")

    server.expect_request("/api/1/envelope/").respond_with_handler(receive)
    environment = {"DATA_DIR": str(data_dir), "SENTRY_DSN": f"http://key@{server.host}:{server.port}/1"}
    done = subprocess.run(
        [sys.executable, "-c", FAILING.format(error=error)],
        cwd=BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for envelope in received for line in envelope.splitlines() if b'"exception"' in line]
    (event,) = events
    assert "Jones" not in json.dumps(event)
    assert "123456789abc" not in json.dumps(event)
    assert "abcdef" not in json.dumps(event)
    return dict(event)


def test_an_error_of_our_code_is_reported_with_its_message(httpserver: HTTPServer, tmp_path: Path) -> None:
    event = report(httpserver, 'TypeError("a number is missing")', tmp_path)
    (error,) = event["exception"]["values"]
    assert (error["type"], error["value"]) == ("TypeError", "a number is missing")
    assert error["stacktrace"]["frames"][-1]["function"] == "broken"
    assert not {"request", "user", "breadcrumbs", "extra", "server_name"} & set(event)


@pytest.mark.parametrize("error", ['ValueError("no such name: Jones")', "KeyError(secret)"])
def test_an_error_that_quotes_is_reported_without_its_message(
    httpserver: HTTPServer, tmp_path: Path, error: str
) -> None:
    event = report(httpserver, error, tmp_path)
    (reported,) = event["exception"]["values"]
    assert reported["type"] == error.partition("(")[0]
    assert not reported.get("value")
