"""A connection: everything that waits for a client happens here, outside of the threads that run the site."""

import logging
import socket
import time
from typing import Any

from waitress.channel import ClientDisconnected, HTTPChannel

from landmarks.core.errors import Busy
from landmarks.runtime.memory import release_freed_if_large
from landmarks.server.request_parser import RequestParser
from landmarks.server.response_task import RejectionTask, ResponseTask
from landmarks.server.spool import Spool

logger = logging.getLogger(__name__)

HEAD_SECONDS = 20.0
"""From the first byte of a request to the end of its headers. They fit into a few packets, also on a slow network."""
STALLED_SECONDS = 30.0
"""How long nothing may arrive of a body, or be read of an answer: a phone that changes networks is back by then."""
IDLE_SECONDS = 75.0
"""Between two requests: more than a proxy keeps its connections (nginx: 60), which would meet a closed one."""
UNREAD_BYTES = 64 * 2**20
"""Of an answer that wait for the client; a thread with more of them waits. Only exports of many results are larger."""
HELD_SECONDS = 60.0
"""How long a client may hold a thread by reading such an answer slowly."""
LINGER_SECONDS = 30.0
"""How long a rejected request is still received: many clients read the answer only after they have sent everything."""
SEND_BYTES = 64 * 2**10
"""From which on an answer is sent while it is still made. Smaller ones leave in one piece."""
PARSED_AT_ONCE = 4 * 2**10
"""Bytes of heads or of chunks; a body of known length is taken whole."""
MOST_AHEAD = 100
"""Requests that a client may send before the first is answered, within what is read at once. Browsers send none."""
PIECE = 128 * 2**10
"""In which large answers are sent, so that the spool gets only what the client does not take at once."""


class Connection(HTTPChannel):  # type: ignore[misc]
    """waitress's channel with deadlines, a spool for what a client has not read, and refusals that clients can read."""

    parser_class = RequestParser
    task_class = ResponseTask
    error_task_class = RejectionTask

    is_refusing = False
    """Whether the connection closes after an error response, although the client may be sending."""
    lingers_until = 0.0
    held_since = 0.0
    """When a thread began to wait for the client; 0 if none does."""

    def __init__(self, server: Any, sock: socket.socket, addr: Any, adj: Any, map: Any = None) -> None:
        super().__init__(server, sock, addr, adj, map)
        self.outbufs = [Spool()]
        self.sendbuf_len: int = min(self.sendbuf_len, PIECE)
        self.since = self.moved_at = time.monotonic()

    @property
    def is_served(self) -> bool:
        """Whether a request runs or waits for a thread."""
        return bool(self.requests)

    @property
    def is_idle(self) -> bool:
        """Whether no request has begun and no answer is left."""
        return self.request is None and not self.requests and not self.total_outbufs_len and not self.lingers_until

    @property
    def body_bytes(self) -> int:
        """Of bodies that are received, or that a request still uses."""
        bodies = [each.body_rcv for each in (self.request, *self.requests) if each]
        return sum(len(body) for body in bodies if body is not None)

    def is_overdue(self, now: float) -> bool:
        """Whether the client has had its time, in seconds of the monotonic clock."""
        if self.lingers_until:
            return now > self.lingers_until
        if self.total_outbufs_len:
            is_held = bool(self.held_since) and now - self.held_since > HELD_SECONDS
            return is_held or now - self.moved_at > STALLED_SECONDS
        if self.requests:
            return False
        if self.request is None:
            return now - self.moved_at > IDLE_SECONDS
        if not self.request.headers_finished:
            return now - self.since > HEAD_SECONDS
        return now - self.moved_at > STALLED_SECONDS

    # On the thread of the connections.

    def readable(self) -> bool:
        return bool(self.lingers_until) or bool(super().readable())

    def handle_read(self) -> None:
        self.moved_at = time.monotonic()
        if not self.lingers_until:
            super().handle_read()
            return
        try:
            if not self.socket.recv(self.adj.recv_bytes):
                self.handle_close()
        except BlockingIOError:
            return
        except OSError:
            self.handle_close()

    def received(self, data: bytes) -> bool:
        """In pieces: waitress turns all that it gets into requests, and copies the rest after each chunk of a body."""
        if self.request is None:
            self.since = time.monotonic()
        start = 0
        while start < len(data) and len(self.requests) <= MOST_AHEAD:
            body = self.request and self.request.body_rcv
            if body is not None and self.server.has_too_many_bodies and len(body) > SEND_BYTES:
                self.request.reject(Busy("busy_receiving"))
            size = getattr(body, "remain", 0) or PARSED_AT_ONCE
            super().received(data[start : start + size])
            start += size
        if len(self.requests) > MOST_AHEAD:
            self.handle_close()
        return True

    def handle_write(self) -> None:
        if not (self.is_refusing and self.close_when_flushed):
            super().handle_write()
            return
        self._flush_exception(self._flush_some)
        if self.will_close:
            self.handle_close()
        elif not self.total_outbufs_len:
            self._linger()

    def handle_close(self) -> None:
        if self.request is not None:
            self.request.close()
        super().handle_close()

    def handle_error(self) -> None:
        # waitress would log the client's address.
        logger.exception("A connection failed")
        self.handle_close()

    def _linger(self) -> None:
        """Say that nothing more comes, and drop what the client sends: closing now would take the answer from it."""
        self.close_when_flushed = False
        self.lingers_until = time.monotonic() + LINGER_SECONDS
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            self.handle_close()

    def _flush_some(self, do_close: bool = True) -> bool:
        has_sent = bool(super()._flush_some(do_close))
        if has_sent:
            self.moved_at = time.monotonic()
        return has_sent

    # On the thread of the request.

    def service(self) -> None:
        try:
            super().service()
        # Whatever it is must not end the thread, nor leave the client waiting for an answer that never comes.
        except Exception:
            logger.exception("A request failed")
            self.cancel()
            self.server.pull_trigger()
        finally:
            self.since = time.monotonic()
            release_freed_if_large()

    def write_soon(self, data: bytes) -> int:
        """Take a part of the answer. Raises ClientDisconnected."""
        with self.outbuf_lock:
            for start in range(0, len(data), PIECE):
                self._put(memoryview(data)[start : start + PIECE])
                if self.total_outbufs_len >= SEND_BYTES:
                    self.send_now()
        return len(data)

    def send_now(self) -> None:
        """As much as the client takes at once; the rest follows on the thread of the connections."""
        with self.outbuf_lock:
            if self.connected and self.total_outbufs_len:
                self._flush_exception(self._flush_some, do_close=False)
            if self.total_outbufs_len:
                self.server.pull_trigger()

    def _put(self, data: memoryview) -> None:
        """Into the spool; wait for the client where too much is in it already, or where the disk is full."""
        while self.connected:
            if not self.total_outbufs_len:
                self.moved_at = time.monotonic()
            if self.total_outbufs_len <= UNREAD_BYTES and self.outbufs[0].append(data):
                self.held_since = 0.0
                self.total_outbufs_len += len(data)
                return
            self.held_since = self.held_since or time.monotonic()
            self.server.pull_trigger()
            self.outbuf_lock.wait()
        raise ClientDisconnected
