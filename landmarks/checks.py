"""Start-up checks: one for each setting that can be wrong, with an id and a hint."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from landmarks.engines import ENGINES

HISTORIES = ("private", "shared")
PILLOW_LIMIT = 178_956_970
"""Twice Pillow's MAX_IMAGE_PIXELS, beyond which it takes every picture for a decompression bomb."""
LIMITS = {"MAX_UPLOAD_MB": "landmarks.E003", "MAX_PIXELS": "landmarks.E004", "MAX_FACES": "landmarks.E005"}


def engine_is_known(app_configs: Any, **options: Any) -> list[CheckMessage]:
    return _is_one_of("ENGINE", ("auto", *ENGINES), "landmarks.E001")


def history_is_known(app_configs: Any, **options: Any) -> list[CheckMessage]:
    return _is_one_of("HISTORY", HISTORIES, "landmarks.E002")


def limits_are_positive(app_configs: Any, **options: Any) -> list[CheckMessage]:
    return [
        Error(
            f"{name} is {getattr(settings, name)}, so nothing would be taken or told.",
            hint=f"Set {name} to a whole number above 0, or leave it out for the default.",
            id=id,
        )
        for name, id in LIMITS.items()
        if getattr(settings, name) < 1
    ]


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
            f"ALLOWED_HOSTS names {host!r}, which no request can ask for.",
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
            f"Nothing can be kept in the data folder {settings.DATA_DIR}.",
            hint="Give this user the right to write there, or set DATA_DIR to a folder where it may.",
            id="landmarks.W001",
        )
    ]


ALL = (
    engine_is_known,
    history_is_known,
    limits_are_positive,
    pixels_can_be_read,
    hosts_are_names,
    data_folder_is_writable,
)


def _is_one_of(name: str, known: tuple[str, ...], id: str) -> list[CheckMessage]:
    value = getattr(settings, name)
    if value in known:
        return []
    return [Error(f"{name} is {value!r}, which does not exist.", hint=f"Set it to one of: {', '.join(known)}.", id=id)]


def _can_write(folder: Path) -> bool:
    """Whether the folder, or the nearest one above it in which it would be made, may be written to."""
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    return nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)
