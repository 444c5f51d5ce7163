"""One time limit for what goes over the network."""

import socket
import threading

import pytest
import requests

from landmarks.net.transport import Connector, Deadline, TimedAdapter
from landmarks.runtime import concurrency
from tests.clocks import ManualClock
from tests.patience import PATIENCE
from tests.ports import free_port
from tests.runtime.limits import limit
from tests.vendor import Vendor


def test_nothing_is_watched_after_the_deadline() -> None:
    with Deadline(0.0) as deadline, socket.socket() as late, pytest.raises(TimeoutError, match="the time was over"):
        deadline.watch(late)


def test_what_is_left_of_the_time_becomes_less(clock: ManualClock) -> None:
    with Deadline(5) as deadline:
        clock.go_on(2)
        assert deadline.remaining() == deadline.left() == 3


def test_a_connection_ends_with_the_time_whatever_it_waits_for(clock: ManualClock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, Deadline(5) as deadline:
        with Connector(deadline).connect(*silent.getsockname()) as connection:
            connection.settimeout(None)
            threading.Timer(0.05, clock.go_on, [5]).start()
            assert connection.recv(1) == b""
        assert deadline.left() == 0


def ask(url: str, seconds: float = 60) -> Connector:
    with Deadline(seconds) as deadline:
        connector = Connector(deadline)
        adapter = TimedAdapter(connector)
        try:
            adapter.send(requests.Request("GET", url).prepare(), timeout=deadline.remaining())
        except (requests.RequestException, OSError):
            pass
        finally:
            adapter.close()
    return connector


def test_reports_whether_a_request_may_have_gone_out(vendor: Vendor) -> None:
    vendor.puts("/a.jpg", b"photo")
    assert ask(f"{vendor.url}/a.jpg").is_connected
    assert not ask(f"http://127.0.0.1:{free_port()}/a.jpg").is_connected


def test_a_connection_without_its_tls_is_none(vendor: Vendor) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert not ask(f"https://127.0.0.1:{silent.getsockname()[1]}/a.jpg", seconds=0.2).is_connected


def test_an_ip_address_is_connected_to_while_no_resolver_answers(
    vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor.puts("/a.jpg", b"photo")
    monkeypatch.setattr(concurrency, "NAME_LOOKUPS", limit(1))
    with concurrency.NAME_LOOKUPS.slot():
        assert ask(f"{vendor.url}/a.jpg").is_connected
        assert not ask(f"{vendor.url.replace('127.0.0.1', 'localhost')}/a.jpg", seconds=0.05).is_connected


def test_connecting_may_be_given_less_than_the_whole_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """As for a name server that is silent; the deadline itself is far."""
    is_over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: is_over.wait(PATIENCE) and [])
    with Deadline(60) as deadline, pytest.raises(TimeoutError, match="no answer about photos.test"):
        Connector(deadline, seconds=0.05).connect("photos.test", 80)
    is_over.set()
