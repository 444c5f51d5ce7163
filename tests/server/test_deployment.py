"""The documented deployment: nginx as docs/deployment/ has it, before a real `serve`, among strangers who stall."""

import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter

from tests.conftest import BASE_DIR, missing
from tests.patience import PATIENCE
from tests.ports import free_port
from tests.server.test_serve import Server, serving

HALF_OPEN = 200
FROM = [f"127.0.0.{number}" for number in range(2, 12)]
"""So many strangers: one alone is stopped by the limit of connections."""
SILENT = b""
SLOW_HEAD = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
SLOW_BODY = (
    b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000000\r\n"
    b"Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n"
)
SITE = """
daemon off;
{user}
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/facesite.conf;
}}
"""


def make_certificate(folder: Path) -> None:
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def documented(folder: Path, upstream: int, plain: int, secure: int) -> str:
    """The file of the documents with the names, ports and certificate of the test."""
    text = (BASE_DIR / "docs/deployment/nginx.conf").read_text()
    changes = {
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{upstream};",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl;": f"listen 127.0.0.1:{secure} ssl;",
        "/etc/letsencrypt/live/photos.example.org/fullchain.pem": f"{folder}/cert.pem",
        "/etc/letsencrypt/live/photos.example.org/privkey.pem": f"{folder}/key.pem",
        "server_name photos.example.org;": "server_name 127.0.0.1;",
    }
    for documented, tested in changes.items():
        assert documented in text
        text = text.replace(documented, tested)
    return text


class From(HTTPAdapter):
    """Connects from that address of this machine."""

    def __init__(self, source: str) -> None:
        self.source = source
        super().__init__()

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, source_address=(self.source, 0), **options)


class Site:
    """nginx before a running `serve`, and a visitor with a browser's cookies."""

    def __init__(self, server: Server, folder: Path, plain: int, secure: int) -> None:
        self.server, self.folder, self.plain, self.secure = server, folder, plain, secure
        self.address = f"https://127.0.0.1:{secure}"

    def visitor(self, source: str = "127.0.0.1") -> requests.Session:
        session = requests.Session()
        session.mount("https://", From(source))
        session.trust_env = False
        session.verify = str(self.folder / "cert.pem")
        return session

    def stranger(self, source: str) -> socket.socket:
        plain = socket.create_connection(("127.0.0.1", self.secure), PATIENCE, source_address=(source, 0))
        context = ssl.create_default_context(cafile=str(self.folder / "cert.pem"))
        return context.wrap_socket(plain, server_hostname="127.0.0.1")


def send(site: "Site", session: requests.Session, photo: Path, **headers: str) -> requests.Response:
    session.get(f"{site.address}/", timeout=PATIENCE)
    form = {"csrfmiddlewaretoken": session.cookies["__Host-csrftoken"]}
    headers = {"Referer": f"{site.address}/", **headers}
    with photo.open("rb") as file:
        return session.post(f"{site.address}/", form, files={"photo": file}, headers=headers, timeout=PATIENCE)


@contextmanager
def nginx(folder: Path) -> Iterator[None]:
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if not program or not shutil.which("openssl"):
        missing("nginx or openssl is not installed")
    user = "user root;" if os.getuid() == 0 else ""
    (folder / "nginx.conf").write_text(SITE.format(folder=folder, user=user))
    with subprocess.Popen([program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]) as process:
        try:
            yield
        finally:
            process.terminate()


def wait_for(port: int) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except ConnectionRefusedError:
            assert time.monotonic() < end, "nginx does not listen"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("nginx")
    plain = free_port(2)
    secure = plain + 1
    behind = {"HTTPS": "on", "TRUSTED_PROXIES": "127.0.0.1", "API_RATE": "3/day"}
    with serving(folder / "data", models_dir, **behind) as server:
        make_certificate(folder)
        (folder / "facesite.conf").write_text(documented(folder, server.port, plain, secure))
        with nginx(folder):
            wait_for(secure)
            yield Site(server, folder, plain, secure)


@contextmanager
def half_open(connect: Callable[[str], socket.socket], beginning: bytes) -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        strangers = [stack.enter_context(connect(FROM[number % len(FROM)])) for number in range(HALF_OPEN)]
        for stranger in strangers:
            if beginning:
                stranger.sendall(beginning)
        yield strangers


def is_waiting(stranger: socket.socket) -> bool:
    """Whether it is still connected and has no answer."""
    stranger.setblocking(False)
    try:
        stranger.recv(1)
    except (BlockingIOError, ssl.SSLWantReadError):
        return True
    except OSError:
        pass
    return False


def are_most_waiting(strangers: list[socket.socket]) -> bool:
    """Whether what came meanwhile was answered before the server lost patience with them."""
    return sum(map(is_waiting, strangers)) > HALF_OPEN / 2


def test_a_plain_request_is_sent_on_to_https(site: Site) -> None:
    answer = site.visitor().get(f"http://127.0.0.1:{site.plain}/results/", allow_redirects=False, timeout=PATIENCE)
    assert (answer.status_code, answer.headers["Location"]) == (301, "https://127.0.0.1/results/")


def test_cookies_are_secure_and_the_browser_stays_with_https(site: Site) -> None:
    answer = site.visitor().get(f"{site.address}/", timeout=PATIENCE)
    assert answer.status_code == 200
    assert answer.headers["Strict-Transport-Security"] == f"max-age={365 * 24 * 60 * 60}"
    assert [cookie.secure for cookie in answer.cookies] == [True, True]
    assert "Secure" in answer.headers["Set-Cookie"]


def test_the_id_of_nginx_is_the_id_of_the_request_and_no_visitors(site: Site) -> None:
    answer = site.visitor().get(f"{site.address}/", headers={"X-Request-Id": "chosen-by-a-visitor"}, timeout=PATIENCE)
    assert len(answer.headers["X-Request-Id"]) == 32


def test_clients_are_distinguished_by_their_own_address_whatever_they_claim(site: Site, images: Path) -> None:
    with site.visitor("127.0.0.50") as session:
        answers = [
            send(site, session, images / "rocket.jpg", **{"X-Forwarded-For": f"192.0.2.{number}"}).status_code
            for number in range(4)
        ]
    assert answers == [200, 200, 200, 429]
    with site.visitor("127.0.0.51") as session:
        assert send(site, session, images / "rocket.jpg").status_code == 200


@pytest.mark.parametrize("beginning", [SILENT, SLOW_HEAD, SLOW_BODY], ids=["silent", "slow head", "slow body"])
def test_half_open_connections_stop_nobody(tmp_path: Path, site: Site, images: Path, beginning: bytes) -> None:
    with half_open(site.stranger, beginning) as strangers, site.visitor() as session:
        assert session.get(f"{site.address}/", timeout=PATIENCE).status_code == 200
        answer = send(site, session, images / "astronaut.jpg")
        assert are_most_waiting(strangers)
    assert answer.status_code == 200
    assert "/results/" in answer.url


def test_one_stranger_gets_only_so_many_connections(site: Site) -> None:
    def connect(source: str) -> socket.socket:
        return site.stranger("127.0.0.99")

    with half_open(connect, SLOW_BODY), site.stranger("127.0.0.99") as one_more:
        one_more.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        assert one_more.recv(100).startswith(b"HTTP/1.1 429 ")


def test_a_form_that_is_too_large_is_rejected_before_it_is_read(site: Site) -> None:
    with site.stranger("127.0.0.98") as stranger:
        stranger.sendall(SLOW_BODY.replace(b"5000000", b"500000000"))
        assert stranger.recv(100).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("beginning", [SILENT, SLOW_HEAD, SLOW_BODY], ids=["silent", "slow head", "slow body"])
def test_half_open_connections_do_not_stop_serve_alone(site: Site, beginning: bytes) -> None:
    def connect(source: str) -> socket.socket:
        return socket.create_connection(("127.0.0.1", site.server.port), PATIENCE, source_address=(source, 0))

    with half_open(connect, beginning) as strangers:
        assert site.server.get("/healthz").status_code == 200
        assert are_most_waiting(strangers)
