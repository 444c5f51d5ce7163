"""Which addresses may be asked for a photo: how they must be written, and which networks are public."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

import requests

from landmarks.core.errors import AddressInvalid, FetchError
from landmarks.net.transport import Candidate, Connector, Deadline

Network = IPv4Network | IPv6Network

MAX_LENGTH = 4096
WEB_PORTS = {"http": 80, "https": 443}

BEGINNING = re.compile(r"https?://[^/?#]", re.IGNORECASE)
UNSAFE = re.compile(r"[\x00-\x1f\x7f\\]")
"""Control characters and backslashes: programs disagree about what an address with one of them means."""

USER = re.compile("//[^@]*@")

LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
NAME = re.compile(rf"(?=.{{1,253}}\.?$){LABEL}(?:\.{LABEL})*\.?", re.IGNORECASE)
NUMBER = re.compile(r"(?:\d+|0x[0-9a-f]*)\.?", re.IGNORECASE)

# IANA special-purpose address registries (RFC 6890 and its updates), read in 2026, and what clouds keep for themselves.
NOT_PUBLIC = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by a carrier; Alibaba's metadata at 100.100.100.200
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # Azure's platform service
        "169.254.0.0/16",  # link-local; the metadata of most clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments; Oracle's metadata at 192.0.0.192
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarks
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which carries an IPv4 address
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)
GLOBAL_UNICAST = IPv6Network("2000::/3")
"""All that IANA has given out of IPv6. Outside lie loopback, mapped and NAT64 forms, and every local range."""


@dataclass(frozen=True)
class Address:
    """A web address that has one meaning only, in the spelling in which it is asked for."""

    url: str
    host: str
    """A name or an IP address in ASCII, without brackets."""
    port: int


def parse_address(text: str) -> Address:
    """Read what a person typed or a server sent; raise AddressInvalid unless it is plain http or https.

    The host is normalised by requests itself (RFC 3986, UTS 46), so that what is judged here is what will be asked.
    """
    text = text.strip()
    if len(text) > MAX_LENGTH:
        raise _invalid("address_too_long", f"{len(text)} characters")
    if UNSAFE.search(text) or not BEGINNING.match(text):
        raise _invalid("address_not_web", text)
    try:
        request = requests.PreparedRequest()
        request.prepare_url(text, None)
        url = str(request.url)
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        has_port_zero = urlsplit(text).port == 0  # requests leaves it out
    except (requests.RequestException, ValueError) as exc:
        raise _invalid("address_malformed", str(exc)) from exc
    if "@" in parts.netloc:
        raise _invalid("address_has_credentials", text)
    if not _is_host(host) or has_port_zero:
        raise _invalid("address_malformed", f"host {host!r}")
    return Address(url, host, port or WEB_PORTS[parts.scheme])


def may_be_asked(ip: str, port: int, allowed_networks: tuple[Network, ...]) -> bool:
    """Whether a photo may be asked for at this IP address: a public one on a web port, or any in the networks."""
    address = ip_address(ip)
    if any(address in network for network in allowed_networks):
        return True
    return port in WEB_PORTS.values() and is_public(address)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address) and address not in GLOBAL_UNICAST:
        return False
    return not any(address in network for network in NOT_PUBLIC)


def _is_host(host: str) -> bool:
    """A name, or an IP address in its one full spelling: what ends in a number must not be left to the resolver."""
    if ":" not in host and not NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]):
        return bool(NAME.fullmatch(host))
    try:
        return bool(ip_address(host)) and "%" not in host
    except ValueError:
        return False


def _invalid(message_id: str, detail: str) -> AddressInvalid:
    """The error, with passwords kept out of the log."""
    return AddressInvalid(message_id, detail=USER.sub("//…@", detail[:MAX_LENGTH]))


# --- connecting -------------------------------------------------------------------------------------------------------


class CheckedConnector(Connector):
    """Checks every answer of the look-up and connects to those very answers; raises FetchError where that fails."""

    def __init__(self, deadline: Deadline, allowed_networks: tuple[Network, ...]) -> None:
        super().__init__(deadline)
        self._allowed_networks = allowed_networks

    def connect(self, host: str, port: int) -> socket.socket:
        with _fetch_errors():
            return super().connect(host, port)

    def candidates(self, host: str, port: int) -> list[Candidate]:
        """The answers of the look-up; raise FetchError if one of them may not be asked, or if there is none."""
        with _fetch_errors():
            answers = super().candidates(host, port)
        for _, place in answers:
            if not may_be_asked(place[0], port, self._allowed_networks):
                raise FetchError(
                    "photo_unreachable", detail=f"{host} is {place[0]}, which may not be asked on port {port}"
                )
        return answers


@contextmanager
def _fetch_errors() -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        raise FetchError("photo_unreachable", detail=str(exc)) from exc
