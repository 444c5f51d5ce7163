"""No token is ever shown, however the vendor echoes it."""

import html
import json
import logging
import traceback
from urllib.parse import quote, quote_plus

import pytest

from landmarks.core.errors import HostedError
from landmarks.engines.acedata.redaction import Redaction
from tests.engines.hosted import ALL, a_photo, an_engine, at_address
from tests.net.servers import head, ok
from tests.vendor import PLATFORM_TOKEN, TOKEN, Vendor, analysis, answering, face_in

SPELLINGS = {
    "plain": lambda token: token,
    "escaped slashes": lambda token: token.replace("/", "\\/"),
    "as JSON of JSON": lambda token: json.dumps(json.dumps(token)),
    "as numbers in JSON": lambda token: "".join(f"\\u{ord(c):04X}" for c in token),
    "in an address": lambda token: quote(token, safe=""),
    "in a form": lambda token: quote_plus(token).lower(),
    "twice in an address": lambda token: quote(quote(token, safe=""), safe=""),
    "all of it in an address": lambda token: "".join(f"%{ord(c):02x}" for c in token),
    "in HTML": lambda token: html.escape(token).replace("/", "&#x2F;").replace("+", "&#43;"),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("token", [TOKEN, PLATFORM_TOKEN, 'quo"te\\back'])
def test_every_spelling_is_removed(spelling: str, token: str) -> None:
    if spelling == "in a form":
        token = token.lower()
    text = f"before {SPELLINGS[spelling](token)} after"
    assert Redaction([token])(text).replace('"', "").replace("\\", "") in ("before [token] after",)


def test_an_empty_token_removes_nothing() -> None:
    assert Redaction(["", "secret"])("a secret b") == "a [token] b"


def everything_shown(error: HostedError, caplog: pytest.LogCaptureFixture) -> str:
    return "".join([*map(str, vars(error).values()), *traceback.format_exception(error), caplog.text])


@pytest.mark.parametrize("token", [TOKEN, PLATFORM_TOKEN])
@pytest.mark.parametrize("status", [302, 400, 401, 403, 429, 500])
@pytest.mark.parametrize("spelling", ["plain", "escaped slashes", "as numbers in JSON", "in an address"])
def test_an_echoing_vendor_is_not_echoed(
    vendor: Vendor, caplog: pytest.LogCaptureFixture, token: str, status: int, spelling: str
) -> None:
    caplog.set_level(logging.DEBUG)
    echo = SPELLINGS[spelling](token)
    # Across the borders at which messages and details are cut.
    message = f"{echo} {'x' * (195 - len(echo))}{echo} {'y' * 150} {echo}"
    body = f'{{"error": {{"code": "{echo}", "message": "{message}"}}, "trace_id": "{echo}"}}'.encode()
    answer = head(f"{status} {token}", f"Content-Length: {len(body)}", f"X-Trace-Id: {token}", f"Location: /{token}")
    vendor.answers(*[answer + body] * 3)
    with pytest.raises(HostedError) as caught:
        an_engine(vendor).find(at_address(vendor), ALL)
    everything = everything_shown(caught.value, caplog)
    for spell in SPELLINGS.values():
        assert spell(token) not in everything
    assert caught.value.trace_id == ""


def test_a_token_echoed_in_a_good_answer_is_not_kept(vendor: Vendor) -> None:
    body = analysis(300, 200, [face_in(300, 200)]) | {"trace_id": "simple-token"}
    vendor.answers(answering(body), answering(body | {"face_model_version": "simple-token"}))
    engine = an_engine(vendor, token="simple-token")  # noqa: S106
    finding = engine.find(at_address(vendor), ALL)
    assert "simple-token" not in repr(finding)
    with pytest.raises(HostedError) as caught:
        engine.find(at_address(vendor), ALL)
    assert "simple-token" not in repr(vars(caught.value))


@pytest.mark.parametrize("token", ["token", "x", "mouth"])
def test_a_token_that_is_a_word_of_answers_changes_no_answer(vendor: Vendor, token: str) -> None:
    body = {"error": {"code": "token_expired", "message": "token expired."}}
    vendor.answers(answering(analysis(300, 200, [face_in(300, 200)])), answering(body, 401))
    engine = an_engine(vendor, token=token)
    assert len(engine.find(at_address(vendor), ALL).faces) == 1
    with pytest.raises(HostedError, match="has expired"):
        engine.find(at_address(vendor), ALL)


@pytest.mark.parametrize("answer", [b"SSH-2.0-" + TOKEN.encode() + b"\r\n", ok(b"<html>" + TOKEN.encode())])
def test_a_broken_response_shows_no_token(vendor: Vendor, caplog: pytest.LogCaptureFixture, answer: bytes) -> None:
    vendor.answers(answer)
    with pytest.raises(HostedError) as caught:
        an_engine(vendor).find(at_address(vendor), ALL)
    assert TOKEN not in repr(vars(caught.value)) + caplog.text


def test_a_token_that_is_not_a_valid_header_is_not_shown(vendor: Vendor, caplog: pytest.LogCaptureFixture) -> None:
    token = TOKEN + "\n"
    with pytest.raises(HostedError) as caught:
        an_engine(vendor, token=token).find(a_photo(), ALL)
    assert TOKEN not in everything_shown(caught.value, caplog)


def test_a_token_is_in_no_url_and_no_body(vendor: Vendor) -> None:
    an_engine(vendor).find(a_photo(), ALL)
    for request in (*vendor.uploads, *vendor.requests):
        assert TOKEN not in request.path and PLATFORM_TOKEN not in request.path
        assert TOKEN.encode() not in request.body and PLATFORM_TOKEN.encode() not in request.body


def test_the_engine_does_not_show_it(vendor: Vendor) -> None:
    engine = an_engine(vendor)
    assert TOKEN not in repr(engine) + str(engine)


def test_a_flood_of_backslashes_takes_no_longer_than_its_length() -> None:
    # Quadratic work over two megabytes would take hours, and no deadline could end it.
    assert Redaction([TOKEN])("\\" * 2 * 2**20).count("\\") == 2 * 2**20
