import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
import requests

from landmarks.core.errors import FetchError
from landmarks.net.fetch import FetchLimits, fetch_photo
from landmarks.net.ssrf_guard import CheckedConnector, Network
from landmarks.net.transport import Deadline, TimedAdapter
from tests.conftest import missing
from tests.net.servers import RawServer, ok, running

LOOPBACK = (ip_network("127.0.0.0/8"),)
BODY = b"the photo"


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Names that the lookup knows, with their IP addresses; nothing else is changed."""
    known: dict[str, list[str]] = {}
    real = socket.getaddrinfo

    def look_up(host: str, port: int, **options: Any) -> list[Any]:
        return [answer for ip in known.get(host, [host]) for answer in real(ip, port, **options)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificate and key of a server that is called photos.test, in one file."""
    if not shutil.which("openssl"):
        missing("openssl is not installed")
    file = tmp_path_factory.mktemp("tls") / "photos.test.pem"
    key, crt = f"{file}.key", f"{file}.crt"
    command = ["openssl", "req", "-x509", "-nodes", "-days", "2", "-newkey", "ec"]
    command += ["-pkeyopt", "ec_paramgen_curve:prime256v1"]
    name = ["-subj", "/CN=photos.test", "-addext", "subjectAltName=DNS:photos.test"]
    subprocess.run([*command, *name, "-keyout", key, "-out", crt], check=True, capture_output=True)  # noqa: S603
    file.write_bytes(Path(key).read_bytes() + Path(crt).read_bytes())
    return file


@pytest.fixture
def tls_server(certificate: Path) -> Iterator[RawServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with running(RawServer(tls=context)) as server:
        server.answer("/a.jpg", ok(BODY))
        yield server


@pytest.fixture
def server() -> Iterator[RawServer]:
    with running(RawServer()) as server:
        server.answer("/a.jpg", ok(BODY))
        yield server


def ask(url: str, networks: tuple[Network, ...] = LOOPBACK, verify: bool | str = True, seconds: float = 60) -> bytes:
    with Deadline(seconds) as deadline:
        adapter = TimedAdapter(CheckedConnector(deadline, networks))
        request = requests.Request("GET", url).prepare()
        with adapter.send(request, stream=True, timeout=deadline.remaining(), verify=verify) as response:
            return bytes(response.content)


def test_connects_to_the_address_that_was_checked(server: RawServer, names: dict[str, list[str]]) -> None:
    names["photos.test"] = ["127.0.0.1"]
    assert ask(server.url("/a.jpg", "photos.test")) == BODY
    assert f"Host: photos.test:{server.port}" in server.requests[0]


def test_goes_on_to_the_next_address_when_one_is_closed(server: RawServer, names: dict[str, list[str]]) -> None:
    names["photos.test"] = ["::1", "127.0.0.1"]
    assert ask(server.url("/a.jpg", "photos.test"), (*LOOPBACK, ip_network("::1/128"))) == BODY


def test_one_address_that_is_not_allowed_rejects_the_name(server: RawServer, names: dict[str, list[str]]) -> None:
    names["photos.test"] = ["127.0.0.1", "10.0.0.1"]
    with pytest.raises(FetchError, match="couldn't be fetched") as caught:
        ask(server.url("/a.jpg", "photos.test"))
    assert "10.0.0.1" in caught.value.detail
    assert server.connections == 0


def test_a_second_lookup_is_checked_like_the_first(
    server: RawServer, names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that changes its answer after the check gains nothing, because no lookup follows a check."""
    looked_up: list[str] = []
    fake = socket.getaddrinfo

    def count(host: str, port: int, **options: Any) -> list[Any]:
        looked_up.append(host)
        return list(fake(host, port, **options))

    names["photos.test"] = ["127.0.0.1"]
    monkeypatch.setattr(socket, "getaddrinfo", count)
    ask(server.url("/a.jpg", "photos.test"))
    assert looked_up == ["photos.test"]


def test_tls_verifies_the_name_of_the_host(
    tls_server: RawServer, certificate: Path, names: dict[str, list[str]]
) -> None:
    names["photos.test"] = names["other.test"] = ["127.0.0.1"]
    trusted = f"{certificate}.crt"
    assert ask(tls_server.url("/a.jpg", "photos.test"), verify=trusted) == BODY
    with pytest.raises(requests.exceptions.SSLError, match="Hostname mismatch|doesn't match"):
        ask(tls_server.url("/a.jpg", "other.test"), verify=trusted)
    assert len(tls_server.requests) == 1


def test_rejects_a_certificate_that_nobody_vouches_for(tls_server: RawServer, names: dict[str, list[str]]) -> None:
    names["photos.test"] = ["127.0.0.1"]
    limits = FetchLimits(max_bytes=1000, seconds=60, allowed_networks=LOOPBACK)
    with pytest.raises(FetchError) as caught:
        fetch_photo(tls_server.url("/a.jpg", "photos.test"), limits).read()
    assert "CERTIFICATE_VERIFY_FAILED" in caught.value.detail


def test_the_deadline_ends_a_tls_greeting_that_does_not_come() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises((requests.RequestException, FetchError)):
        ask(f"https://127.0.0.1:{silent.getsockname()[1]}/a.jpg", seconds=0.3)


def test_the_deadline_ends_a_body_that_drips_through_tls(
    tls_server: RawServer, certificate: Path, names: dict[str, list[str]]
) -> None:
    names["photos.test"] = ["127.0.0.1"]
    tls_server.drip("/slow.jpg", b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n", b"x")
    with pytest.raises(requests.RequestException):
        ask(tls_server.url("/slow.jpg", "photos.test"), verify=f"{certificate}.crt", seconds=0.5)
