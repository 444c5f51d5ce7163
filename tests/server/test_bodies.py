"""Bodies and broken requests with the whole site behind the server: accepted everywhere, answered in its own form."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.conftest import BASE_DIR
from tests.patience import PATIENCE
from tests.server.running import read_all
from tests.server.test_serve import Server, environment, serving

FORM = {"Content-Type": "multipart/form-data; boundary=b"}
MEGABYTE = 2**20


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bodies") / "data"


@pytest.fixture(scope="module")
def site(data_dir: Path, models_dir: Path) -> Iterator[Server]:
    with serving(data_dir, models_dir, MAX_UPLOAD_MB="1") as site:
        yield site


@pytest.fixture(scope="module")
def token(site: Server, data_dir: Path, models_dir: Path) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", "create_token", "chunks"],
        cwd=BASE_DIR,
        env=environment(data_dir, models_dir),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()[-1]


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


def form(**fields: bytes) -> Iterator[bytes]:
    """A form in pieces, which `requests` sends as chunks because it does not know the length."""
    for name, value in fields.items():
        file = b'; filename="a.jpg"\r\nContent-Type: image/jpeg' if len(value) > 100 else b""
        yield b'--b\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n' % (name.encode(), file)
        for start in range(0, len(value), 10_000):
            yield value[start : start + 10_000]
        yield b"\r\n"
    yield b"--b--\r\n"


def raw(site: Server, *parts: bytes) -> tuple[int, str, bytes]:
    """Status, content type and body of what the server says until it closes the connection."""
    with socket.create_connection(("127.0.0.1", site.port), PATIENCE) as client:
        for part in parts:
            client.sendall(part)
        head, _, body = read_all(client).partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines[1:])
    return int(lines[0].split()[1]), headers["Content-Type"], body


def test_a_page_takes_a_form_in_chunks(site: Server, session: requests.Session, images: Path) -> None:
    session.get(site.address, timeout=PATIENCE)
    body = form(
        csrfmiddlewaretoken=session.cookies["csrftoken"].encode(), photo=(images / "astronaut.jpg").read_bytes()
    )
    page = session.post(f"{site.address}/", body, headers=FORM, timeout=PATIENCE)
    assert (page.status_code, "/results/" in page.url) == (200, True)
    assert session.get(f"{page.url}export/json", timeout=PATIENCE).json()["face_shape_set"]


@pytest.mark.parametrize(
    ("path", "field", "key"),
    [("/api/results", "photo", "id"), ("/api/v1/files/", "file", "file_url")],
)
def test_the_api_takes_a_form_in_chunks(
    site: Server, session: requests.Session, token: str, images: Path, path: str, field: str, key: str
) -> None:
    body = form(**{field: (images / "astronaut.jpg").read_bytes()})
    headers = {**FORM, "Authorization": f"Bearer {token}"}
    answer = session.post(f"{site.address}{path}", body, headers=headers, timeout=PATIENCE)
    assert answer.status_code in (200, 201), answer.text
    assert key in answer.json()


def test_the_vendors_api_takes_json_in_chunks(site: Server, session: requests.Session, token: str) -> None:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    pieces = iter([b'{"image_url": ', b'"http://127.0.0.1:1/a.jpg"}'])
    answer = session.post(f"{site.address}/face/analyze", pieces, headers=headers, timeout=PATIENCE)
    # The body was read: it is the address that is not accepted.
    assert answer.status_code == 400
    assert "address" in answer.json()["error"]["message"]


@pytest.mark.parametrize("path", ["/face/analyze", "/api/results"])
def test_the_api_rejects_too_many_chunks_while_they_arrive(site: Server, path: str) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    chunk = b"100000\r\n" + bytes(MEGABYTE) + b"\r\n"
    status, kind, body = raw(site, head, *[chunk] * 30)
    assert (status, kind) == (413, "application/json")
    assert json.loads(body)["error"]["code"] == "request_too_large"


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc", 400),
        (b"POST {path} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        (b"GET {path} HTTP/1.1\r\nAccept: */*\r\n\r\n", 400),
        (b"GET {path} HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"GET {path} HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 40_000, 431),
    ],
    ids=["two lengths", "no chunk", "no host", "no header", "large headers"],
)
@pytest.mark.parametrize(("path", "kind"), [(b"/results/", "text/html"), (b"/face/analyze", "application/json")])
def test_what_is_no_request_is_answered_in_our_form(
    site: Server, request_bytes: bytes, status: int, path: bytes, kind: str
) -> None:
    answered, content_type, body = raw(site, request_bytes.replace(b"{path}", path))
    assert (answered, content_type.split(";")[0]) == (status, kind)
    assert (b'"success": false' in body) == (kind == "application/json")


def test_nothing_of_that_is_logged(data_dir: Path, models_dir: Path) -> None:
    with serving(data_dir, models_dir) as site:
        for request in (b"\x00\r\n\r\n", b"GET http://[ HTTP/1.1\r\nHost: a\r\n\r\n", b"GET /secret HTTP/1.1\r\n\r\n"):
            assert raw(site, request)[0] == 400
        with socket.create_connection(("127.0.0.1", site.port), PATIENCE) as client:
            client.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc")
        assert site.get("/healthz").text == "ok"
        status, output = site.stop(signal.SIGTERM)
    assert (status, output) == (0, "")


def test_a_head_request_gets_headers_only(site: Server) -> None:
    with socket.create_connection(("127.0.0.1", site.port), PATIENCE) as client:
        client.sendall(b"HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        head, _, body = read_all(client).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    assert (b"Content-Length: " in head, body) == (True, b"")
