"""Results that someone selected, some by their ids or all that match the filters, and how they are deleted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from django.utils import timezone

from landmarks.access import visibility
from landmarks.models import Owner, ResultQuerySet
from landmarks.storage import deletion, search
from landmarks.storage.errors import storage_errors
from landmarks.storage.search import Filters

BATCH = 500
"""Results hidden in one transaction, so that others can write in between."""
STEP_SECONDS = 1.0
"""Between two reports of the progress."""


def all_that_match(owner: Owner | None, filters: Filters, newest: int) -> ResultQuerySet:
    """Of what the owner sees, up to the position that was the newest when they were selected."""
    visible = visibility.visible_results(owner)
    searched = None if visibility.is_history_shared() else owner
    return search.all_matches(visible, searched, filters, newest)


@dataclass(frozen=True)
class Progress:
    """How far a deletion is; all of it has the same moment, by which it is undone."""

    moment: datetime
    count: int
    is_finished: bool


def delete_in_steps(results: ResultQuerySet, owner: Owner | None, began: datetime | None = None) -> Iterator[Progress]:
    """Hide the results that the owner selected; `began` is the moment of the last step, if this goes on with one.

    Each step renews the moment of those before, so that all of them can be undone for as long. Raises StorageError.
    """
    visible, is_finished = visibility.visible_results_with_deleted(owner), False
    while not is_finished:
        now = timezone.now()
        count = deletion.renew(visible.filter(deleted=began), now) if began else 0
        hidden, is_finished = hide_some(results, visible, now)
        began = now
        yield Progress(now, count + hidden, is_finished)


def hide_some(results: ResultQuerySet, visible: ResultQuerySet, now: datetime) -> tuple[int, bool]:
    """Hide batches of the results for one step: how many, and whether none is left."""
    end, count = monotonic() + STEP_SECONDS, 0
    while True:
        with storage_errors():
            ids = list(results.newest_first().values_list("pk", flat=True)[:BATCH])
        count += deletion.mark_deleted(visible.filter(pk__in=ids), now)
        if len(ids) < BATCH:
            return count, True
        if monotonic() >= end:
            return count, False
