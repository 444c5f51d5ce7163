"""For whom this thread works, and how long that one may still wait for its turn."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

PATIENCE = 20.0
"""Seconds that a photo may wait for all its slots and for the database together. Clients and proxies usually give up
after 30 to 60."""
LEFT_FOR_DATABASE = 2.5
"""Of these, which no slot is waited for: who gets the last one must still be able to store something."""
FOR_REJECTION = 1.5
"""Of these, for giving up a database that hangs, and the answer."""


@dataclass
class Caller:
    """One client: slots are given to clients in turn."""

    client: str = ""
    """Whatever identifies it; empty for commands and whatever else the site does by itself."""
    patience: float = PATIENCE
    """Seconds that it may still wait. What was waited for one slot, or the database, is missing at the next."""

    @property
    def patience_for_slots(self) -> float:
        return self.patience - LEFT_FOR_DATABASE

    @property
    def patience_for_database(self) -> float:
        return self.patience - FOR_REJECTION


_current: ContextVar[Caller | None] = ContextVar("caller", default=None)


def current() -> Caller:
    """Outside of a request every wait is the first one."""
    return _current.get() or Caller()


@contextmanager
def working_for(client: str, patience: float = PATIENCE) -> Iterator[None]:
    """Within this block, this thread works for that client."""
    token = _current.set(Caller(client, patience))
    try:
        yield
    finally:
        _current.reset(token)


def identify(client: str) -> None:
    """The client is known better by now."""
    current().client = client


def renew_patience() -> None:
    """For a further photo of the same request, which may wait as long as the first one."""
    current().patience = PATIENCE
