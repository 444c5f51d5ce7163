"""A web server that receives webhooks, and answers as the test wants."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.patience import PATIENCE


@dataclass(frozen=True)
class Received:
    path: str
    headers: dict[str, str]
    """By their names in lowercase."""
    body: bytes


@dataclass
class Receiver:
    port: int
    statuses: list[int] = field(default_factory=list)
    """Of the next answers; after these 204."""
    received: list[Received] = field(default_factory=list)
    may_answer: threading.Event = field(default_factory=threading.Event)
    arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def url(self, path: str = "/hook?key=a%2Fb") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def wait(self) -> Received:
        """For the next one."""
        assert self.arrived.acquire(timeout=PATIENCE)
        return self.received[-1]


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        receiver: Receiver = self.server.receiver  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        receiver.received.append(Received(self.path, headers, body))
        receiver.arrived.release()
        if not receiver.may_answer.wait(PATIENCE):
            return
        try:
            self.send_response(receiver.statuses.pop(0) if receiver.statuses else 204)
            self.send_header("Location", receiver.url("/elsewhere"))
            self.end_headers()
        except ConnectionError:
            return  # whoever sent it has given up, as some tests want

    def log_message(self, *args: Any) -> None:
        """Nothing."""


@contextmanager
def receiving() -> Iterator[Receiver]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver = server.receiver = Receiver(server.server_address[1])  # type: ignore[attr-defined]
    receiver.may_answer.set()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.may_answer.set()
        server.shutdown()
        server.server_close()
        thread.join()
