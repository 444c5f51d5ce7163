"""The server of one process: a thread for all connections, and threads for the requests that are complete."""

import logging
import resource
import socket
import time
from collections import Counter
from collections.abc import Callable
from threading import Thread
from typing import Any

from django.db import connections
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from landmarks.server.connection import UNREAD_BYTES, Connection
from landmarks.server.listener import BACKLOG
from landmarks.server.request_parser import HEAD_BYTES

logger = logging.getLogger(__name__)

CONNECTIONS = 1000
"""At once. Beyond that a new one takes the place of one that keeps us waiting. Looking at all of them takes a
millisecond, and each may have three files open."""
MANY, PAUSE_SECONDS = 100, 0.005
"""With more connections the thread rests after each look, so that those that send single bytes do not keep it busy."""
FILES_EACH = 3
FILES_OF_THE_SITE = 500
"""Two of them for the database in each thread."""
BODY_IN_MEMORY = 64 * 2**10
"""Bytes of a body; more of it goes to a file without a name. So a thousand connections hold 64 MB at most."""
BODIES_BYTES = 4 * 2**30
"""Of all connections together, nearly all of them on disk: twenty of the largest forms. More get 503."""
READ_BYTES = 256 * 2**10
STOP_SECONDS = 30.0
"""How long requests may still run when the server stops."""
LAST_BYTES_SECONDS = 5.0
"""How long the server, when it stops, waits for clients: for the rest of a body, or until an answer is read."""


def connections_at_once() -> int:
    """As many as the open files of this process allow, once their limit is as high as the system lets it be."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES_EACH * CONNECTIONS + FILES_OF_THE_SITE
    if 0 <= soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return CONNECTIONS if soft < 0 else max(10, min(CONNECTIONS, (soft - FILES_OF_THE_SITE) // FILES_EACH))


class Threads(ThreadedTaskDispatcher):  # type: ignore[misc]
    """Starts its threads when they are needed: a quiet site has few, and their memory."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._started: list[Thread] = []
        super().__init__()
        self.set_thread_count(1)

    def start_new_thread(self, target: Callable[[int], None], thread_no: int) -> None:
        thread = Thread(target=self._run, args=(target, thread_no), name=f"waitress-{thread_no}", daemon=True)
        self._started.append(thread)
        thread.start()

    def _run(self, target: Callable[[int], None], thread_no: int) -> None:
        try:
            target(thread_no)
        finally:
            connections.close_all()

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:
        """End the threads, each of which closes its connection to the database."""
        end = time.monotonic() + timeout
        is_cancelled: bool = super().shutdown(cancel_pending, timeout)
        for thread in self._started:
            thread.join(max(0.0, end - time.monotonic()))
        return is_cancelled

    def add_task(self, task: Any) -> None:
        with self.lock:
            count = len(self.threads)
            is_short = len(self.queue) >= count - self.active_count
        if is_short and count < self.most:
            self.set_thread_count(count + 1)
        super().add_task(task)


class HttpServer(TcpWSGIServer):  # type: ignore[misc]
    """waitress's server with our connections, which can be stopped in order."""

    channel_class = Connection
    accepting: bool
    is_stopping = False
    has_too_many_bodies = False

    def __init__(
        self,
        application: Any,
        listener: socket.socket,
        threads: int,
        connections: int = CONNECTIONS,
        on_stop: Callable[[], object] = bool,
    ) -> None:
        """`on_stop` tells responses that go on for long to end."""
        self.connections = connections
        self._on_stop = on_stop
        self._stop_at = 0.0
        host = listener.getsockname()[0]
        adjustments = Adjustments(
            sockets=[listener],
            backlog=BACKLOG,
            ident="facesite",
            server_name=f"[{host}]" if ":" in host else host,
            # Room for those that nothing can take the place of, because all others are being served.
            connection_limit=2 * connections,
            recv_bytes=READ_BYTES,
            inbuf_overflow=BODY_IN_MEMORY,
            outbuf_high_watermark=UNREAD_BYTES,
            max_request_header_size=HEAD_BYTES,
            # Our parser has the limits of bodies.
            max_request_body_size=2**62,
            clear_untrusted_proxy_headers=False,
            log_socket_errors=False,
            asyncore_use_poll=True,
        )
        super().__init__(
            application,
            _sock=listener,
            dispatcher=Threads(threads),
            adj=adjustments,
            sockinfo=(listener.family, listener.type, listener.proto, listener.getsockname()),
            bind_socket=False,
        )

    def run(self) -> None:
        """Serve until `stop` was called and all requests are answered, or their time is over."""
        looked_at = 0.0
        while not (self.is_stopping and self._is_finished()):
            self.asyncore.loop(timeout=1, use_poll=True, map=self._map, count=1)
            if len(self.active_channels) > MANY:
                time.sleep(PAUSE_SECONDS)
            if time.monotonic() - looked_at >= 1:
                looked_at = time.monotonic()
                self._close_overdue(looked_at)
                bodies = sum(each.body_bytes for each in list(self.active_channels.values()))
                self.has_too_many_bodies = bodies > BODIES_BYTES
        for connection in list(self.active_channels.values()):
            connection.handle_close()
        # The trigger stays open: requests that are not finished still write to it, until the process ends.
        self.task_dispatcher.shutdown(timeout=1)

    def stop(self) -> None:
        """Take no more connections, answer what has arrived, then end; may be called by a signal."""
        self._stop_at = time.monotonic()
        self.is_stopping = True
        self._on_stop()
        self.pull_trigger()

    def maintenance(self, now: float) -> None:
        """Nothing: ours goes by a clock that nobody sets."""

    def handle_accept(self) -> None:
        if len(self.active_channels) >= self.connections:
            self._make_room()
        super().handle_accept()

    def accept(self) -> Any:
        try:
            return super().accept()
        except OSError:
            # Too many open files, or no memory: without more room the same would happen again at once.
            self._make_room()
            raise

    def handle_error(self) -> None:
        # waitress would close the listening socket.
        logger.exception("A connection could not be accepted")

    def _close_overdue(self, now: float) -> None:
        for connection in list(self.active_channels.values()):
            if connection.is_overdue(now):
                connection.handle_close()

    def _make_room(self) -> None:
        """Close the connection that has waited longest, of the address that has most of those that wait."""
        waiting = [each for each in self.active_channels.values() if not each.is_served]
        if waiting:
            counts = Counter(each.addr[0] for each in waiting)
            min(waiting, key=lambda each: (-counts[each.addr[0]], not each.is_idle, each.since)).handle_close()

    def _is_finished(self) -> bool:
        if self.accepting:
            self.accepting = False
            self.del_channel()
            self.socket.close()
        seconds = time.monotonic() - self._stop_at
        for connection in list(self.active_channels.values()):
            if connection.is_idle or (not connection.is_served and seconds > LAST_BYTES_SECONDS):
                connection.handle_close()
        return not self.active_channels or seconds > STOP_SECONDS
