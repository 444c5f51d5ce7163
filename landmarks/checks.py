"""Start-up checks: one for each setting that can be wrong, with an id and a hint."""

import os
import re
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from landmarks.access.rate_limits import parse_rate
from landmarks.core.errors import AddressInvalid
from landmarks.engines.acedata.redaction import can_be_sent
from landmarks.engines.registry import ENGINES
from landmarks.net.ssrf_guard import faults_of_network, is_public, parse_address

HISTORIES = ("private", "shared")
PILLOW_LIMIT = 178_956_970
"""Twice Pillow's MAX_IMAGE_PIXELS, beyond which it takes every picture for a decompression bomb."""
LIMITS = {"MAX_UPLOAD_MB": "landmarks.E003", "MAX_PIXELS": "landmarks.E004", "MAX_FACES": "landmarks.E005"}
DATABASE_TIMEOUTS = ("DATABASE_CONNECT_TIMEOUT", "DATABASE_LOCK_TIMEOUT", "DATABASE_STATEMENT_TIMEOUT")
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

PLAIN_PATH = re.compile(r"(?:/[A-Za-z0-9_-]+)*/?")


def engine_is_known(app_configs: Any, **options: Any) -> list[CheckMessage]:
    return _is_one_of("ENGINE", ("auto", *ENGINES), "landmarks.E001")


def history_is_known(app_configs: Any, **options: Any) -> list[CheckMessage]:
    return _is_one_of("HISTORY", HISTORIES, "landmarks.E002")


def limits_are_positive(app_configs: Any, **options: Any) -> list[CheckMessage]:
    return [
        Error(
            f"{name} is {getattr(settings, name)}, so no photo could be analyzed.",
            hint=f"Set {name} to a whole number above 0, or leave it out for the default.",
            id=id,
        )
        for name, id in LIMITS.items()
        if getattr(settings, name) < 1
    ]


def storage_limits_are_sizes(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """MAX_STORED_MB is None for off."""
    errors = []
    if settings.MAX_STORED_MB is not None and settings.MAX_STORED_MB < 1:
        hint = "Set MAX_STORED_MB to a whole number above 0, or to off for no limit."
        message = f"MAX_STORED_MB is {settings.MAX_STORED_MB}, so no photo could be stored."
        errors.append(Error(message, hint=hint, id="landmarks.E014"))
    if settings.MIN_FREE_MB < 0:
        message = f"MIN_FREE_MB is {settings.MIN_FREE_MB}, which is no amount of disk space."
        errors.append(Error(message, hint="Set MIN_FREE_MB to 0 or more.", id="landmarks.E015"))
    return list(errors)


def pixels_can_be_read(app_configs: Any, **options: Any) -> list[CheckMessage]:
    if settings.MAX_PIXELS <= PILLOW_LIMIT:
        return []
    return [
        Error(
            f"MAX_PIXELS is {settings.MAX_PIXELS}, but photos of more than {PILLOW_LIMIT} pixels are not opened.",
            hint=f"Set MAX_PIXELS to at most {PILLOW_LIMIT}.",
            id="landmarks.E006",
        )
    ]


def hosts_are_names(app_configs: Any, **options: Any) -> list[CheckMessage]:
    return [
        Error(
            f"ALLOWED_HOSTS names {host!r}, which is not a host.",
            hint="Name hosts without scheme, port and path: photos.example.org, or an IP address.",
            id="landmarks.E007",
        )
        for host in settings.ALLOWED_HOSTS
        if "/" in host
    ]


def data_folder_is_writable(app_configs: Any, **options: Any) -> list[CheckMessage]:
    if _can_write(settings.DATA_DIR):
        return []
    return [
        Warning(
            f"The data folder {settings.DATA_DIR} cannot be written.",
            hint="Give this user the right to write there, or set DATA_DIR to a folder where it may.",
            id="landmarks.W001",
        )
    ]


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


def user_agent_can_be_sent(app_configs: Any, **options: Any) -> list[CheckMessage]:
    text = settings.FETCH_USER_AGENT
    if text.isascii() and text.isprintable():
        return []
    return [
        Error(
            f"FETCH_USER_AGENT is {text!r}, which has line breaks or letters beyond ASCII.",
            hint="Set it to something like: facesite/1.0 (https://photos.example.org; photos@example.org).",
            id="landmarks.E021",
        )
    ]


def rate_is_one(app_configs: Any, **options: Any) -> list[CheckMessage]:
    try:
        parse_rate(settings.API_RATE)
    except ValueError:
        return [
            Error(
                f"API_RATE is {settings.API_RATE!r}, which is not a rate.",
                hint="Set it to a number, a slash and s, min, hour or day, such as 60/min, or to off for no limit.",
                id="landmarks.E012",
            )
        ]
    return []


def proxies_are_few(app_configs: Any, **options: Any) -> list[CheckMessage]:
    everybody = [network for network in settings.TRUSTED_PROXIES if not network.prefixlen]
    return [
        Error(
            f"TRUSTED_PROXIES names {network}, so that everybody could pretend to have any address.",
            hint="Name the addresses of your own proxies alone, such as 127.0.0.1 or 10.0.0.0/8.",
            id="landmarks.E013",
        )
        for network in everybody
    ]


def script_name_is_a_path(app_configs: Any, **options: Any) -> list[CheckMessage]:
    name = settings.FORCE_SCRIPT_NAME
    if not name or (name.startswith("/") and PLAIN_PATH.fullmatch(name)):
        return []
    return [
        Error(
            f"FORCE_SCRIPT_NAME is {name!r}, which is not a path of plain letters, digits and dashes.",
            hint="Set it to the path of the site, such as /faces, or leave it out for a site with a host of its own.",
            id="landmarks.E020",
        )
    ]


def database_timeouts_are_positive(app_configs: Any, **options: Any) -> list[CheckMessage]:
    return [
        Error(
            f"{name} is {getattr(settings, name)}, so the database could never be used.",
            hint=f"Set {name} to a whole number of seconds above 0, or leave it out for the default.",
            id="landmarks.E017",
        )
        for name in DATABASE_TIMEOUTS
        if getattr(settings, name) < 1
    ]


def fetched_networks_are_private(app_configs: Any, **options: Any) -> list[CheckMessage]:
    return [
        Warning(
            f"FETCH_ALLOW_NETWORKS contains {network}, which includes {fault}.",
            hint="Name only the private networks that photos come from, as small as possible, such as 10.20.0.0/16. "
            "Whoever may submit an address reaches every port there.",
            id="landmarks.W004",
        )
        for network in settings.FETCH_ALLOW_NETWORKS
        for fault in faults_of_network(network)
    ]


ALL = (
    engine_is_known,
    history_is_known,
    limits_are_positive,
    storage_limits_are_sizes,
    pixels_can_be_read,
    hosts_are_names,
    data_folder_is_writable,
    hosted_engine_has_a_token,
    tokens_can_be_sent,
    hosted_addresses_are_bases,
    public_url_is_public,
    public_url_is_private_on_the_way,
    platform_token_is_used,
    user_agent_can_be_sent,
    rate_is_one,
    proxies_are_few,
    script_name_is_a_path,
    database_timeouts_are_positive,
    fetched_networks_are_private,
)


def _is_one_of(name: str, known: tuple[str, ...], id: str) -> list[CheckMessage]:
    value = getattr(settings, name)
    if value in known:
        return []
    return [Error(f"{name} is {value!r}, which does not exist.", hint=f"Set it to one of: {', '.join(known)}.", id=id)]


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


def _can_write(folder: Path) -> bool:
    """Whether the folder, or the nearest one above it in which it would be made, may be written to."""
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    return nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)
