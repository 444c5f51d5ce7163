"""Which engines can be chosen here, and the one of each name in this process."""

import threading
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from landmarks.core.errors import EngineUnavailable
from landmarks.engines.base import Engine
from landmarks.engines.registry import engine_class, load_engine
from landmarks.services.publishing import publish

EMBEDDED, HOSTED = "local", "acedata"


def default_engine() -> str:
    """The engine that runs when nobody chooses another."""
    if settings.ENGINE != "auto":
        return str(settings.ENGINE)
    return HOSTED if settings.ACEDATA_API_TOKEN else EMBEDDED


def engine_names() -> tuple[str, ...]:
    """The engines that can be chosen here."""
    is_offered = settings.ACEDATA_API_TOKEN or settings.ENGINE == HOSTED
    return (EMBEDDED, HOSTED) if is_offered else (EMBEDDED,)


def engine(name: str) -> Engine:
    """The one engine of that name in this process; raise EngineUnavailable when it cannot run here."""
    if name == EMBEDDED:
        return made(name, models_dir=Path(settings.MODELS_DIR))
    if engine_class(name).is_hosted and not settings.ACEDATA_API_TOKEN:
        raise EngineUnavailable("hosted_token_unset")
    return made(
        name,
        api_url=settings.ACEDATA_API_URL,
        token=settings.ACEDATA_API_TOKEN,
        platform_url=settings.ACEDATA_PLATFORM_URL,
        platform_token=settings.ACEDATA_PLATFORM_TOKEN,
        publish=publish if settings.PUBLIC_URL else None,
    )


def made(name: str, **arguments: Any) -> Engine:
    """One engine for each set of arguments: other settings make another."""
    with making:  # a cache alone would make two for threads that first ask at once
        return made_once(name, **arguments)


made_once = cache(load_engine)
making = threading.Lock()


def engine_label(name: str) -> str:
    """Also of an engine that cannot be chosen here: old results name it."""
    return engine_class(name).label


def is_hosted(name: str) -> bool:
    """Whether the engine sends the photo to somebody else."""
    return engine_class(name).is_hosted


def can_hand_over() -> bool:
    """Whether a photo that was sent as a file can reach the hosted engine."""
    return bool(settings.ACEDATA_PLATFORM_TOKEN or settings.PUBLIC_URL)


def publishes() -> bool:
    """Whether such a photo is fetched from this very site, which must have a thread to give it."""
    return bool(settings.ACEDATA_API_TOKEN and settings.PUBLIC_URL and not settings.ACEDATA_PLATFORM_TOKEN)


def engine_ready(name: str = "") -> bool:
    """Whether that engine, or the default one, could look at a photo right now; asks nobody."""
    try:
        return engine(name or default_engine()).is_ready()
    except EngineUnavailable:
        return False
