"""How often a request is sent: again if nothing was received, never if a paid response was lost."""

import socket
from collections.abc import Iterable
from dataclasses import replace
from types import SimpleNamespace

import pytest

from landmarks.core.errors import HostedError
from landmarks.engines.acedata import client
from landmarks.engines.acedata.client import CallLimits
from landmarks.engines.acedata.engine import AcedataEngine
from tests.clocks import ManualClock
from tests.engines.hosted import ALL, QUICK, an_engine, at_address
from tests.net.servers import RawServer, head, ok, redirect
from tests.net.test_ssrf_guard import certificate, tls_server  # noqa: F401  fixtures
from tests.ports import free_port
from tests.vendor import Answer, Request, Vendor, analysis, answering, dripping, drop, refusal, reset

GOOD = answering(analysis(300, 200, []))
SHORT = replace(QUICK, seconds=5)
"""Of the clock that the test moves on."""


def failure(vendor: Vendor, engine: AcedataEngine) -> HostedError:
    with pytest.raises(HostedError) as caught:
        engine.find(at_address(vendor), ALL)
    return caught.value


LOST: dict[str, Answer] = {
    "closed before the answer": drop,
    "torn down before the answer": reset,
    "closed in the status": b"HTTP/1.1 2",
    "closed after the head": head("200 OK", "Content-Length: 5000"),
    "closed in the body": GOOD[:-5],
    "closed in a chunk": head("200 OK", "Transfer-Encoding: chunked") + b"ff\r\n{",
    "a chunk of less than nothing": head("200 OK", "Transfer-Encoding: chunked") + b"-1\r\nabc\r\n0\r\n\r\n",
    "a chunk of even less": head("200 OK", "Transfer-Encoding: chunked") + b"-5\r\nabc\r\n0\r\n\r\n",
    "closed in the body of a 500": head("500 Oh", "Content-Length: 5000") + b"{",
    "no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n",
    "two lengths": head("200 OK", "Content-Length: 5", "Content-Length: 6") + b"{}",
    "a head without end": head("200 OK", *["X-A: b"] * 500),
}


@pytest.mark.parametrize("name", LOST)
def test_a_paid_call_whose_response_was_lost_is_not_repeated(vendor: Vendor, name: str) -> None:
    vendor.answers(LOST[name])
    error = failure(vendor, an_engine(vendor))
    assert (error.code, error.status) == ("hosted_answer_lost", 502)
    assert len(vendor.requests) == 1


SLOW: dict[str, tuple[bytes, bytes]] = {
    "silence": (b"", b""),
    "head": (b"HTTP/1.1 200 OK\r\nX-A: ", b"x"),
    "continue": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body": (head("200 OK", "Content-Length: 90000"), b" "),
    "body without length": (head("200 OK"), b" "),
    "chunks": (head("200 OK", "Transfer-Encoding: chunked"), b"1\r\n \r\n"),
}


@pytest.mark.parametrize("name", SLOW)
def test_a_slow_drip_ends_with_the_time_and_is_not_sent_twice(vendor: Vendor, clock: ManualClock, name: str) -> None:
    vendor.answers(dripping(*SLOW[name], clock))
    assert failure(vendor, an_engine(vendor, SHORT)).code == "hosted_timeout"
    assert clock.now >= SHORT.seconds
    assert len(vendor.requests) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_transient_failures_are_tried_again(vendor: Vendor, status: int) -> None:
    vendor.answers(refusal(status, "whatever", "no"), refusal(status, "whatever", "no"), GOOD)
    assert an_engine(vendor).find(at_address(vendor), ALL).faces == ()
    assert len(vendor.requests) == 3
    assert len({request.body for request in vendor.requests}) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_there_are_three_requests_at_most(vendor: Vendor, status: int) -> None:
    vendor.answers(*[refusal(status, "whatever", "no")] * 5)
    assert failure(vendor, an_engine(vendor)).code.startswith("hosted_")
    assert len(vendor.requests) == 3


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 405, 408, 409, 410, 413, 418, 422, 501, 505, 599])
def test_permanent_failures_are_not_tried_again(vendor: Vendor, status: int) -> None:
    vendor.answers(refusal(status, "whatever", "no"), GOOD)
    failure(vendor, an_engine(vendor))
    assert len(vendor.requests) == 1


def test_a_refused_connection_is_tried_again(vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name leads nowhere at first; only its look-up is played."""
    looked_up: list[str] = []
    real, port = socket.getaddrinfo, free_port()

    def look_up(host: str, asked_port: int, **options: object) -> object:
        looked_up.append(host)
        return real("127.0.0.1", port if len(looked_up) < 3 else int(vendor.url.rpartition(":")[2]), **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    vendor.answers(GOOD)
    an_engine(vendor, api_url="http://api.test:80").find(at_address(vendor), ALL)
    assert looked_up == ["api.test"] * 3
    assert len(vendor.requests) == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "api.invalid"])
def test_an_unreachable_service_is_reported(vendor: Vendor, host: str) -> None:
    error = failure(vendor, an_engine(vendor, api_url=f"http://{host}:{free_port()}"))
    assert (error.code, error.status) == ("hosted_unreachable", 503)
    assert "ACEDATA_API_URL" in error.message


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were waited between two tries, which no test waits for."""
    waited: list[float] = []
    monkeypatch.setattr(client, "time", SimpleNamespace(sleep=waited.append))
    return waited


@pytest.mark.parametrize(("asked", "waited"), [(7, 7), (900, CallLimits().retry_after_max)])
def test_waits_as_long_as_the_vendor_asks_up_to_a_cap(
    vendor: Vendor, pauses: list[float], asked: int, waited: int
) -> None:
    vendor.answers(refusal(429, "too_many_requests", "no", f"Retry-After: {asked}"), GOOD)
    an_engine(vendor).find(at_address(vendor), ALL)
    assert pauses == [waited]


def test_does_not_wait_for_what_the_time_is_too_short_for(vendor: Vendor, pauses: list[float]) -> None:
    vendor.answers(refusal(429, "too_many_requests", "no", "Retry-After: 15"), GOOD)
    assert failure(vendor, an_engine(vendor, replace(QUICK, seconds=15))).code == "hosted_rate_limited"
    assert pauses == []
    assert len(vendor.requests) == 1


@pytest.mark.parametrize("asked", ["soon", "-5", "9" * 5000, "", "Mon, 99 Foo 2026 00:00:00 GMT", "0"])
def test_an_invalid_retry_after_is_ignored(vendor: Vendor, asked: str) -> None:
    vendor.answers(refusal(503, "api_error", "no", f"Retry-After: {asked}"), GOOD)
    limits = replace(QUICK, retry_after_max=0)
    assert an_engine(vendor, limits).find(at_address(vendor), ALL).faces == ()


def test_pauses_grow_from_the_first_try_on(vendor: Vendor, pauses: list[float]) -> None:
    vendor.answers(*[refusal(500, "api_error", "no")] * 3)
    failure(vendor, an_engine(vendor, replace(QUICK, pause=1)))
    first, second = pauses
    assert 1 <= first <= 2 <= second <= 3


def test_all_tries_share_one_time(vendor: Vendor, clock: ManualClock) -> None:
    def late(vendor: Vendor, request: Request) -> Iterable[bytes]:
        clock.go_on(3)
        return [refusal(500, "api_error", "no")]

    vendor.answers(late, late, late)
    assert failure(vendor, an_engine(vendor, SHORT)).code == "hosted_timeout"
    assert len(vendor.requests) == 2


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 Other", "307 Temporary", "308 Permanent"])
def test_a_redirect_is_not_followed(vendor: Vendor, status: str) -> None:
    moved = redirect(f"{vendor.url}/face/analyze?again").replace(b"302 Found", status.encode())
    vendor.answers(moved, GOOD)
    error = failure(vendor, an_engine(vendor))
    assert error.code == "hosted_wrong_address"
    assert "redirects to another one" in error.message
    assert vendor.connections == 1


def test_20_mb_are_not_read(vendor: Vendor) -> None:
    sent: list[int] = []

    def huge(vendor: Vendor, request: Request) -> Iterable[bytes]:
        yield head("200 OK", f"Content-Length: {20 * 2**20}")
        for _ in range(320):
            sent.append(1)
            yield b" " * 65536

    vendor.answers(huge)
    assert failure(vendor, an_engine(vendor)).code == "hosted_answer_invalid"
    assert len(sent) < 320
    assert len(vendor.requests) == 1


def test_the_environment_is_not_used(vendor: Vendor, monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    vendor.answers(ok(GOOD.partition(b"\r\n\r\n")[2], "Set-Cookie: a=b"), GOOD)
    engine = an_engine(vendor)
    for _ in range(2):
        engine.find(at_address(vendor), ALL)
    assert vendor.requests[1].headers["authorization"].startswith("Bearer ")
    assert "cookie" not in vendor.requests[1].headers


def test_nothing_is_sent_to_a_host_with_an_untrusted_certificate(vendor: Vendor, tls_server: RawServer) -> None:  # noqa: F811
    error = failure(vendor, an_engine(vendor, api_url=tls_server.url("")))
    assert error.code == "hosted_tls_failed"
    assert "CERTIFICATE_VERIFY_FAILED" in error.detail
    assert tls_server.connections == 1
    assert tls_server.requests == []


def test_a_silent_tls_handshake_is_tried_again(vendor: Vendor) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}"
        assert failure(vendor, an_engine(vendor, replace(QUICK, connect_seconds=0.1), api_url=url)).code == (
            "hosted_unreachable"
        )


def test_a_truncated_head_is_not_requested_again(vendor: Vendor) -> None:
    vendor.answers(b"HTTP/1.1 200 OK\r\nContent-Type: appl")
    assert failure(vendor, an_engine(vendor)).code == "hosted_answer_invalid"
    assert len(vendor.requests) == 1


def test_a_greeting_that_does_not_come_ends_with_the_time() -> None:
    short = replace(QUICK, seconds=0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent, Vendor() as vendor:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}"
        assert failure(vendor, an_engine(vendor, short, api_url=url)).code == "hosted_timeout"


def test_the_limits_are_those_that_are_documented() -> None:
    limits = CallLimits()
    assert (limits.seconds, limits.tries, limits.retry_after_max, limits.max_bytes) == (60, 3, 20, 2 * 2**20)
