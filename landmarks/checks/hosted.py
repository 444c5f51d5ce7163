"""Checks of the hosted engine: tokens, addresses, and the way on which photos reach it."""

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from landmarks.checks.site import PLAIN_PATH
from landmarks.core.errors import AddressInvalid
from landmarks.engines.acedata.redaction import can_be_sent
from landmarks.net.ssrf_guard import is_public, parse_address

TOKENS = ("ACEDATA_API_TOKEN", "ACEDATA_PLATFORM_TOKEN")
HOSTED_BASES = {
    "ACEDATA_API_URL": "https://api.acedata.cloud",
    "ACEDATA_PLATFORM_URL": "https://platform.acedata.cloud",
}
INNER_DOMAINS = (
    *("localhost", "localdomain", "local", "internal", "intranet", "private", "corp", "home", "lan", "home.arpa"),
    *("test", "invalid", "onion"),
)
"""Domains that mean something else, or nothing, on another network."""


def hosted_engine_has_a_token(app_configs: Any, **options: Any) -> list[CheckMessage]:
    if settings.ENGINE != "acedata" or settings.ACEDATA_API_TOKEN:
        return []
    return [
        Error(
            "ENGINE is 'acedata', but ACEDATA_API_TOKEN is empty.",
            hint="Set ACEDATA_API_TOKEN to the token of your application at Ace Data Cloud, or ENGINE to local.",
            id="landmarks.E008",
        )
    ]


def tokens_can_be_sent(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """The message names the setting, never its value."""
    return [
        Error(
            f"{name} contains characters that no token has: spaces, line breaks or letters beyond ASCII.",
            hint=f"Copy the token into {name} again, alone and whole.",
            id="landmarks.E009",
        )
        for name in TOKENS
        if (token := getattr(settings, name)) and not can_be_sent(token)
    ]


def hosted_addresses_are_bases(app_configs: Any, **options: Any) -> list[CheckMessage]:
    faults = {name: _fault_of_base(getattr(settings, name)) for name in HOSTED_BASES}
    return [
        Error(
            f"{name} {fault}.",
            hint=f"Set {name} to something like {HOSTED_BASES[name]}, or leave it out for that default.",
            id="landmarks.E010",
        )
        for name, fault in faults.items()
        if fault
    ]


def public_url_is_public(app_configs: Any, **options: Any) -> list[CheckMessage]:
    fault = _fault_of_public_url(settings.PUBLIC_URL) if settings.PUBLIC_URL else ""
    if not fault:
        return []
    return [
        Error(
            f"PUBLIC_URL {fault}.",
            hint="Set PUBLIC_URL to the address by which the internet reaches this site, like "
            "https://photos.example.org, or leave it out where the site is not reached from there.",
            id="landmarks.E011",
        )
    ]


def public_url_is_private_on_the_way(app_configs: Any, **options: Any) -> list[CheckMessage]:
    if not settings.PUBLIC_URL.lower().startswith("http://"):
        return []
    return [
        Warning(
            "PUBLIC_URL begins with http://, so photos would travel unencrypted to the hosted engine.",
            hint="Put a proxy that speaks HTTPS in front, and set PUBLIC_URL to an address with https://.",
            id="landmarks.W002",
        )
    ]


def platform_token_is_used(app_configs: Any, **options: Any) -> list[CheckMessage]:
    if not settings.ACEDATA_PLATFORM_TOKEN or settings.ACEDATA_API_TOKEN:
        return []
    return [
        Warning(
            "ACEDATA_PLATFORM_TOKEN is set without ACEDATA_API_TOKEN, so the hosted engine cannot be used.",
            hint="Set ACEDATA_API_TOKEN, too: the platform's token only uploads photos.",
            id="landmarks.W003",
        )
    ]


def _fault_of_base(url: str) -> str:
    """What is wrong with the URL of a hosted service, as the end of a sentence; empty if nothing is."""
    fault = _fault_of_address(url)
    if fault:
        return fault
    if urlsplit(url).path not in ("", "/"):
        return "has a path after the host, which facesite adds itself"
    if not url.lower().startswith("https://") and not _is_loopback(parse_address(url).host):
        return "does not begin with https://, so the token would travel unencrypted"
    return ""


def _fault_of_public_url(url: str) -> str:
    fault = _fault_of_address(url)
    if fault:
        return fault
    if not PLAIN_PATH.fullmatch(urlsplit(url).path):
        return "has a path that is not plain letters, digits and dashes between slashes"
    host = parse_address(url).host.rstrip(".")
    try:
        return "" if is_public(ip_address(host)) else "is an address that the internet cannot reach"
    except ValueError:
        is_inner = "." not in host or host.endswith(tuple(f".{domain}" for domain in INNER_DOMAINS))
    return "is a name that means nothing to the internet" if is_inner else ""


def _fault_of_address(url: str) -> str:
    """Never quotes the URL, which may contain a password."""
    if "@" in url:
        return "contains a user name or a password"
    try:
        parse_address(url)
    except AddressInvalid:
        return "is not an http or https URL"
    if "%" in urlsplit(url).netloc:
        return "has a % in its host, which means something else to every program"
    if not url.isascii():
        return "has letters beyond ASCII; write the host as its xn-- form"
    if "?" in url or "#" in url:
        return "has something after ? or #"
    return ""


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
