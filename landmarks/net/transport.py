"""One time limit for everything that goes over the network, and connections that are over when the time is."""

import math
import socket
import threading
import time
from collections.abc import Mapping
from functools import partial
from http.client import HTTPException, HTTPResponse, IncompleteRead
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from landmarks.runtime.timers import CLOCK, Alarm

CHUNK = 64 * 1024
CONTINUE, BEFORE_THE_ANSWER = 100, (100, *range(102, 200))
MOST_BEFORE = 1000
"""Answers that may come before the answer; to read them without end takes a processor until the time is over."""
LOOK_UPS = threading.BoundedSemaphore(32)
"""A resolver that does not answer holds the thread that asks it, for longer than anybody waits."""

Candidate = tuple[socket.AddressFamily, Any]
"""A family and the socket address that goes with it, as the look-up gave them."""


class Deadline:
    """One time limit for everything: an alarm shuts the watched connection, whatever it is waiting for."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._alarm: Alarm | None = None
        self._lock = threading.Lock()
        self._watched: socket.socket | None = None

    def __enter__(self) -> "Deadline":
        self._alarm = CLOCK.set(self.left(), self._strike)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._alarm:
            self._alarm.cancel()
        with self._lock:
            self._release()

    def left(self) -> float:
        """Seconds left, or 0."""
        return max(0.0, self._end - time.monotonic())

    def remaining(self) -> float:
        """Seconds left; raise TimeoutError when there are none."""
        if left := self.left():
            return left
        raise TimeoutError("the time was over")

    def watch(self, connection: socket.socket) -> None:
        """Shut this connection at the deadline instead of the one before; raise TimeoutError when it is over."""
        with self._lock:
            self._release()
            # A duplicate, because TLS takes the descriptor away from the socket that it wraps.
            self._watched = connection.dup()
        self.remaining()

    def _strike(self) -> None:
        with self._lock:
            if self._watched:
                try:
                    self._watched.shutdown(socket.SHUT_RDWR)
                except OSError:
                    return  # closed by the other side already

    def _release(self) -> None:
        if self._watched:
            self._watched.close()
            self._watched = None


class Connector:
    """Looks names up and connects to what they stand for, within the deadline; raises OSError where that fails."""

    def __init__(self, deadline: Deadline, seconds: float = math.inf) -> None:
        self._deadline = deadline
        self._seconds = seconds
        """For look-up, connection and TLS, each, where that is to be less than the whole time."""
        self.is_connected = False
        """Whether a connection stood, with TLS if it was asked for, so that a request may have gone out on it."""

    def connect(self, host: str, port: int) -> socket.socket:
        candidates = self.candidates(host, port)
        failure = ""
        for tried, candidate in enumerate(candidates):
            try:
                return self._open(candidate, self._patience() / (len(candidates) - tried))
            except OSError as exc:
                failure = f"{candidate[1]}: {exc}"
        raise ConnectionError(f"no connection to {host}: {failure}")

    def candidates(self, host: str, port: int) -> list[Candidate]:
        """The answers of the look-up; there is at least one."""
        return _look_up(host, port, self._patience())

    def _patience(self) -> float:
        return min(self._deadline.remaining(), self._seconds)

    def _open(self, candidate: Candidate, seconds: float) -> socket.socket:
        family, place = candidate
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            connection.settimeout(seconds)
            connection.connect(place)
            connection.settimeout(self._patience())  # for the greeting of TLS; requests set their own
            self._deadline.watch(connection)
        except OSError:
            connection.close()
            raise
        return connection


def _look_up(host: str, port: int, seconds: float) -> list[Candidate]:
    """Ask the resolver in a thread, since nothing can interrupt it; the thread is left behind when it is late."""
    if _is_ip(host):  # there is nothing to ask
        return _answers(host, port)
    answer: SimpleQueue[list[Candidate] | OSError] = SimpleQueue()

    def ask() -> None:
        try:
            answer.put(_answers(host, port))
        except OSError as exc:
            answer.put(exc)
        finally:
            LOOK_UPS.release()

    end = time.monotonic() + seconds
    if not LOOK_UPS.acquire(timeout=seconds):
        raise TimeoutError(f"too many look-ups have no answer yet to ask for {host}")
    threading.Thread(target=ask, daemon=True).start()
    try:
        found = answer.get(timeout=max(0.0, end - time.monotonic()))
    except Empty as exc:
        raise TimeoutError(f"no answer about {host} in time") from exc
    if isinstance(found, OSError) or not found:
        raise ConnectionError(f"{host} is unknown: {found}")
    return found


def _answers(host: str, port: int) -> list[Candidate]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(family, place) for family, _, _, _, place in found]


def _is_ip(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


class Response(HTTPResponse):
    """An answer that is read more carefully than Python does.

    Chunks have a size: Python takes "-1" for one and then reads without any limit. What comes before the answer, like
    early hints, is passed over: Python does so with 100 alone, and for as long as it comes.
    """

    before = 0

    def _read_status(self) -> tuple[str, int, str]:
        version, status, reason = super()._read_status()  # type: ignore[misc]
        if status not in BEFORE_THE_ANSWER:
            return version, status, reason
        self.before += 1
        if self.before > MOST_BEFORE:
            raise HTTPException("too much comes before the answer")
        return version, CONTINUE, reason

    def _read_next_chunk_size(self) -> int:
        size: int = super()._read_next_chunk_size()  # type: ignore[misc]
        if size < 0:
            raise IncompleteRead(b"")
        return size


class TimedHTTPConnection(HTTPConnection):
    response_class = Response

    def __init__(self, *args: Any, connector: Connector, **options: Any) -> None:
        super().__init__(*args, **options)
        self._connector = connector

    def _new_conn(self) -> socket.socket:
        return self._connector.connect(self._dns_host, self.port)

    def connect(self) -> None:
        super().connect()
        self._connector.is_connected = True


class TimedHTTPSConnection(HTTPSConnection):
    """TLS goes on top of the connection that was made and verifies the name of the host, as it always does."""

    response_class = Response

    def __init__(self, *args: Any, connector: Connector, **options: Any) -> None:
        super().__init__(*args, **options)
        self._connector = connector

    def _new_conn(self) -> socket.socket:
        return self._connector.connect(self._dns_host, self.port)

    def connect(self) -> None:
        super().connect()
        self._connector.is_connected = True


class TimedAdapter(HTTPAdapter):
    """The way that requests go: the pools that it gives out make connections by the connector.

    Used without a session, it knows no proxies, netrc, cookies or redirects, and reads no environment.
    """

    def __init__(self, connector: Connector) -> None:
        super().__init__(max_retries=0)
        self._connector = connector

    def get_connection_with_tls_context(
        self,
        request: requests.PreparedRequest,
        verify: bool | str | None,
        proxies: Mapping[str, str] | None = None,
        cert: tuple[str, str] | str | None = None,
    ) -> HTTPConnectionPool:
        pool: Any = super().get_connection_with_tls_context(request, verify, proxies=None, cert=cert)
        kind = TimedHTTPSConnection if pool.scheme == "https" else TimedHTTPConnection
        pool.ConnectionCls = partial(kind, connector=self._connector)
        timed: HTTPConnectionPool = pool
        return timed


def read_body(response: requests.Response, max_bytes: int, deadline: Deadline) -> bytes:
    """The body as it is on the wire; one that is longer than the limit is cut somewhere behind it."""
    body = bytearray()
    # Read below requests and urllib3's own chunk reader, whose lines have no limit of length.
    while len(body) <= max_bytes and (chunk := response.raw.read(CHUNK, decode_content=False)):
        body += chunk
    # The end of a connection that the deadline shut looks like the end of a body without a declared length.
    deadline.remaining()
    return bytes(body)
