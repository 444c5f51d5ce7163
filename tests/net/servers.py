"""A web server for tests that can answer in every wrong way: it sends exactly the bytes of the test."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from socketserver import StreamRequestHandler, ThreadingTCPServer
from ssl import SSLContext, SSLError

Answer = Callable[[], Iterable[bytes]]


class RawServer(ThreadingTCPServer):
    """Answers on a free port of 127.0.0.1; `requests` holds the head of each request that came, as text."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, tls: SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), RawHandler)
        self.tls = tls
        self.answers: dict[str, Answer] = {}
        self.requests: list[str] = []
        self.connections = 0
        self.is_over = threading.Event()
        self.has_dripped_out = False

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}{path}"

    def answer(self, path: str, *parts: bytes) -> str:
        """Send these parts to whoever asks for the path; returns the address."""
        self.answers[path] = lambda: parts
        return self.url(path)

    def drip(self, path: str, head: bytes, part: bytes) -> str:
        """Send the head, then the part again and again every 20 ms until the test is over or a minute has passed."""

        def parts() -> Iterator[bytes]:
            yield head
            for _ in range(3000):
                yield part
                if self.is_over.wait(0.02):
                    return
            self.has_dripped_out = True

        self.answers[path] = parts
        return self.url(path)

    def flood(self, path: str, head: bytes, part: bytes) -> str:
        """Send the head, then the part without end, as fast as it is taken."""

        def parts() -> Iterator[bytes]:
            yield head
            while not self.is_over.is_set():
                yield part

        self.answers[path] = parts
        return self.url(path)


class RawHandler(StreamRequestHandler):
    server: RawServer

    def handle(self) -> None:
        self.server.connections += 1
        try:
            connection = (
                self.server.tls.wrap_socket(self.request, server_side=True) if self.server.tls else self.request
            )
            with connection, connection.makefile("rb") as stream:
                head = b"".join(iter(stream.readline, b"\r\n"))
                self.server.requests.append(head.decode("latin-1"))
                for part in self.server.answers[head.split()[1].decode("latin-1")]():
                    connection.sendall(part)
        except (ConnectionError, SSLError, TimeoutError):
            return  # the other side has gone, as many tests want it to


@contextmanager
def running(server: RawServer) -> Iterator[RawServer]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.is_over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def ok(body: bytes, *headers: str) -> bytes:
    """An answer of status 200 with this body."""
    return head("200 OK", f"Content-Length: {len(body)}", *headers) + body


def head(status: str, *headers: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode("latin-1")


def redirect(location: str) -> bytes:
    return head("302 Found", "Content-Length: 0", f"Location: {location}")
