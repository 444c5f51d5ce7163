"""The address that a request comes from, behind the trusted proxies, and its rate limit."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

from landmarks.access import rate_limits

Address = IPv4Address | IPv6Address

HOPS = 20
"""Proxies that are followed at most; no real chain is longer."""


def count_photo(request: HttpRequest) -> None:
    """Count one more photo of this client against API_RATE. Raises RateExceeded or StorageError."""
    if rate := rate_limits.parse_rate(settings.API_RATE):
        rate_limits.claim(f"client {client(request)}", rate)


def client(request: HttpRequest) -> str:
    """The nearest address that is not a trusted proxy; of IPv6 its /64 network, since a customer has all of that."""
    nearest = read_address(request.META.get("REMOTE_ADDR", ""))
    hops = request.headers.get("X-Forwarded-For", "").split(",")[-HOPS:]
    while nearest and hops and is_trusted(nearest):
        hop = read_address(hops.pop())
        if hop is None:
            break
        nearest = hop
    if isinstance(nearest, IPv6Address):
        return str(IPv6Network((int(nearest) >> 64 << 64, 64)))
    return str(nearest)


def is_from_trusted_proxy(request: HttpRequest) -> bool:
    nearest = read_address(request.META.get("REMOTE_ADDR", ""))
    return nearest is not None and is_trusted(nearest)


def is_trusted(address: Address) -> bool:
    return any(address in network for network in settings.TRUSTED_PROXIES)


def read_address(text: str) -> Address | None:
    """An address as proxies write it, some with brackets or a port; None for anything else."""
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
