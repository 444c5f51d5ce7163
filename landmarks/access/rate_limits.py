"""How often a client or a token may do something."""

import math
import re
import time
from dataclasses import dataclass

from django.conf import settings

from landmarks.core.errors import RateExceeded
from landmarks.models import Token
from landmarks.storage.counters import count, hashed, seconds_left
from landmarks.storage.errors import storage_errors

OFF = "off"
UNITS = {"s": ("a second", 1), "min": ("a minute", 60), "hour": ("an hour", 3600), "day": ("a day", 86400)}
FORM = re.compile(r"([1-9][0-9]{0,8})/(s|min|hour|day)")


@dataclass(frozen=True)
class Rate:
    """So many in a period that begins with the first of them."""

    count: int
    unit: str

    @property
    def seconds(self) -> int:
        return UNITS[self.unit][1]

    def __str__(self) -> str:
        return f"{self.count} {UNITS[self.unit][0]}"


def parse_rate(text: str) -> Rate | None:
    """Read `60/min`; None for `off`, no limit. Raises ValueError."""
    if text == OFF:
        return None
    found = FORM.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is no rate")
    return Rate(int(found[1]), found[2])


@dataclass(frozen=True)
class Usage:
    """What is left of a rate."""

    limit: int
    remaining: int
    reset: int
    """Whole seconds until the limit is available again."""


def claim(key: str, rate: Rate) -> Usage:
    """Count one more for this key.

    Raises RateExceeded where that would be too many, and does not count it then, or StorageError.
    """
    now = time.time()
    with storage_errors():
        if counted := count(hashed(key), rate.count, now, rate.seconds):
            used, end = counted
            return Usage(rate.count, rate.count - used, max(1, math.ceil(end - now)))
        left = seconds_left(hashed(key), now)
    raise RateExceeded("rate_exceeded", limit=rate.count, period=rate.seconds, retry_after=left)


def count_request(token: Token) -> Usage | None:
    """Count one more request with this token; None if it has no limit. Raises RateExceeded or StorageError."""
    rate = parse_rate(token.rate or settings.API_RATE)
    return claim(f"token {token.pk}", rate) if rate else None
