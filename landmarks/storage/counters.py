"""Counts within a span of time, exact over threads and processes."""

import math

from django.db import connection
from django.utils.crypto import salted_hmac

from landmarks.models.rate_count import Tally

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


def sweep(now: float) -> None:
    """Row by row: statements that take several could wait for one another in a circle."""
    for key in list(Tally.objects.filter(ends__lte=now).order_by("ends").values_list("key", flat=True)[:SWEPT]):
        Tally.objects.filter(key=key, ends__lte=now).delete()


def hashed(key: str) -> str:
    """Keys are made of addresses, which are personal data and kept nowhere."""
    return salted_hmac("landmarks.access.rate_limits", key, algorithm="sha256").hexdigest()
