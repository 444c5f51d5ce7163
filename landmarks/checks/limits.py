"""Checks of how much may be sent, stored and waited for."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from landmarks.access.rate_limits import parse_rate

PILLOW_LIMIT = 178_956_970
"""Twice Pillow's MAX_IMAGE_PIXELS, beyond which it takes every picture for a decompression bomb."""
LIMITS = {"MAX_UPLOAD_MB": "landmarks.E003", "MAX_PIXELS": "landmarks.E004", "MAX_FACES": "landmarks.E005"}
DATABASE_TIMEOUTS = ("DATABASE_CONNECT_TIMEOUT", "DATABASE_LOCK_TIMEOUT", "DATABASE_STATEMENT_TIMEOUT")


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
