"""Who sends a request and how much of it: the address behind the proxies that are trusted, held to API_RATE."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

from landmarks.access import rate_limits

Address = IPv4Address | IPv6Address

HOPS = 20
"""Proxies that are looked past; nobody has so many in earnest."""


def count_photo(request: HttpRequest) -> None:
    """One more that this client has looked at; raise RateExceeded, or StorageError."""
    if rate := rate_limits.parse_rate(settings.API_RATE):
        rate_limits.claim(f"client {client(request)}", rate)


def client(request: HttpRequest) -> str:
    """The nearest address that is no trusted proxy, or the network of an IPv6 customer, who has 2^64 addresses."""
    nearest = read_address(request.META.get("REMOTE_ADDR", ""))
    hops = request.headers.get("X-Forwarded-For", "").split(",")[-HOPS:]
    while nearest and hops and is_trusted(nearest):
        told = read_address(hops.pop())
        if told is None:
            break
        nearest = told
    if isinstance(nearest, IPv6Address):
        return str(IPv6Network((int(nearest) >> 64 << 64, 64)))
    return str(nearest)


def comes_from_a_trusted_proxy(request: HttpRequest) -> bool:
    nearest = read_address(request.META.get("REMOTE_ADDR", ""))
    return nearest is not None and is_trusted(nearest)


def is_trusted(address: Address) -> bool:
    return any(address in network for network in settings.TRUSTED_PROXIES)


def read_address(text: str) -> Address | None:
    """An address as proxies write it, some with brackets or a port; None where it is none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
