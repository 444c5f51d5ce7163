"""How web servers cope with slow clients: `python -m benchmarks.web_servers [NAME ...]`, for decision record 15.

The others must be installed beside the project: gunicorn, granian, cheroot, uvicorn, hypercorn. Each runs the same
three views of Django with eight threads.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from benchmarks.process import PROJECT

THREADS = 8
LARGE = 8 * 2**20
PHOTO = 2**20
APP, ASGI = "benchmarks.web_servers:application", "benchmarks.web_servers:asgi_application"
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
POST = b"POST / HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n"
SLOW_HEAD = GET + b"X-Slow: "
SLOW_BODY = POST + b"Content-Length: 1000000\r\n\r\n" + bytes(1000)
READER = b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n"
CHUNKS = b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
EXPECTING = POST + b"Content-Length: 3\r\nExpect: 100-continue\r\n\r\n"


def commands(port: int) -> dict[str, list[str]]:
    run, here = [sys.executable, "-m"], f"127.0.0.1:{port}"
    return {
        "facesite": [*run, "benchmarks.web_servers", "--serve", str(port)],
        "waitress": [
            *run,
            "waitress",
            f"--listen={here}",
            f"--threads={THREADS}",
            "--connection-limit=1000",
            "--asyncore-use-poll",
            APP,
        ],
        "gunicorn": [
            *run,
            "gunicorn",
            "-b",
            here,
            "-k",
            "gthread",
            "--threads",
            str(THREADS),
            "--no-control-socket",
            APP,
        ],
        "granian": [*run, "granian", "--interface=wsgi", f"--port={port}", f"--blocking-threads={THREADS}", APP],
        "cheroot": [*run, "cheroot", APP, "--bind", here, f"--threads={THREADS}", f"--max-threads={THREADS}"],
        "uvicorn": [*run, "uvicorn", "--port", str(port), "--no-access-log", ASGI],
        "hypercorn": [*run, "hypercorn", "-b", here, ASGI],
    }


# What the servers run.


@cache
def site(kind: str) -> Any:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "facesite.settings")
    from django.conf import settings
    from django.core import asgi, wsgi

    settings.ROOT_URLCONF, settings.MIDDLEWARE = __name__, ["facesite.middleware.request_size.limit_requests"]
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * PHOTO
    return asgi.get_asgi_application() if kind == "asgi" else wsgi.get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
    return site("wsgi")(environ, start_response)


async def asgi_application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        await site("asgi")(scope, receive, send)


def page(request: Any, path: str) -> Any:
    from django.http import HttpResponse

    if path == "slow":
        time.sleep(2)
    return HttpResponse(bytes(LARGE) if path == "large" else b"x" * max(5000, len(request.body) // 1000))


def __getattr__(name: str) -> Any:
    if name != "urlpatterns":
        raise AttributeError(name)
    from django.urls import path

    return [path("<path:path>", page), path("", page, {"path": ""})]


def serve(port: int) -> None:
    """As `manage.py serve` does."""
    site("wsgi")
    from landmarks.runtime.memory import KEPT, KEPT_BLOCK, keep_freed
    from landmarks.server.http_server import HttpServer, connections_at_once

    keep_freed(KEPT, KEPT_BLOCK)
    listener = socket.create_server(("127.0.0.1", port))
    server = HttpServer(application, listener, THREADS, connections_at_once())
    signal.signal(signal.SIGTERM, lambda *args: server.stop())
    server.run()


# What is done to them.


@contextmanager
def running(name: str) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        commands(port)[name], cwd=PROJECT, stdout=quiet, stderr=quiet, start_new_session=True
    ) as process:
        try:
            while seconds_for_a_page(port) is None:
                time.sleep(0.1)
            yield process, port
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def connect(port: int, data: bytes, timeout: float = 5.0) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), timeout)
    client.sendall(data)
    return client


def seconds_for_a_page(port: int) -> float | None:
    """None if there is no answer within four seconds."""
    start = time.monotonic()
    try:
        with connect(port, GET + b"Connection: close\r\n\r\n", 4.0) as client:
            return time.monotonic() - start if client.recv(12).endswith(b"200") else None
    except OSError:
        return None


def among(port: int, count: int, beginning: bytes) -> str:
    """What a page takes beside so many slow clients."""
    with ExitStack() as stack:
        for _ in range(count):
            stack.enter_context(connect(port, beginning))
        time.sleep(0.5)
        seconds = seconds_for_a_page(port)
    return "stopped" if seconds is None else f"{seconds * 1000:.0f} ms"


def status(port: int, data: bytes) -> str:
    with suppress(OSError), connect(port, data, 2.0) as client:
        return client.recv(12).decode()[9:]
    return "none"


def rate(port: int, method: str, body: bytes | None) -> str:
    """Requests a second of four clients in two seconds."""
    done, end = [0] * 4, time.monotonic() + 2

    def send(number: int) -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        while time.monotonic() < end:
            try:
                connection.request(method, "/", body)
                connection.getresponse().read()
                done[number] += 1
            except (OSError, HTTPException):
                connection.close()

    threads = [threading.Thread(target=send, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return f"{sum(done) / 2:.0f}/s"


def memory(pid: int) -> float:
    """Megabytes of a process and those below it."""
    children = [
        int(child) for path in Path(f"/proc/{pid}/task").glob("*/children") for child in path.read_text().split()
    ]
    own = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    return own + sum(map(memory, children))


def stop(process: "subprocess.Popen[bytes]", port: int) -> str:
    """Whether a request that runs is finished after SIGTERM, and how long the end takes beside an idle connection."""
    with connect(port, GET + b"\r\n") as idle, connect(port, b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n") as busy:
        idle.recv(100)
        time.sleep(0.5)
        start = time.monotonic()
        process.terminate()
        is_finished = False
        with suppress(OSError):
            is_finished = busy.recv(12).endswith(b"200")
        with suppress(subprocess.TimeoutExpired):
            process.wait(40)
        return f"{'finished' if is_finished else 'lost'}, {time.monotonic() - start:.1f} s"


def measure(name: str) -> dict[str, str]:
    with running(name) as (process, port):
        found = {"memory": f"{memory(process.pid):.0f} MB"}
        for count in (30, 200):
            found[f"{count} slow heads"] = among(port, count, SLOW_HEAD)
            found[f"{count} slow bodies"] = among(port, count, SLOW_BODY)
        found["30 slow readers"] = among(port, 30, READER)
        found["memory then"] = f"{memory(process.pid):.0f} MB"
        found["chunks"] = status(port, POST + CHUNKS)
        found["two lengths"] = status(port, POST + b"Content-Length: 3\r\n" + CHUNKS)
        found["expectation"] = status(port, EXPECTING)
        found["pages"] = rate(port, "GET", None)
        found["posts of 1 MB"] = rate(port, "POST", bytes(PHOTO))
        found["stop"] = stop(process, port)
    return found


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--serve"]:
        serve(int(arguments[1]))
        return
    for name in arguments or commands(0):
        row = ", ".join(f"{what}: {value}" for what, value in measure(name).items())
        sys.stdout.write(f"{name}: {row}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
