"""Who a client is: the nearest address that is no trusted proxy, whatever strangers write into headers."""

from ipaddress import ip_network

import pytest
from django.conf import LazySettings
from django.test import RequestFactory

from landmarks.http.client_ip import client

PROXIES = ("10.0.0.0/8", "fd00::/8", "127.0.0.1/32")


def seen(remote: str, forwarded: str | None = None) -> str:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return client(RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote))


@pytest.fixture
def behind_proxies(settings: LazySettings) -> None:
    settings.TRUSTED_PROXIES = tuple(map(ip_network, PROXIES))


@pytest.mark.parametrize("forwarded", [None, "", "198.51.100.1", "10.0.0.1, 198.51.100.1"])
def test_without_trusted_proxies_it_is_who_connects(forwarded: str | None) -> None:
    assert seen("192.0.2.1", forwarded) == "192.0.2.1"


@pytest.mark.usefixtures("behind_proxies")
@pytest.mark.parametrize(
    ("remote", "forwarded", "expected"),
    [
        ("10.0.0.1", "192.0.2.1", "192.0.2.1"),
        ("10.0.0.1", "1.2.3.4, 192.0.2.1", "192.0.2.1"),
        ("10.0.0.1", "1.2.3.4,192.0.2.1 , 10.0.0.2", "192.0.2.1"),
        ("127.0.0.1", "192.0.2.1:4711", "192.0.2.1"),
        ("127.0.0.1", "::ffff:192.0.2.1", "192.0.2.1"),
        ("::ffff:10.0.0.1", "192.0.2.1", "192.0.2.1"),
        ("fd00::1", "[2001:db8:1:2:3:4:5:6]:443", "2001:db8:1:2::/64"),
        ("fd00::1", "2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
        ("10.0.0.1", "10.0.0.2, 10.0.0.3", "10.0.0.2"),
        ("10.0.0.1", "192.0.2.1, unknown", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("192.0.2.9", "192.0.2.1", "192.0.2.9"),
        ("10.0.0.1", ", ".join(["192.0.2.1", *["10.0.0.2"] * 5000]), "10.0.0.2"),
    ],
)
def test_behind_trusted_proxies_it_is_the_nearest_address_that_is_none(
    remote: str, forwarded: str | None, expected: str
) -> None:
    assert seen(remote, forwarded) == expected


def test_a_network_of_ipv6_is_one_client() -> None:
    assert seen("2001:db8:1:2:aaaa::1") == seen("2001:db8:1:2:bbbb::2") != seen("2001:db8:1:3::1")


@pytest.mark.parametrize("remote", ["", "unix:", "%$&"])
def test_a_connection_without_an_address_is_a_client_of_its_own(remote: str) -> None:
    assert seen(remote, "192.0.2.1") == "None"
