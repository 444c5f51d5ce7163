"""Ace Data Cloud as tests play it: a real server on this machine with its analysis, its file upload and a web space.

    vendor.url, vendor.platform_url     for ACEDATA_API_URL and ACEDATA_PLATFORM_URL; tokens: TOKEN, PLATFORM_TOKEN
    vendor.requests, vendor.uploads     what came for the analysis and as files, each a Request, in order
    vendor.answers(refusal(…), drop)    how the next analyses are answered, in order; then the usual answer again
    vendor.upload_answers(…)            the same for uploads
    vendor.puts("/a.jpg", data)         offers a file and returns its address; vendor.fetched lists what was asked for

The usual analysis fetches the picture of `image_url` and answers one face (`face_in`) in the pixels of that picture, or
that it could not be downloaded. The usual upload keeps the file and gives an address under which it can be fetched. An
answer is either the bytes to send or a function that makes them.
"""

import io
import json
import os
import socket
import struct
import threading
import urllib.request
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import HTTP
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any

import pytest
from PIL import Image

from landmarks.core.schema import REGIONS
from landmarks.net import ssrf_guard
from tests.clocks import ManualClock
from tests.net.servers import head, ok, running
from tests.patience import PATIENCE

TOKEN = "acedata-test-token-5f/1+7%x"  # noqa: S105
PLATFORM_TOKEN = "platform-test-token-a8/2+1%y"  # noqa: S105
TRACE_ID = "2cf86e86-22a4-46e1-ac2f-032c0f2a4e89"

DRIPS = 3000
"""Parts of an answer that drips: so many that a minute is over before it ends by itself."""

ANALYZE = "/face/analyze"
UPLOAD = "/api/v1/files/"


@dataclass(frozen=True)
class Request:
    """One request as it came in."""

    method: str
    path: str
    headers: Message
    body: bytes
    connection: socket.socket

    def json(self) -> Any:
        return json.loads(self.body)

    def file(self) -> bytes:
        """The field `file` of a form."""
        return self._fields()["file"].get_payload(decode=True)

    def has_file(self) -> bool:
        return "file" in self._fields()

    def _fields(self) -> dict[Any, Any]:
        form = message_from_bytes(
            b"Content-Type: " + self.headers["Content-Type"].encode() + b"\r\n\r\n" + self.body, policy=HTTP
        )
        return {part.get_param("name", header="content-disposition"): part for part in form.iter_parts()}


Answer = bytes | Callable[["Vendor", Request], Iterable[bytes]]


class Vendor(ThreadingTCPServer):
    """Takes every token unless `tokens` names those that exist; what one was sent stands in the headers."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), VendorHandler)
        self.requests: list[Request] = []
        self.uploads: list[Request] = []
        self.fetched: list[str] = []
        self.connections = 0
        self.is_over = threading.Event()
        self.tokens: tuple[str, ...] = ()
        self._files: dict[str, bytes] = {}
        self._scripts: dict[str, deque[Answer]] = {ANALYZE: deque(), UPLOAD: deque()}
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def platform_url(self) -> str:
        return self.url

    def answers(self, *answers: Answer) -> None:
        self._scripts[ANALYZE].extend(answers)

    def upload_answers(self, *answers: Answer) -> None:
        self._scripts[UPLOAD].extend(answers)

    def puts(self, path: str, data: bytes) -> str:
        self._files[path] = data
        return self.url + path

    def receive(self, request: Request) -> Iterable[bytes]:
        """Note the request and say what is sent back."""
        with self._lock:
            if request.method == "GET":
                self.fetched.append(request.path)
                found = self._files.get(request.path)
                return [ok(found, "Content-Type: image/jpeg") if found else head("404 Not Found", "Content-Length: 0")]
            kept, usual = {ANALYZE: (self.requests, look), UPLOAD: (self.uploads, keep)}[request.path]
            kept.append(request)
            if self.tokens and request.headers["Authorization"] not in [f"Bearer {token}" for token in self.tokens]:
                return [refusal(401, "invalid_token", "The specified token is invalid or wrong.")]
            script = self._scripts[request.path]
            answer = script.popleft() if script else usual
        return [answer] if isinstance(answer, bytes) else answer(self, request)


class VendorHandler(StreamRequestHandler):
    server: Vendor

    def handle(self) -> None:
        self.server.connections += 1
        try:
            request = self.read()
            for part in self.server.receive(request):
                self.connection.sendall(part)
        except (ConnectionError, TimeoutError):
            return  # the other side has gone, as many tests want it to

    def read(self) -> Request:
        first, _, lines = b"".join(iter(self.rfile.readline, b"\r\n")).partition(b"\r\n")
        method, path, _ = first.decode("latin-1").split()
        headers = message_from_bytes(lines)
        body = self.rfile.read(int(headers["Content-Length"] or 0))
        return Request(method, path, headers, body, self.connection)


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with running(Vendor()) as vendor:
        yield vendor


@pytest.fixture
def on_the_internet(monkeypatch: pytest.MonkeyPatch) -> None:
    """What this machine offers counts as public, as if the web space were that of a host on the internet."""
    public = ssrf_guard.is_public_endpoint
    monkeypatch.setattr(ssrf_guard, "is_public_endpoint", lambda ip, port: ip == "127.0.0.1" or public(ip, port))


# --- the usual answers -----------------------------------------------------------------------------------------------


def look(vendor: Vendor, request: Request) -> Iterable[bytes]:
    """Fetch the picture and tell one face in its pixels; say what is missing where there is none."""
    if not request.json().get("image_url"):
        return [refusal(400, "bad_request", "image_url is required")]
    try:
        with urllib.request.urlopen(request.json()["image_url"], timeout=PATIENCE) as file:  # noqa: S310
            width, height = Image.open(io.BytesIO(file.read())).size
    except OSError:
        return [refusal(400, "bad_request", "FailedOperation.ImageDownloadError")]
    version = request.json()["face_model_version"]
    return [answering(analysis(width, height, [face_in(width, height)], version))]


def keep(vendor: Vendor, request: Request) -> Iterable[bytes]:
    if not request.has_file():
        return [answering({"file": ["No file was submitted."]}, "400 Bad Request")]
    # Its own number, since others may have come meanwhile.
    number = next(number for number, each in enumerate(vendor.uploads, start=1) if each is request)
    path = f"/files/{number}.jpg"
    return [answering({"file_url": vendor.puts(path, request.file())})]


def face_in(width: int, height: int, left: float = 0.25, top: float = 0.2) -> dict[str, list[dict[str, int]]]:
    """A face in whole pixels, its 90 points spread over half of the picture's width and six tenths of its height."""
    places = iter(range(90))
    return {
        region.name: [
            {
                "x": round(width * (left + 0.5 * (place % 10) / 9)),
                "y": round(height * (top + 0.6 * (place // 10) / 8)),
            }
            for place in (next(places) for _ in range(region.count))
        ]
        for region in REGIONS
    }


def analysis(width: int, height: int, faces: list[Any], version: str = "3.0") -> dict[str, Any]:
    return {"image_width": width, "image_height": height, "face_model_version": version, "face_shape_set": faces}


# --- other answers ---------------------------------------------------------------------------------------------------


def answering(body: Any, status: str = "200 OK", *headers: str) -> bytes:
    """Any JSON with any status."""
    content = json.dumps(body).encode()
    return head(status, "Content-Type: application/json", f"Content-Length: {len(content)}", *headers) + content


def refusal(status: int, code: str, message: str, *headers: str) -> bytes:
    """An error in the vendor's envelope."""
    body = {"error": {"code": code, "message": message}, "trace_id": TRACE_ID}
    return answering(body, f"{status} As It Is", *headers)


drop = b""
"""Nothing is said, and the connection closed."""


def reset(vendor: Vendor, request: Request) -> Iterable[bytes]:
    """The connection is torn down instead of closed, as by a server that dies."""
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(request.connection.detach())
    return []


def dripping(beginning: bytes, part: bytes, clock: ManualClock | None = None) -> Answer:
    """The beginning, then the part again and again every 20 ms until the test is over, each a second of the clock."""

    def parts(vendor: Vendor, request: Request) -> Iterator[bytes]:
        yield beginning
        for _ in range(DRIPS):
            yield part
            if clock:
                clock.go_on(1)
            if vendor.is_over.wait(0.02):
                return

    return parts
