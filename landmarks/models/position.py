"""The position of a result in the history: one increasing number."""

from datetime import UTC, datetime, timedelta
from itertools import count
from os import getpid
from secrets import randbelow

from django.db import models

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
PER_MILLISECOND = 2**20
"""Positions within one millisecond."""
sequence = count(randbelow(PER_MILLISECOND))


def first_position(moment: datetime) -> int:
    """The lowest position of a result created at that moment."""
    return (moment - EPOCH) // MILLISECOND * PER_MILLISECOND


def next_in_sequence() -> int:
    """A different number each time, also in other processes, even forks of one."""
    return (next(sequence) + getpid() * 7919) % PER_MILLISECOND


class PositionField(models.BigIntegerField):  # type: ignore[type-arg]
    """A position in the order of `created`: the sort key and cursor of pages, filters and searches."""

    def pre_save(self, model_instance: models.Model, add: bool) -> int:
        first = first_position(model_instance.created)  # type: ignore[attr-defined]
        position = getattr(model_instance, self.attname)
        if position is None or position // PER_MILLISECOND * PER_MILLISECOND != first:
            position = first + next_in_sequence()
            setattr(model_instance, self.attname, position)
        return int(position)
