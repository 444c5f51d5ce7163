"""The engines, and what is known about each before its module is imported.

A new engine is a module with a class that follows `base.Engine`, and a row here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from landmarks.core.errors import EngineUnavailable
from landmarks.engines.base import Engine


@dataclass(frozen=True)
class EngineSpec:
    """An engine: its class, its name for users, and the settings that it needs."""

    path: str
    """Of the class, which is imported when first used."""
    label: str
    is_hosted: bool = False
    """Whether photos leave this machine."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Arguments of the class, and the setting that each gets its value from."""
    required: tuple[str, ...] = ()
    """Settings without which the engine cannot run."""
    unavailable: str = ""
    """The message (`core.messages`) that says so."""
    upload_settings: tuple[str, ...] = ()
    """For a hosted engine that takes URLs only: settings of which one is needed for photos sent as files. The first
    that is set counts."""
    publish_setting: str = ""
    """The one of them with which this site publishes photos: the class gets the argument `publish` if it is set."""


ENGINES = {
    "local": EngineSpec(
        "landmarks.engines.local.engine.LocalEngine",
        label="Embedded engine",
        settings={"models_dir": "MODELS_DIR"},
    ),
    "acedata": EngineSpec(
        "landmarks.engines.acedata.engine.AcedataEngine",
        label="Ace Data Cloud",
        is_hosted=True,
        settings={
            "api_url": "ACEDATA_API_URL",
            "token": "ACEDATA_API_TOKEN",
            "platform_url": "ACEDATA_PLATFORM_URL",
            "platform_token": "ACEDATA_PLATFORM_TOKEN",
        },
        required=("ACEDATA_API_TOKEN",),
        unavailable="hosted_token_unset",
        upload_settings=("ACEDATA_PLATFORM_TOKEN", "PUBLIC_URL"),
        publish_setting="PUBLIC_URL",
    ),
}


def engine_spec(name: str) -> EngineSpec:
    """Raises EngineUnavailable for an unknown name."""
    if name not in ENGINES:
        raise EngineUnavailable("engine_unknown", name=name, engines=", ".join(ENGINES))
    return ENGINES[name]


def load_engine(name: str, **arguments: Any) -> Engine:
    """Import and make the engine of that name; raise EngineUnavailable for an unknown one."""
    module, _, attribute = engine_spec(name).path.rpartition(".")
    engine_class: type[Engine] = getattr(import_module(module), attribute)
    return engine_class(**arguments)
