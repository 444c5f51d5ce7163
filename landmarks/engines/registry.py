"""The engines there are, imported when first requested."""

from importlib import import_module
from typing import Any

from landmarks.core.errors import EngineUnavailable
from landmarks.engines.base import Engine

ENGINES = {
    "local": "landmarks.engines.local.engine.LocalEngine",
    "acedata": "landmarks.engines.acedata.engine.AcedataEngine",
}
"""Name of each engine and where its class lies; a class is imported when it is first asked for."""


def engine_class(name: str) -> type[Engine]:
    """The class of that engine, imported when it is first asked for; raise EngineUnavailable for an unknown name."""
    if name not in ENGINES:
        raise EngineUnavailable(f"There is no engine called {name!r}. Choose one of: {', '.join(ENGINES)}.")
    module, _, attribute = ENGINES[name].rpartition(".")
    found: type[Engine] = getattr(import_module(module), attribute)
    return found


def load_engine(name: str, **arguments: Any) -> Engine:
    """Make the engine of that name; raise EngineUnavailable for an unknown name."""
    return engine_class(name)(**arguments)
