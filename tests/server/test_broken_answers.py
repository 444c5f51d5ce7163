"""Answers that are sent while they are made: where that fails, the client learns it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from tests.patience import PATIENCE
from tests.server.running import running
from tests.server.test_connection import GET


def breaks_off(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
    start_response("200 OK", [("Content-Type", "text/csv")])
    yield b"first\n"
    raise OSError("the rest is lost")


def test_an_answer_that_breaks_off_has_no_end(caplog: pytest.LogCaptureFixture) -> None:
    with running(breaks_off) as site:
        answer = site.answer(GET)
    assert b"Transfer-Encoding: chunked" in answer and b"first" in answer
    assert not answer.endswith(b"0\r\n\r\n")
    assert "An answer broke off" in caplog.text


def test_a_client_reports_it() -> None:
    with running(breaks_off) as site, pytest.raises(requests.exceptions.ChunkedEncodingError):
        requests.get(f"http://127.0.0.1:{site.port}/", timeout=PATIENCE)
