import json
import socket
from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from typing import Any

import pytest

from landmarks.core.errors import AddressInvalid, FetchError
from landmarks.net.ssrf_guard import CheckedConnector, is_allowed, is_public, parse_address
from landmarks.net.transport import Deadline
from tests.conftest import SHARED

VECTORS = SHARED / "data" / "hostile" / "ssrf_urls.json"
PUBLIC = "93.184.216.34"

NAMES = {
    "localhost": ["127.0.0.1"],
    "localhost.localdomain": ["127.0.0.1"],
    "ip6-loopback": ["::1"],
    "metadata.google.internal": ["169.254.169.254"],
    "instance-data": ["169.254.169.254"],
    "169.254.169.254.nip.io": ["169.254.169.254"],
    "host.docker.internal": ["172.17.0.1"],
    "redis": ["172.18.0.2"],
    "intranet": ["10.1.2.3"],
    "server.internal": ["10.1.2.3"],
    "router.home.arpa": ["192.168.1.1"],
    "127.0.0.1.nip.io": ["127.0.0.1"],
    "7f000001.nip.io": ["127.0.0.1"],
    "lvh.me": ["127.0.0.1"],
    "customer1.app.localhost.my.company.127.0.0.1.nip.io": ["127.0.0.1"],
    "multi.test": [PUBLIC, "127.0.0.1"],
    "example.com": [PUBLIC],
    "127.0.0.1.example.com": [PUBLIC],
    "xn--80ak6aa92e.com": [PUBLIC],
}


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A lookup that knows the names above and otherwise reads numbers as lenient resolvers do."""
    real = socket.getaddrinfo

    def look_up(host: str, port: int, **options: Any) -> list[Any]:
        addresses = NAMES.get(host.rstrip("."), [host])
        return [answer for ip in addresses for answer in real(ip, port, flags=socket.AI_NUMERICHOST, **options)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    yield


def resolved(text: str) -> list[str]:
    """The IP addresses that a fetch of this address would connect to."""
    address = parse_address(text)
    with Deadline(5) as deadline:
        return [address[0] for _, address in CheckedConnector(deadline, ()).resolve(address.host, address.port)]


def shared_vectors() -> list[Any]:
    if not VECTORS.exists():
        return [pytest.param({}, id="none")]
    vectors = json.loads(VECTORS.read_text())
    return [pytest.param(vector, id=vector["why"]) for vector in vectors if vector["group"] != "redirect"]


@pytest.mark.usefixtures("resolver")
@pytest.mark.parametrize("vector", shared_vectors())
@pytest.mark.usefixtures("shared")
def test_judges_the_shared_vectors_right(vector: dict[str, str]) -> None:
    try:
        addresses = resolved(vector["url"])
    except FetchError:
        assert vector["expected"] == "blocked" or "blocked" in vector.get("also_ok", "")
    else:
        assert vector["expected"] == "allowed" or "example.com only" in vector.get("also_ok", "")
        assert all(is_public(ip_address(address)) for address in addresses)


@pytest.mark.usefixtures("resolver")
@pytest.mark.parametrize(
    "address",
    [
        "http://localhost/",
        "http://localhost./",
        "http://%31%32%37.0.0.1/",
        "http://[::ffff:7f00:1]/",
        "http://[::127.0.0.1]/",
        "http://[64:ff9b:1::7f00:1]/",
        "http://[2001:0:7f00:1::]/",
        "http://[ff02::1]/",
        "http://168.63.129.16/",
        "http://100.100.100.200/",
        "http://255.255.255.255/",
        "https://multi.test/",
        "https://example.com:8443/",
    ],
)
def test_rejects_an_unsafe_address(address: str) -> None:
    with pytest.raises(FetchError) as caught:
        resolved(address)
    assert "not allowed" in caught.value.detail


@pytest.mark.usefixtures("resolver")
def test_asks_a_public_host_on_either_web_port() -> None:
    assert resolved("https://example.com:80/a.jpg") == [PUBLIC]
    assert resolved("http://example.com:443/a.jpg") == [PUBLIC]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "photo.jpg",
        "example.com/photo.jpg",
        "ftp://example.com/a.jpg",
        "http:/example.com/a.jpg",
        "http://",
        "http://0x7f.1/",
        "http://2130706433/",
        "http://127.1/",
        "http://127.0.0.1./",
        "http://0177.0.0.1/",
        "http://[::1%25lo]/",
        "http://[::1/",
        "http://me:secret@example.com/",
        "http://me:secret@[::1/",
        "ftp://me:secret@example.com/",
        "http://example.com\\@127.0.0.1/",
        "http://exa\tmple.com/",
        "http://example.com/\r\nHost: inside",
        "http://example.com:99999/",
        "http://example.com:0/",
        "http://exa mple.com/",
        "http://" + "a" * 64 + ".com/",
        "http://example.com/" + "a" * 5000,
    ],
)
def test_what_is_no_plain_web_address_is_invalid(address: str) -> None:
    with pytest.raises(AddressInvalid) as caught:
        parse_address(address)
    assert caught.value.code == "address_invalid"
    assert "secret" not in caught.value.message + caught.value.detail


@pytest.mark.parametrize(
    ("text", "url", "host", "port"),
    [
        (" HTTP://EXAMPLE.com/A.jpg\n", "http://example.com/A.jpg", "example.com", 80),
        (
            "https://bücher.example/ä b.jpg",
            "https://xn--bcher-kva.example/%C3%A4%20b.jpg",
            "xn--bcher-kva.example",
            443,
        ),
        ("https://example.com.:444/?a=@", "https://example.com.:444/?a=@", "example.com.", 444),
        ("http://[2606:4700::1111]/a", "http://[2606:4700::1111]/a", "2606:4700::1111", 80),
    ],
)
def test_reads_an_address_in_its_one_spelling(text: str, url: str, host: str, port: int) -> None:
    address = parse_address(text)
    assert (address.url, address.host, address.port) == (url, host, port)


def test_an_allowed_network_is_allowed_on_any_port() -> None:
    networks = (ip_network("10.1.0.0/16"), ip_network("fd00::/8"))
    assert is_allowed("10.1.255.1", 8000, networks)
    assert is_allowed("fd00::1", 8000, networks)
    assert not is_allowed("10.2.0.1", 80, networks)
    assert not is_allowed("::ffff:10.1.0.1", 80, networks)


@pytest.mark.parametrize(
    "ip", ["172.32.0.1", "192.169.0.1", "100.63.255.255", "11.0.0.0", "2606:4700::1111", "2a00::1"]
)
def test_neighbours_of_private_networks_are_public(ip: str) -> None:
    assert is_public(ip_address(ip))
