"""How often something may be done, and whether it is being done: counts that are exact over threads and processes."""

import math
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from django.db import connection
from django.utils.crypto import salted_hmac

from landmarks.errors import Busy, RateExceeded, StorageError
from landmarks.models import Tally
from landmarks.store import storage_errors

OFF = "off"
UNITS = {"s": ("a second", 1), "min": ("a minute", 60), "hour": ("an hour", 3600), "day": ("a day", 86400)}
FORM = re.compile(r"([1-9][0-9]{0,8})/(s|min|hour|day)")
COUNT = """
INSERT INTO {table} (key, count, ends) VALUES (%(key)s, 1, %(ends)s)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN {is_over} THEN 1 ELSE {table}.count + 1 END,
    ends = CASE WHEN {is_over} THEN %(ends)s ELSE {table}.ends END
WHERE {is_over} OR {table}.count < %(most)s
RETURNING count
"""
IS_OVER = "({table}.ends <= %(now)s OR {table}.ends > %(too_late)s)"
SWEPT = 2
"""Old rows that go whenever one may have come, so that their number cannot grow for ever."""


@dataclass(frozen=True)
class Rate:
    """So many within a time that begins with the first of them."""

    count: int
    unit: str

    @property
    def seconds(self) -> int:
        return UNITS[self.unit][1]

    def __str__(self) -> str:
        return f"{self.count} {UNITS[self.unit][0]}"


def parse_rate(text: str) -> Rate | None:
    """Read `60/min`; None for `off`, which is no bound. Raises ValueError."""
    if text == OFF:
        return None
    found = FORM.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is no rate")
    return Rate(int(found[1]), found[2])


def claim(key: str, rate: Rate) -> None:
    """Count one more for whoever has this key.

    Raises RateExceeded when that is too many, which is not counted then, or StorageError.
    """
    now = time.time()
    with storage_errors():
        if count(hashed(key), rate.count, now, rate.seconds):
            return
        left = seconds_left(hashed(key), now)
    raise RateExceeded(
        f"This is more than {rate}, which is as much as is taken from one sender. Try again in {in_words(left)}.",
        retry_after=left,
    )


@contextmanager
def alone(key: str, seconds: float, message: str) -> Iterator[None]:
    """Within this block nobody else is in one of this key, for so long at most.

    Raises Busy with the message, or StorageError.
    """
    now = time.time()
    with storage_errors():
        is_mine = count(hashed(key), 1, now, seconds)
    if not is_mine:
        raise Busy(message)
    try:
        yield
    finally:
        # What was done in the block stays done where this fails, and the time ends it as well.
        with suppress(StorageError), storage_errors():
            Tally.objects.filter(key=hashed(key), ends__lte=now + seconds).delete()


def count(key: str, most: int, now: float, seconds: float) -> bool:
    """Whether this one is within the bound: one statement, so that no two can take the last place.

    An end that lies too far ahead is that of a clock which was set back since.
    """
    table = connection.ops.quote_name(Tally._meta.db_table)
    statement = COUNT.format(table=table, is_over=IS_OVER.format(table=table))
    values: dict[str, str | float] = {"key": key, "most": most, "now": now, "ends": now + seconds}
    # Clocks of several machines differ a little.
    values["too_late"] = now + 2 * seconds
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        counted = cursor.fetchall()
    if counted and counted[0][0] == 1:
        sweep(now)
    return bool(counted)


def seconds_left(key: str, now: float) -> int:
    ends = Tally.objects.filter(key=key).values_list("ends", flat=True).first()
    return max(1, math.ceil((ends or now) - now))


def in_words(seconds: int) -> str:
    unit, size = next(each for each in (("hour", 3600), ("minute", 60), ("second", 1)) if seconds >= each[1])
    number = math.ceil(seconds / size)
    return f"{number} {unit}{'s' if number > 1 else ''}"


def sweep(now: float) -> None:
    """Row by row: statements that take several could wait for one another in a circle."""
    for key in list(Tally.objects.filter(ends__lte=now).order_by("ends").values_list("key", flat=True)[:SWEPT]):
        Tally.objects.filter(key=key, ends__lte=now).delete()


def hashed(key: str) -> str:
    """Keys are made of addresses, which are personal data and kept nowhere."""
    return salted_hmac("landmarks.rates", key, algorithm="sha256").hexdigest()
