"""The engines of this site: which are available, the default, and the one instance of each."""

import threading
from functools import cache
from typing import Any

from django.conf import settings

from landmarks.core.errors import EngineUnavailable, RequestInvalid
from landmarks.engines.base import Engine
from landmarks.engines.registry import ENGINES, EngineSpec, engine_spec, load_engine
from landmarks.services.publishing import publish

EMBEDDED = "local"
AUTO = "auto"


def default_engine() -> str:
    """The engine that runs if none is chosen: by `auto` one that is configured, else the embedded engine."""
    if settings.ENGINE != AUTO:
        return str(settings.ENGINE)
    return next((name for name, spec in ENGINES.items() if spec.required and _is_configured(spec)), EMBEDDED)


def engine_names() -> tuple[str, ...]:
    """The engines that can be chosen: those that are configured, and the one that is set."""
    return tuple(name for name, spec in ENGINES.items() if _is_configured(spec) or name == settings.ENGINE)


def engine(name: str) -> Engine:
    """The one engine of that name in this process; raise EngineUnavailable if it cannot run here."""
    spec = engine_spec(name)
    if not _is_configured(spec):
        raise EngineUnavailable(spec.unavailable)
    arguments = {argument: getattr(settings, setting) for argument, setting in spec.settings.items()}
    if spec.publish_setting:
        arguments["publish"] = publish if getattr(settings, spec.publish_setting) else None
    with _loading:  # a cache alone would make two for threads that come at the same time
        return _loaded(name, **arguments)


_loading = threading.Lock()


@cache
def _loaded(name: str, **arguments: Any) -> Engine:
    """One engine for each set of arguments, so that other settings make another."""
    return load_engine(name, **arguments)


def engine_label(name: str) -> str:
    """Its name for users, even if it cannot run here, since old results name it."""
    return engine_spec(name).label


def is_hosted(name: str) -> bool:
    """Whether the engine sends photos to a third party."""
    return engine_spec(name).is_hosted


def accepts_files(name: str) -> bool:
    """Whether the engine can process photos that were sent as files."""
    spec = engine_spec(name)
    return not spec.upload_settings or bool(_upload_setting(spec))


def require_files(name: str) -> None:
    """Raise RequestInvalid for an engine that cannot process files, before anything is stored or sent."""
    spec = engine_spec(name)
    # An engine that lacks its token says so itself.
    if _is_configured(spec) and not accepts_files(name):
        names = " or ".join(spec.upload_settings)
        raise RequestInvalid("engine_takes_no_files", engine=engine_label(name), settings=names)


def publishes_photos() -> bool:
    """Whether an engine fetches photos from this very site, which needs a thread to serve them."""
    return any(
        _is_configured(spec) and _upload_setting(spec) == spec.publish_setting
        for spec in ENGINES.values()
        if spec.publish_setting
    )


def engine_ready(name: str = "") -> bool:
    """Whether that engine, or the default one, could run now; contacts nobody."""
    try:
        return engine(name or default_engine()).is_ready()
    except EngineUnavailable:
        return False


def _is_configured(spec: EngineSpec) -> bool:
    return all(getattr(settings, name) for name in spec.required)


def _upload_setting(spec: EngineSpec) -> str:
    return next((name for name in spec.upload_settings if getattr(settings, name)), "")
