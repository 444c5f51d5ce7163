"""Connections to checked addresses only, all of them over when the time is."""

import socket
import threading
import time
from collections.abc import Mapping
from functools import partial
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from landmarks.errors import FetchError
from landmarks.intake.addresses import Network, may_be_asked

UNREACHABLE = (
    "The photo could not be fetched from this address. Check that the address opens in a browser anywhere on the "
    "internet, or save the photo and send the file."
)
"""The one sentence for refused, unknown, closed, silent and slow hosts alike, so that nobody learns which it was."""

Candidate = tuple[socket.AddressFamily, Any]
"""A family and the socket address that goes with it, as the look-up gave them."""


class Deadline:
    """One time limit for everything: a timer shuts the watched connection, whatever it is waiting for."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._timer = threading.Timer(seconds, self._strike)
        self._timer.daemon = True
        self._lock = threading.Lock()
        self._watched: socket.socket | None = None

    def __enter__(self) -> "Deadline":
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            self._release()

    def remaining(self) -> float:
        """Seconds left; raise FetchError when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise FetchError(UNREACHABLE, detail="the time was over")
        return left

    def watch(self, connection: socket.socket) -> None:
        """Shut this connection at the deadline instead of the one before."""
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


class CheckedConnector:
    """Looks names up, checks every answer and connects to those very answers."""

    def __init__(self, deadline: Deadline, allowed_networks: tuple[Network, ...]) -> None:
        self._deadline = deadline
        self._allowed_networks = allowed_networks

    def connect(self, host: str, port: int) -> socket.socket:
        candidates = self.candidates(host, port)
        failure = ""
        for tried, candidate in enumerate(candidates):
            try:
                return self._open(candidate, self._deadline.remaining() / (len(candidates) - tried))
            except OSError as exc:
                failure = f"{candidate[1]}: {exc}"
        raise FetchError(UNREACHABLE, detail=f"no connection to {host}: {failure}")

    def candidates(self, host: str, port: int) -> list[Candidate]:
        """The answers of the look-up; raise FetchError if one of them may not be asked, or if there is none."""
        answers = _look_up(host, port, self._deadline.remaining())
        for _, place in answers:
            if not may_be_asked(place[0], port, self._allowed_networks):
                raise FetchError(UNREACHABLE, detail=f"{host} is {place[0]}, which may not be asked on port {port}")
        return answers

    def _open(self, candidate: Candidate, seconds: float) -> socket.socket:
        family, place = candidate
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            connection.settimeout(seconds)
            connection.connect(place)
            connection.settimeout(self._deadline.remaining())
            self._deadline.watch(connection)
        except (OSError, FetchError):
            connection.close()
            raise
        return connection


def _look_up(host: str, port: int, seconds: float) -> list[Candidate]:
    """Ask the resolver in a thread, since nothing can interrupt it; the thread is left behind when it is late."""
    answer: SimpleQueue[list[Candidate] | OSError] = SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answer.put([(family, place) for family, _, _, _, place in found])
        except OSError as exc:
            answer.put(exc)

    threading.Thread(target=ask, daemon=True).start()
    try:
        found = answer.get(timeout=seconds)
    except Empty as exc:
        raise FetchError(UNREACHABLE, detail=f"no answer about {host} in time") from exc
    if isinstance(found, OSError) or not found:
        raise FetchError(UNREACHABLE, detail=f"{host} is unknown: {found}")
    return found


class CheckedHTTPConnection(HTTPConnection):
    def __init__(self, *args: Any, connector: CheckedConnector, **options: Any) -> None:
        super().__init__(*args, **options)
        self._connector = connector

    def _new_conn(self) -> socket.socket:
        return self._connector.connect(self._dns_host, self.port)


class CheckedHTTPSConnection(HTTPSConnection):
    """TLS goes on top of the checked connection and verifies the name of the host, as it always does."""

    def __init__(self, *args: Any, connector: CheckedConnector, **options: Any) -> None:
        super().__init__(*args, **options)
        self._connector = connector

    def _new_conn(self) -> socket.socket:
        return self._connector.connect(self._dns_host, self.port)


class CheckedAdapter(HTTPAdapter):
    """The way that requests go: the pools that it gives out make checked connections.

    Used without a session, it knows no proxies, netrc, cookies or redirects, and reads no environment.
    """

    def __init__(self, connector: CheckedConnector) -> None:
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
        kind = CheckedHTTPSConnection if pool.scheme == "https" else CheckedHTTPConnection
        pool.ConnectionCls = partial(kind, connector=self._connector)
        checked: HTTPConnectionPool = pool
        return checked
