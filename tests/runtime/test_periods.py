"""Periods end, also those of a clock that was set back."""

from datetime import timedelta

import pytest

from landmarks.runtime.periods import SLACK, is_over
from tests.rows import NOON

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("began", "expected"),
    [
        (NOON - 2 * MINUTE, True),
        (NOON - MINUTE, True),
        (NOON - MINUTE / 2, False),
        (NOON, False),
        (NOON + SLACK, False),
        (NOON + SLACK + timedelta(microseconds=1), True),
        (NOON + timedelta(days=3650), True),
    ],
)
def test_a_period_is_over_before_and_after(began, expected):
    assert is_over(began, MINUTE, NOON) is expected


def test_the_slack_can_be_larger():
    assert not is_over(NOON + MINUTE, MINUTE, NOON, slack=MINUTE)
    assert is_over(NOON + MINUTE, MINUTE, NOON)
