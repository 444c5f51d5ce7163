"""Whether the tokens for Ace Data Cloud work: asked now for a command, or seldom enough for a page of visitors."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.conf import settings
from django.utils import timezone

from landmarks.access.rate_limits import Rate, claim
from landmarks.core.errors import RateExceeded, StorageError
from landmarks.engines.acedata.token_check import TokenCheck, check_tokens
from landmarks.runtime.periods import is_over

KNOWN = timedelta(minutes=10)
"""How long an answer is shown without asking again."""
RATE = Rate(12, "hour")
"""Of all processes together, also when they are restarted; each may make four requests."""


@dataclass(frozen=True)
class Answer:
    """What was found, and when."""

    checks: tuple[TokenCheck, ...]
    moment: datetime

    @property
    def is_old(self) -> bool:
        return is_over(self.moment, KNOWN, timezone.now())


class Memory:
    """The last answer for one set of settings; one thread asks at a time."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.answer: Answer | None = None


def is_any_set() -> bool:
    return bool(settings.ACEDATA_API_TOKEN or settings.ACEDATA_PLATFORM_TOKEN)


def ask() -> Answer:
    """Ask the vendor now, which takes up to half a minute if it is slow."""
    return Answer(check_tokens(**_arguments()), timezone.now())


def recent() -> Answer | None:
    """The last answer, renewed after ten minutes if nobody else is doing that; None while there is none."""
    if not is_any_set():
        return Answer(check_tokens(**_arguments()), timezone.now())
    memory = _memory(**_arguments())
    if memory.answer and not memory.answer.is_old:
        return memory.answer
    if memory.lock.acquire(blocking=False):
        try:
            claim("check of the tokens", RATE)
            memory.answer = ask()
        except (RateExceeded, StorageError):
            return memory.answer
        finally:
            memory.lock.release()
    return memory.answer


def _arguments() -> dict[str, str]:
    return {
        "api_url": settings.ACEDATA_API_URL,
        "token": settings.ACEDATA_API_TOKEN,
        "platform_url": settings.ACEDATA_PLATFORM_URL,
        "platform_token": settings.ACEDATA_PLATFORM_TOKEN,
    }


@cache
def _memory(**arguments: str) -> Memory:
    """One for each set of settings, so that other tokens are asked for."""
    return Memory()
