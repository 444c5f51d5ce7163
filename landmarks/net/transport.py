"""HTTP within one time limit: lookup, connection, TLS, headers and body all end when the deadline does."""

import math
import socket
import threading
import time
from collections.abc import Iterator, Mapping
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

from landmarks.core.errors import Busy
from landmarks.runtime import concurrency
from landmarks.runtime.timers import TIMERS, Timer

CHUNK = 64 * 1024
CONTINUE, INTERIM = 100, (100, *range(102, 200))
MAX_INTERIM = 1000
"""Interim responses (RFC 9110, 15.2) before the final one; reading them without end would keep a processor busy."""

Endpoint = tuple[socket.AddressFamily, Any]
"""A family and its socket address, as a lookup returns them."""


class Deadline:
    """One time limit for everything: when it is over, the watched connection is shut, whatever it waits for."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._timer: Timer | None = None
        self._lock = threading.Lock()
        self._watched: socket.socket | None = None

    def __enter__(self) -> "Deadline":
        self._timer = TIMERS.start(self.left(), self._shut)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer:
            self._timer.cancel()
        with self._lock:
            self._release()

    def left(self) -> float:
        """Seconds left, or 0."""
        return max(0.0, self._end - time.monotonic())

    def remaining(self) -> float:
        """Seconds left; raise TimeoutError if there are none."""
        if left := self.left():
            return left
        raise TimeoutError("the time was over")

    def watch(self, connection: socket.socket) -> None:
        """Shut this connection at the deadline instead of the one before; raise TimeoutError if it is over."""
        with self._lock:
            self._release()
            # A duplicate, because TLS takes the descriptor away from the socket that it wraps.
            self._watched = connection.dup()
        self.remaining()

    def _shut(self) -> None:
        with self._lock:
            if self._watched:
                try:
                    self._watched.shutdown(socket.SHUT_RDWR)
                except OSError:
                    return  # the other side has closed it already

    def _release(self) -> None:
        if self._watched:
            self._watched.close()
            self._watched = None


# --- connecting ------------------------------------------------------------------------------------------------------


class Connector:
    """Looks up host names and connects, within the deadline; raises OSError if that fails."""

    def __init__(self, deadline: Deadline, seconds: float = math.inf) -> None:
        self._deadline = deadline
        self._seconds = seconds
        """For lookup, connection and TLS, each, if they are to take less than the whole time."""
        self.is_connected = False
        """Whether a connection, with TLS if requested, was made, so that a request may have been sent on it."""

    def connect(self, host: str, port: int) -> socket.socket:
        endpoints = self.resolve(host, port)
        failure = ""
        for number, endpoint in enumerate(endpoints):
            try:
                return self._open(endpoint, self._patience() / (len(endpoints) - number))
            except OSError as exc:
                failure = f"{endpoint[1]}: {exc}"
        raise ConnectionError(f"no connection to {host}: {failure}")

    def resolve(self, host: str, port: int) -> list[Endpoint]:
        """The endpoints of a host; at least one."""
        return _look_up(host, port, self._patience())

    def _patience(self) -> float:
        return min(self._deadline.remaining(), self._seconds)

    def _open(self, endpoint: Endpoint, seconds: float) -> socket.socket:
        family, address = endpoint
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            connection.settimeout(seconds)
            connection.connect(address)
            connection.settimeout(self._patience())  # for the handshake of TLS; requests set their own
            self._deadline.watch(connection)
        except OSError:
            connection.close()
            raise
        return connection


def _look_up(host: str, port: int, seconds: float) -> list[Endpoint]:
    """Resolve a name in a thread, since nothing can interrupt a resolver; the thread is left behind if it is late."""
    if _is_ip(host):  # there is nothing to resolve
        return _endpoints(host, port)
    result: SimpleQueue[list[Endpoint] | OSError] = SimpleQueue()
    lookups = concurrency.NAME_LOOKUPS

    end = time.monotonic() + seconds
    try:
        slots = lookups.slot(timeout=seconds, keys=(f"host {host}",))
    except Busy as exc:
        raise TimeoutError(f"too many lookups without an answer to look up {host}") from exc

    def look_up() -> None:
        try:
            result.put(_endpoints(host, port))
        except OSError as exc:
            result.put(exc)
        finally:
            slots.release()

    threading.Thread(target=look_up, daemon=True).start()
    try:
        found = result.get(timeout=max(0.0, end - time.monotonic()))
    except Empty as exc:
        raise TimeoutError(f"no answer about {host} in time") from exc
    if isinstance(found, OSError) or not found:
        raise ConnectionError(f"{host} is unknown: {found}")
    return found


def _endpoints(host: str, port: int) -> list[Endpoint]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(family, address) for family, _, _, _, address in found]


def _is_ip(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


# --- HTTP ------------------------------------------------------------------------------------------------------------


class StrictResponse(HTTPResponse):
    """A response that is read more carefully than Python does.

    A negative chunk size is an error: Python accepts "-1" and then reads without any limit. Interim responses, such as
    early hints, are skipped, but not for ever: Python skips only those of status 100, however many there are.
    """

    interim = 0

    def _read_status(self) -> tuple[str, int, str]:
        version, status, reason = super()._read_status()  # type: ignore[misc]
        if status not in INTERIM:
            return version, status, reason
        self.interim += 1
        if self.interim > MAX_INTERIM:
            raise HTTPException("too many interim responses")
        return version, CONTINUE, reason

    def _read_next_chunk_size(self) -> int:
        size: int = super()._read_next_chunk_size()  # type: ignore[misc]
        if size < 0:
            raise IncompleteRead(b"")
        return size


class TimedHTTPConnection(HTTPConnection):
    """A connection that is made by the connector."""

    response_class = StrictResponse

    def __init__(self, *args: Any, connector: Connector, target: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self._connector = connector
        self._target = target

    def _new_conn(self) -> socket.socket:
        return self._connector.connect(self._dns_host, self.port)

    def connect(self) -> None:
        super().connect()
        self._connector.is_connected = True

    def putrequest(self, method: str, url: str, *args: Any, **options: Any) -> None:
        """requests and urllib3 spell the target in their own way; a given one is sent as it is."""
        super().putrequest(method, self._target or url, *args, **options)


class TimedHTTPSConnection(TimedHTTPConnection, HTTPSConnection):
    """The same with TLS, which verifies the name of the host as always."""


class TimedAdapter(HTTPAdapter):
    """A requests adapter whose connections are made by the connector.

    Used without a session, it knows no proxies, netrc, cookies or redirects, and reads no environment.
    """

    def __init__(self, connector: Connector, target: str = "") -> None:
        """With a target, path and query are sent in exactly this spelling, whatever the request says."""
        super().__init__(max_retries=0)
        self._connector = connector
        self._target = target

    def get_connection_with_tls_context(
        self,
        request: requests.PreparedRequest,
        verify: bool | str | None,
        proxies: Mapping[str, str] | None = None,
        cert: tuple[str, str] | str | None = None,
    ) -> HTTPConnectionPool:
        pool: Any = super().get_connection_with_tls_context(request, verify, proxies=None, cert=cert)
        kind = TimedHTTPSConnection if pool.scheme == "https" else TimedHTTPConnection
        pool.ConnectionCls = partial(kind, connector=self._connector, target=self._target)
        timed: HTTPConnectionPool = pool
        return timed


def read_body(response: requests.Response, max_bytes: int, deadline: Deadline) -> bytes:
    """The body as sent, not decompressed; reading a longer one stops somewhere beyond the limit."""
    return b"".join(read_chunks(response, max_bytes, deadline))


def read_chunks(response: requests.Response, max_bytes: int, deadline: Deadline) -> Iterator[bytes]:
    """The same, piece by piece."""
    size = 0
    # Read below requests and urllib3's own chunk reader, whose lines have no limit of length.
    while size <= max_bytes and (chunk := response.raw.read(CHUNK, decode_content=False)):
        size += len(chunk)
        yield chunk
    # The end of a connection that the deadline shut looks like the end of a body without a declared length.
    deadline.remaining()
