"""Checks of the site itself: its engine, history, names, folder and neighbours."""

import os
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from landmarks.engines.registry import ENGINES
from landmarks.net.ssrf_guard import faults_of_network

HISTORIES = ("private", "shared")
PLAIN_PATH = re.compile(r"(?:/[A-Za-z0-9_-]+)*/?")


def engine_is_known(app_configs: Any, **options: Any) -> list[CheckMessage]:
    return _is_one_of("ENGINE", ("auto", *ENGINES), "landmarks.E001")


def history_is_known(app_configs: Any, **options: Any) -> list[CheckMessage]:
    return _is_one_of("HISTORY", HISTORIES, "landmarks.E002")


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


def error_reports_have_an_address(app_configs: Any, **options: Any) -> list[CheckMessage]:
    if not settings.SENTRY_DSN:
        return []
    # Loaded only where it is used.
    from sentry_sdk.utils import BadDsn, Dsn

    try:
        Dsn(settings.SENTRY_DSN)
    except BadDsn:
        return [
            Error(
                "SENTRY_DSN is not the DSN of a project.",
                hint="Copy it from the project's settings in Sentry: https://KEY@HOST/NUMBER.",
                id="landmarks.E022",
            )
        ]
    return []


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


def _is_one_of(name: str, known: tuple[str, ...], id: str) -> list[CheckMessage]:
    value = getattr(settings, name)
    if value in known:
        return []
    return [Error(f"{name} is {value!r}, which does not exist.", hint=f"Set it to one of: {', '.join(known)}.", id=id)]


def _can_write(folder: Path) -> bool:
    """Whether the folder, or the nearest one above it in which it would be made, may be written to."""
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    return nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)
