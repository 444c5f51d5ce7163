"""Protection against SSRF: which addresses a photo may be fetched from, checked on every connection."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, collapse_addresses, ip_address, ip_network
from urllib.parse import urlsplit

import requests

from landmarks.core.errors import AddressInvalid, FetchError
from landmarks.net.addresses import ADDRESS, readable_host, target, trimmed
from landmarks.net.transport import Connector, Deadline, Endpoint

Network = IPv4Network | IPv6Network

# --- IP addresses ----------------------------------------------------------------------------------------------------

WEB_PORTS = {"http": 80, "https": 443}

# The IANA special-purpose address registries (RFC 6890 and its updates) as of 2026, and the services of clouds.
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
LOOPBACK = tuple(map(ip_network, ("0.0.0.0/8", "127.0.0.0/8", "::/127")))
METADATA = tuple(
    ip_network(network)
    for network in ("169.254.0.0/16", "fe80::/10", "100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32")
)
"""Where clouds tell their machines secrets: link-local addresses, and those of Alibaba, Azure and Oracle."""
GLOBAL_UNICAST = IPv6Network("2000::/3")
"""All of IPv6 that IANA has allocated. Outside are loopback, mapped and NAT64 forms, and every local range."""


def is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address) and address not in GLOBAL_UNICAST:
        return False
    return not any(address in network for network in NOT_PUBLIC)


def is_allowed(ip: str, port: int, allowed_networks: tuple[Network, ...]) -> bool:
    """Whether a photo may be fetched from here: a public address on a web port, or any port in the networks."""
    address = ip_address(ip)
    return is_public_endpoint(ip, port) or any(address in network for network in allowed_networks)


def is_public_endpoint(ip: str, port: int) -> bool:
    """Whether everybody on the internet could fetch a photo from here."""
    return port in WEB_PORTS.values() and is_public(ip_address(ip))


def faults_of_network(network: Network) -> Iterator[str]:
    """What a network includes that should not be allowed, each as the end of a sentence."""
    if not network.prefixlen:
        yield "every address"
        return
    if _has_public_addresses(network):
        yield "public addresses, which need no permission on the ports 80 and 443"
    if any(_overlap(network, other) for other in METADATA):
        yield "addresses at which clouds tell their machines secrets, such as 169.254.169.254"
    if any(_overlap(network, other) for other in LOOPBACK):
        yield "this machine itself (loopback), with everything that listens only there"


def _has_public_addresses(network: Network) -> bool:
    if isinstance(network, IPv6Network):
        local = collapse_addresses(each for each in NOT_PUBLIC if isinstance(each, IPv6Network))
        return network.overlaps(GLOBAL_UNICAST) and not any(network.subnet_of(each) for each in local)
    ranges = collapse_addresses(each for each in NOT_PUBLIC if isinstance(each, IPv4Network))
    return not any(network.subnet_of(each) for each in ranges)


def _overlap(one: Network, other: Network) -> bool:
    return one.version == other.version and one.overlaps(other)


class CheckedConnector(Connector):
    """Checks every result of the lookup and connects to those very results; raises FetchError if that fails."""

    def __init__(self, deadline: Deadline, allowed_networks: tuple[Network, ...]) -> None:
        super().__init__(deadline)
        self._allowed_networks = allowed_networks
        self.is_public = True
        """Whether all hosts so far were public; False if one was allowed by the networks only."""

    def connect(self, host: str, port: int) -> socket.socket:
        with _fetch_errors():
            return super().connect(host, port)

    def resolve(self, host: str, port: int) -> list[Endpoint]:
        """The endpoints of a host; raise FetchError if one of them is not allowed, or if there is none."""
        with _fetch_errors():
            endpoints = super().resolve(host, port)
        for _, address in endpoints:
            if not is_allowed(address[0], port, self._allowed_networks):
                detail = f"{host} is {address[0]}, which is not allowed on port {port}"
                raise FetchError("photo_unreachable", detail=detail)
            self.is_public &= is_public_endpoint(address[0], port)
        return endpoints


@contextmanager
def _fetch_errors() -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        raise FetchError("photo_unreachable", detail=str(exc)) from exc


# --- web addresses ---------------------------------------------------------------------------------------------------

MAX_LENGTH = 4096
"""Characters of an address."""

AMBIGUOUS = re.compile(r"[\x00-\x1f\x7f\\]")
"""Control characters and backslashes: programs disagree about what an address with one of them means."""
CREDENTIALS = re.compile("//[^@]*@")

LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
NAME = re.compile(rf"(?=.{{1,253}}\.?$){LABEL}(?:\.{LABEL})*\.?", re.IGNORECASE)
NUMBER = re.compile(r"(?:\d+|0x[0-9a-f]*)\.?", re.IGNORECASE)


@dataclass(frozen=True)
class WebAddress:
    """A web address that has one meaning only, exactly as it is requested."""

    url: str
    host: str
    """A name or an IP address in ASCII, without brackets."""
    port: int

    @property
    def origin(self) -> str:
        """Scheme, host and port, without a stroke at the end."""
        return "/".join(self.url.split("/", 3)[:3])

    @property
    def target(self) -> str:
        """What is requested of the host: path and query, byte for byte."""
        return self.url.removeprefix(self.origin)


def parse_address(text: str) -> WebAddress:
    """Read what a person typed or a server sent; raise AddressInvalid unless it is plain http or https.

    requests itself normalises the host (RFC 3986, UTS 46), so that what is checked is what will be requested. The rest
    is requested as it is.
    """
    text = trimmed(text)
    if len(text) > MAX_LENGTH:
        raise _invalid("address_too_long", f"{len(text)} characters")
    parts = ADDRESS.match(text)
    if AMBIGUOUS.search(text) or not parts or not parts["authority"]:
        raise _invalid("address_not_web", text)
    if "@" in parts["authority"]:
        raise _invalid("address_has_credentials", text)
    try:
        request = requests.PreparedRequest()
        request.prepare_url(f"{parts['scheme'].lower()}://{readable_host(parts['authority'])}/", None)
        origin = str(request.url).removesuffix("/")
        split = urlsplit(origin)
        host, port = split.hostname or "", split.port
        has_port_zero = urlsplit(text).port == 0  # requests leaves it out
    except (requests.RequestException, ValueError) as exc:
        raise _invalid("address_malformed", str(exc)) from exc
    if "@" in split.netloc:
        raise _invalid("address_has_credentials", text)
    if not _is_host(host) or has_port_zero:
        raise _invalid("address_malformed", f"host {host!r}")
    path = target(parts["path"], parts["query"] or "")
    return WebAddress(origin + path, host, port or WEB_PORTS[split.scheme])


def _is_host(host: str) -> bool:
    """A name, or an IP address in its one full spelling: the resolver must not interpret what ends in a number."""
    if ":" not in host and not NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]):
        return bool(NAME.fullmatch(host))
    try:
        return bool(ip_address(host)) and "%" not in host
    except ValueError:
        return False


def _invalid(message_id: str, detail: str) -> AddressInvalid:
    """The error, with passwords kept out of the log."""
    return AddressInvalid(message_id, detail=CREDENTIALS.sub("//…@", detail[:MAX_LENGTH]))
