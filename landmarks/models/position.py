"""The position of a result in the history: one increasing number."""

from datetime import UTC, datetime, timedelta
from itertools import count
from os import getpid
from secrets import randbelow
from typing import Any

from django.db import models

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
TIES = 2**20
"""Places within one millisecond."""
turns = count(randbelow(TIES))


def first_place(moment: datetime) -> int:
    """Where what was made at that moment begins in the history."""
    return (moment - EPOCH) // MILLISECOND * TIES


def next_turn() -> int:
    """Another one each time, also in other processes, be they forks of one."""
    return (next(turns) + getpid() * 7919) % TIES


class PlaceField(models.BigIntegerField):  # type: ignore[type-arg]
    """The place in the history, after the moment `created`: one number, by which pages, filters and words go on."""

    def pre_save(self, model_instance: models.Model, add: bool) -> int:
        result: Any = model_instance
        first = first_place(result.created)
        if result.place is None or result.place // TIES * TIES != first:
            result.place = first + next_turn()
        return int(result.place)
