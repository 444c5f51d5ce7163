"""Connections with our server: slow clients, large answers, refusals, keep-alive. It has one thread for requests."""

import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from landmarks.server import connection as connections
from landmarks.server import http_server
from landmarks.server.connection import Connection
from tests.patience import PATIENCE
from tests.server.running import Running, answers_in, echo, read_all, running

MEGABYTE = 2**20
GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
CLOSE = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n"
SLOW_HEAD = b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: "
SLOW_BODY = POST + b"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 5000000\r\n\r\n--b\r\n"
SLOW_CHUNKS = CHUNKED + b"\r\n5\r\nabc"


@pytest.fixture
def site() -> Iterator[Running]:
    with running(echo) as site:
        yield site


def large(size: int) -> Callable[..., Any]:
    """Answers with so many bytes, made piece by piece."""

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Length", str(size if environ["PATH_INFO"] == "/large" else 2))])
        if environ["PATH_INFO"] != "/large":
            return iter([b"ok"])
        return iter([b"x" * 65536] * (size // 65536))

    return application


def open_connections(site: Running) -> list[Connection]:
    return list(site.server.active_channels.values())


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end
        threading.Event().wait(0.01)


def is_closed(client: socket.socket) -> bool:
    """Waits for the end of the connection, whatever comes before."""
    with suppress(ConnectionResetError):
        read_all(client)
    return True


@pytest.mark.parametrize("beginning", [b"", SLOW_HEAD, SLOW_BODY, SLOW_CHUNKS])
def test_hundreds_of_slow_clients_hold_no_thread(site: Running, beginning: bytes) -> None:
    with ExitStack() as stack:
        clients = [stack.enter_context(site.connect(beginning)) for _ in range(300)]
        assert answers_in(site.answer(CLOSE)) == [(200, b"")]
        for client in clients[:50]:
            client.sendall(b"x")
        assert answers_in(site.answer(CLOSE)) == [(200, b"")]


def test_clients_that_read_slowly_hold_no_thread() -> None:
    request = GET.replace(b"GET /", b"GET /large")
    size = 16 * MEGABYTE
    with running(large(size)) as site, ExitStack() as stack:
        clients = [stack.enter_context(site.connect(request)) for _ in range(30)]
        assert answers_in(site.answer(CLOSE)) == [(200, b"ok")]
        # What one has not read is kept for it, and not in memory.
        wait_until(lambda: sum(each.total_outbufs_len > 0 for each in open_connections(site)) == 30)
        assert all(len(each.outbufs[0]._memory) <= 2 * connections.PIECE for each in open_connections(site))
        clients[7].shutdown(socket.SHUT_WR)
        [(status, body)] = answers_in(read_all(clients[7]))
        assert (status, len(body)) == (200, size)


def test_an_answer_gets_through_on_a_full_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    size = 16 * MEGABYTE
    with running(large(size)) as site:
        [(status, body)] = answers_in(site.answer(CLOSE.replace(b"GET /", b"GET /large")))
        assert (status, len(body)) == (200, size)


def test_a_client_that_reads_nothing_loses_the_thread_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "UNREAD_BYTES", MEGABYTE)
    monkeypatch.setattr(connections, "HELD_SECONDS", 0.0)
    with running(large(64 * MEGABYTE)) as site, site.connect(GET.replace(b"GET /", b"GET /large")) as stalled:
        assert answers_in(site.answer(CLOSE)) == [(200, b"ok")]
        assert is_closed(stalled)


@pytest.mark.parametrize(
    ("beginning", "limit"),
    [(b"", "IDLE_SECONDS"), (SLOW_HEAD, "HEAD_SECONDS"), (SLOW_BODY, "STALLED_SECONDS"), (GET, "IDLE_SECONDS")],
)
def test_a_connection_ends_when_its_client_has_had_its_time(
    monkeypatch: pytest.MonkeyPatch, site: Running, beginning: bytes, limit: str
) -> None:
    for name in ("IDLE_SECONDS", "HEAD_SECONDS", "STALLED_SECONDS"):
        monkeypatch.setattr(connections, name, 0.1 if name == limit else 10.0 * PATIENCE)
    with site.connect(beginning) as client:
        assert is_closed(client)


def test_a_drip_does_not_prolong_the_time_for_headers_but_that_for_a_body() -> None:
    now = time.monotonic()
    with running(echo) as site, site.connect(SLOW_HEAD) as head, site.connect(SLOW_BODY) as body:
        wait_until(lambda: sum(each.request is not None for each in open_connections(site)) == 2)
        head.sendall(b"x")
        body.sendall(b"x")
        by_kind = {each.request.headers_finished: each for each in open_connections(site)}
        for each in by_kind.values():
            each.since, each.moved_at = now - 1000, now
        assert by_kind[False].is_overdue(now)
        assert not by_kind[True].is_overdue(now)


def test_a_request_that_runs_has_as_long_as_it_needs() -> None:
    with running(echo) as site, site.connect() as client:
        wait_until(lambda: len(open_connections(site)) == 1)
        [connection] = open_connections(site)
        connection.requests = [object()]
        assert not connection.is_overdue(time.monotonic() + 1000)
        connection.requests = []
        client.close()


def test_a_new_connection_takes_the_place_of_one_that_waits() -> None:
    with running(echo, connections=5) as site, ExitStack() as stack:
        slow = [stack.enter_context(site.connect(SLOW_BODY)) for _ in range(5)]
        wait_until(lambda: sum(each.request is not None for each in open_connections(site)) == 5)
        assert answers_in(site.answer(CLOSE)) == [(200, b"")]
        assert is_closed(slow[0])
        assert len(open_connections(site)) <= 5


def test_who_has_most_connections_loses_one_first() -> None:
    with running(echo, connections=4) as site, ExitStack() as stack:
        address = ("127.0.0.1", site.port)
        other = stack.enter_context(socket.create_connection(address, PATIENCE, ("127.0.0.2", 0)))
        other.sendall(POST + b"Connection: close\r\nContent-Length: 3\r\n\r\n")
        for _ in range(12):
            stack.enter_context(site.connect(SLOW_BODY))
        other.sendall(b"abc")
        assert answers_in(read_all(other)) == [(200, b"abc")]


def test_a_rejected_client_reads_the_answer_although_it_sends_on(settings: LazySettings, site: Running) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = MEGABYTE
    for head in (CHUNKED + b"\r\n3000000\r\n", POST + b"Content-Length: 50331648\r\n\r\n"):
        with site.connect(head, *[bytes(MEGABYTE)] * 48) as client:
            [(status, body)] = answers_in(read_all(client))
        assert status == 413
        assert b"limit of 1 MB" in body


def test_what_follows_a_rejected_request_is_not_run(site: Running) -> None:
    assert [status for status, _ in answers_in(site.answer(b"nonsense\r\n\r\n" + GET))] == [400]
    assert [status for status, _ in answers_in(site.answer(GET + CHUNKED + b"\r\nzz\r\n" + GET))] == [200, 400]


def test_a_rejected_client_that_never_stops_is_cut_off(monkeypatch: pytest.MonkeyPatch, site: Running) -> None:
    monkeypatch.setattr(connections, "LINGER_SECONDS", 0.0)
    with site.connect(b"nonsense\r\n\r\n") as client:
        assert answers_in(read_all(client))[0][0] == 400
        wait_until(lambda: not open_connections(site))


def test_a_body_for_which_there_is_no_room_is_answered(
    monkeypatch: pytest.MonkeyPatch, site: Running, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    head = SLOW_BODY.removesuffix(b"--b\r\n")
    [(status, body)] = answers_in(site.answer(head, bytes(5_000_000)))
    assert (status, b"no room for uploads" in body) == (503, True)


def test_more_bodies_than_there_is_room_for_are_rejected(monkeypatch: pytest.MonkeyPatch, site: Running) -> None:
    monkeypatch.setattr(http_server, "BODIES_BYTES", MEGABYTE)
    with site.connect(SLOW_BODY, bytes(2 * MEGABYTE)) as client:
        wait_until(lambda: site.server.has_too_many_bodies)
        assert answers_in(site.answer(CLOSE)) == [(200, b"")]
        client.sendall(bytes(MEGABYTE))
        [(status, body)] = answers_in(read_all(client))
    assert (status, b"receiving as many uploads" in body) == (503, True)
    wait_until(lambda: not site.server.has_too_many_bodies)


def test_chunks_arrive_as_a_body(site: Running) -> None:
    head = CHUNKED + b"Connection: close\r\n\r\n"
    assert answers_in(site.answer(head, b"3\r\nabc\r\n", b"2\r\nde\r\n0\r\n\r\n")) == [(200, b"abcde")]


def test_a_body_is_requested_from_who_waits_for_that(site: Running) -> None:
    with site.connect(POST + b"Expect: 100-continue\r\nConnection: close\r\nContent-Length: 3\r\n\r\n") as client:
        assert client.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"abc")
        assert answers_in(read_all(client)) == [(200, b"abc")]


def test_a_body_is_not_requested_that_would_be_rejected(site: Running) -> None:
    with site.connect(POST + b"Expect: 100-continue\r\nContent-Length: 999999999999\r\n\r\n") as client:
        assert client.recv(100).startswith(b"HTTP/1.1 413")


def test_requests_that_follow_at_once_are_answered_in_order(site: Running) -> None:
    posts = [POST + b"Content-Length: 2\r\n\r\n%02d" % number for number in range(30)]
    answers = answers_in(site.answer(b"".join(posts) + CLOSE))
    assert [body for _, body in answers] == [b"%02d" % number for number in range(30)] + [b""]


def test_who_sends_far_ahead_is_cut_off(site: Running) -> None:
    with site.connect(GET * 5000) as client:
        assert is_closed(client)
    assert answers_in(site.answer(CLOSE)) == [(200, b"")]


def test_a_connection_stays_open_after_an_answer_without_a_length() -> None:
    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
        if environ["PATH_INFO"] == "/none":
            start_response("304 Not Modified", [])
            return iter([])
        start_response("200 OK", [])
        return iter([b"a", b"b"])

    requests = GET.replace(b"GET /", b"GET /none") + GET + CLOSE
    with running(application) as site:
        answers = site.answer(requests)
    assert answers.count(b"HTTP/1.1 ") == 3
    assert answers.count(b"Connection: close") == 1
    assert answers.endswith(b"1\r\na\r\n1\r\nb\r\n0\r\n\r\n")


def test_old_clients_are_answered(site: Running) -> None:
    answer = site.answer(b"GET / HTTP/1.0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.0 200")
    kept = site.answer(
        b"POST / HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\na" + b"GET / HTTP/1.0\r\n\r\n"
    )
    assert [body for _, body in answers_in(kept)] == [b"a", b""]


def test_an_answer_that_breaks_off_closes_its_connection_and_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Length", "5")])
        yield b"a"
        raise ValueError("secret")

    with running(application) as site:
        assert answers_in(site.answer(GET.replace(b"GET /", b"GET /results/1"))) == [(200, b"a")]
    ours = [record for record in caplog.records if record.name.startswith("landmarks")]
    assert [record.getMessage() for record in ours] == ["An answer broke off"]


def test_threads_start_when_they_are_needed() -> None:
    wait = threading.Barrier(3)

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        wait.wait(PATIENCE)
        return list(echo(environ, start_response))

    with running(application, threads=50) as site:
        assert len(site.server.task_dispatcher.threads) == 1
        with ExitStack() as stack:
            clients = [stack.enter_context(site.connect(CLOSE)) for _ in range(3)]
            assert [answers_in(read_all(client)) for client in clients] == [[(200, b"")]] * 3
        assert 3 <= len(site.server.task_dispatcher.threads) < 10


@pytest.mark.parametrize("value", [b"close", b"TE, close"])
def test_a_client_that_closes_gets_the_end_after_its_answer(value: bytes) -> None:
    with running(echo) as site:
        answer = site.answer(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: " + value + b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"\r\nConnection: close\r\n" in answer
