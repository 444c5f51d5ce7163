"""How the server stops: what runs is finished, who is silent is not waited for."""

import os
import signal
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from landmarks.server import http_server
from tests.patience import PATIENCE
from tests.server.running import Running, answers_in, echo, read_all, running
from tests.server.test_connection import (
    CHUNKED,
    GET,
    POST,
    SLOW_BODY,
    SLOW_HEAD,
    is_closed,
    open_connections,
    wait_until,
)
from tests.server.test_serve import serving


class Slow:
    """An application that answers when it is allowed to."""

    def __init__(self) -> None:
        self.has_begun, self.may_end = threading.Event(), threading.Event()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        self.has_begun.set()
        assert self.may_end.wait(PATIENCE)
        return echo(environ, start_response)


def ends(site: Running) -> bool:
    site.thread.join(PATIENCE)
    return not site.thread.is_alive()


def test_requests_that_run_or_wait_are_finished() -> None:
    application = Slow()
    with running(application) as site, site.connect(GET) as first, site.connect(GET) as second:
        assert application.has_begun.wait(PATIENCE)
        wait_until(lambda: sum(each.is_served for each in open_connections(site)) == 2)
        site.server.stop()
        wait_until(lambda: not site.server.accepting)
        application.may_end.set()
        assert answers_in(read_all(first)) == answers_in(read_all(second)) == [(200, b"")]
        assert ends(site)


def test_a_body_that_is_arriving_may_be_completed() -> None:
    with running(echo) as site, site.connect(CHUNKED + b"\r\n2\r\na") as client:
        wait_until(lambda: any(each.request is not None for each in open_connections(site)))
        site.server.stop()
        wait_until(lambda: not site.server.accepting)
        client.sendall(b"b\r\n0\r\n\r\n")
        assert answers_in(read_all(client)) == [(200, b"ab")]


def test_nobody_waits_for_idle_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_server, "STOP_SECONDS", 10.0 * PATIENCE)
    monkeypatch.setattr(http_server, "LAST_BYTES_SECONDS", 10.0 * PATIENCE)
    with running(echo) as site, site.connect() as silent, site.connect(GET) as idle:
        assert idle.recv(65536).startswith(b"HTTP/1.1 200")
        site.server.stop()
        assert is_closed(silent)
        assert is_closed(idle)
        assert ends(site)


@pytest.mark.parametrize("beginning", [SLOW_HEAD, SLOW_BODY])
def test_slow_clients_do_not_hold_up_the_end(monkeypatch: pytest.MonkeyPatch, beginning: bytes) -> None:
    monkeypatch.setattr(http_server, "STOP_SECONDS", 10.0 * PATIENCE)
    monkeypatch.setattr(http_server, "LAST_BYTES_SECONDS", 0.0)
    with running(echo) as site, site.connect(beginning) as client:
        wait_until(lambda: any(each.request is not None for each in open_connections(site)))
        site.server.stop()
        assert is_closed(client)
        assert ends(site)


def test_a_request_that_runs_for_too_long_does_not_hold_up_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_server, "STOP_SECONDS", 0.0)
    application = Slow()
    with running(application) as site, site.connect(GET) as client:
        assert application.has_begun.wait(PATIENCE)
        site.server.stop()
        assert is_closed(client)
        assert ends(site)
        application.may_end.set()


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_ends_at_once(tmp_path: Path, models_dir: Path, by: signal.Signals) -> None:
    with (
        serving(tmp_path / "data", models_dir) as site,
        socket.create_connection(("127.0.0.1", site.port), PATIENCE) as client,
    ):
        client.sendall(POST.replace(b"Host: a", b"Host: localhost") + b"Content-Length: 9\r\n\r\n")
        # Answered only after the server has received what came before.
        assert site.get("/healthz").text == "ok"
        site.process.send_signal(by)
        wait_until(lambda: not is_listening(site.port))
        assert site.stop(by) == (128 + by, "")


def is_listening(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), PATIENCE).close()
    except OSError:
        return False
    return True


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the journal is SQLite's")
@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open files are counted in /proc")
def test_the_threads_close_their_connections_so_that_the_journal_is_merged(tmp_path: Path, models_dir: Path) -> None:
    data = tmp_path / "data"
    database = data / "facesite.sqlite3"
    with serving(data, models_dir) as site:
        descriptors = Path(f"/proc/{site.process.pid}/fd")
        alone = count_open(descriptors, database)
        with ThreadPoolExecutor(8) as clients:
            answers = [clients.submit(site.get, "/readyz") for _ in range(40)]
        assert {answer.result().status_code for answer in answers} == {200}
        assert count_open(descriptors, database) > alone
        assert site.stop(signal.SIGTERM) == (0, "")
    assert database.exists()
    assert not database.with_name("facesite.sqlite3-wal").exists()


def count_open(descriptors: Path, file: Path) -> int:
    """How often a process has the file open."""
    return sum(os.path.realpath(each) == str(file) for each in descriptors.iterdir())
