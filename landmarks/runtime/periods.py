"""Periods by the clock of the machine, which can be set back: what begins in the future is over."""

from datetime import datetime, timedelta

SLACK = timedelta(seconds=30)
"""How far the clocks of several machines may differ: what was begun by another one may begin that far ahead."""


def is_over(began: datetime, lasts: timedelta, now: datetime, slack: timedelta = SLACK) -> bool:
    """Whether the period has ended, or would begin so far ahead that the clock has been set back since it began."""
    return began <= now - lasts or began > now + slack
