"""Checks of who runs jobs."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error

EXECUTORS = ("threads", "celery")
BROKERS = ("redis", "rediss", "amqp", "amqps")


def executor_is_known(app_configs: Any, **options: Any) -> list[CheckMessage]:
    if settings.TASKS in EXECUTORS:
        return []
    message = f"TASKS is {settings.TASKS!r}, which does not exist."
    return [Error(message, hint=f"Set it to one of: {', '.join(EXECUTORS)}.", id="landmarks.E023")]


def broker_is_known(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """The message does not quote the URL, which may contain a password."""
    if settings.TASKS != "celery" or _is_broker(settings.CELERY_BROKER_URL):
        return []
    return [
        Error(
            "CELERY_BROKER_URL is not the URL of a broker.",
            hint="Set it to something like redis://127.0.0.1:6379/0 or amqp://user:password@127.0.0.1:5672//.",
            id="landmarks.E024",
        )
    ]


def _is_broker(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in BROKERS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
