"""Our server with a small application, on a thread of the test."""

import io
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from landmarks.http.request_limits import REJECTION
from landmarks.server.http_server import HttpServer
from tests.patience import PATIENCE

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class Running:
    server: HttpServer
    thread: threading.Thread
    port: int

    def connect(self, *parts: bytes) -> socket.socket:
        client = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
        for part in parts:
            client.sendall(part)
        return client

    def answer(self, *parts: bytes) -> bytes:
        """All that comes until the server closes the connection."""
        with self.connect(*parts) as client:
            return read_all(client)


@contextmanager
def running(application: Application, threads: int = 1, **options: Any) -> Iterator[Running]:
    """One thread by default: whoever holds it stops the server."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    server = HttpServer(application, listener, threads, **options)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield Running(server, thread, port)
    finally:
        server.stop()
        thread.join(PATIENCE)
        assert not thread.is_alive()
        server.task_dispatcher.shutdown(timeout=PATIENCE)
        server.close()


def read_all(client: socket.socket) -> bytes:
    return b"".join(iter(lambda: client.recv(65536), b""))


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Answers with the body, or with the sentence of a refusal."""
    error = environ.get(REJECTION)
    body = str(error).encode() if error else environ["wsgi.input"].read()
    start_response(f"{error.status if error else 200} -", [("Content-Length", str(len(body)))])
    return [body]


def answers_in(data: bytes) -> list[tuple[int, bytes]]:
    """Status and body of the answers on a connection; each has a length."""
    found, file = [], io.BytesIO(data)
    while line := file.readline():
        length = 0
        while header := file.readline().strip():
            name, _, value = header.partition(b": ")
            length = int(value) if name == b"Content-Length" else length
        found.append((int(line.split()[1]), file.read(length)))
    return found
