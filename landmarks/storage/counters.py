"""Counts within a period, exact across threads and processes."""

import math

from django.db import connection
from django.db.models import Q
from django.utils.crypto import salted_hmac

from landmarks.models import RateCounter
from landmarks.runtime.periods import SLACK

COUNT = """
INSERT INTO {table} (key, count, expires) VALUES (%(key)s, 1, %(expires)s)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN {is_expired} THEN 1 ELSE {table}.count + 1 END,
    expires = CASE WHEN {is_expired} THEN %(expires)s ELSE {table}.expires END
WHERE {is_expired} OR {table}.count < %(limit)s
RETURNING count, expires
"""
IS_EXPIRED = "({table}.expires <= %(now)s OR {table}.expires > %(too_late)s)"
LONGEST = 86_400
"""Seconds of the longest period that is counted, a day."""
DELETED_AT_ONCE = 2
"""Expired counters deleted for each new one, so that their number cannot grow for ever."""


def count(key: str, limit: int, now: float, seconds: float) -> tuple[int, float] | None:
    """Count one more in the period of this many seconds; None, and not counted, beyond the limit.

    Returns the count and the end of the period in seconds since 1970.

    One statement, so that no two can take the last of what is allowed. A period that ends too far ahead was begun
    before the clock was set back, and counts as expired (see runtime/periods).
    """
    table = connection.ops.quote_name(RateCounter._meta.db_table)
    statement = COUNT.format(table=table, is_expired=IS_EXPIRED.format(table=table))
    values: dict[str, str | float] = {"key": key, "limit": limit, "now": now, "expires": now + seconds}
    values["too_late"] = now + seconds + SLACK.total_seconds()
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        counted: tuple[int, float] | None = next(iter(cursor.fetchall()), None)
    if counted and counted[0] == 1:
        delete_expired(now)
    return counted


def seconds_left(key: str, now: float) -> int:
    """Whole seconds until the period of this key ends, at least 1."""
    expires = RateCounter.objects.filter(key=key).values_list("expires", flat=True).first()
    return max(1, math.ceil((expires or now) - now))


def delete_expired(now: float) -> None:
    """Row by row: statements that delete several could deadlock."""
    is_expired = Q(expires__lte=now) | Q(expires__gt=now + LONGEST + SLACK.total_seconds())
    expired = RateCounter.objects.filter(is_expired).order_by("expires")
    for key in list(expired.values_list("key", flat=True)[:DELETED_AT_ONCE]):
        RateCounter.objects.filter(is_expired, key=key).delete()


def hashed(key: str) -> str:
    """Keys contain addresses, which are personal data and stored nowhere."""
    return salted_hmac("landmarks.access.rate_limits", key, algorithm="sha256").hexdigest()
