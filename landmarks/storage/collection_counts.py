"""How many photos of a collection are in each state, known without looking at each.

As with the bytes of an owner (storage/quota.py), the transaction that changes the state of a job changes a number in
the row of its collection. What is running is counted: there is never much of it. So a job changes its collection
twice, when it comes and when it is over, and not when it is claimed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db import connection, models
from django.db.models.functions import Coalesce

from landmarks.models import Collection, Job, JobStatus
from landmarks.storage.errors import storage_errors


class State(StrEnum):
    """Of a photo in a collection: the status of its job, which if it is done may have found no face."""

    DONE = "done"
    NONE = "none"
    RUNNING = "running"
    QUEUED = "queued"
    FAILED = "failed"
    CANCELLED = "cancelled"


IS_OVER = (State.DONE, State.NONE, State.FAILED, State.CANCELLED)
"""States with a column of their own in the row of the collection, of the same name."""


def state_of(status: str, has_faces: bool | None) -> State:
    return State.NONE if status == JobStatus.DONE and not has_faces else State(status)


@dataclass(frozen=True)
class Counts:
    """How many photos are in each state."""

    by_state: Mapping[State, int]

    @property
    def total(self) -> int:
        return sum(self.by_state.values())

    @property
    def over(self) -> int:
        return sum(self.by_state[state] for state in IS_OVER)


# --- change ----------------------------------------------------------------------------------------------------------


def move(collection_id: UUID | None, before: State | None, after: State | None, number: int = 1) -> None:
    """Count jobs that change their state, in the transaction in which they do; None is for jobs that are not there.

    Nothing is counted for a job that is in no collection.
    """
    steps = {
        "total": (number if after else 0) - (number if before else 0),
        **({before.value: -number} if before in IS_OVER else {}),
        **({after.value: number} if after in IS_OVER else {}),
    }
    change(collection_id, steps)


def change(collection_id: UUID | None, steps: Mapping[str, int]) -> None:
    """Each photo does this twice; the query builder would take several times as long."""
    steps = {column: step for column, step in steps.items() if step}
    if collection_id is None or not steps:
        return
    assigned = ", ".join(f"{column} = {column} + %s" for column in steps)
    id = Collection._meta.pk.get_db_prep_value(collection_id, connection)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE landmarks_collection SET {assigned} WHERE id = %s", [*steps.values(), id])  # noqa: S608


# --- read ------------------------------------------------------------------------------------------------------------


def count(collection: Collection) -> Counts:
    """Nothing of a collection that is deleted. Raises StorageError."""
    return count_each([collection]).get(collection.pk, Counts(dict.fromkeys(State, 0)))


def count_each(collections: Iterable[Collection]) -> dict[UUID, Counts]:
    """By the collection's id, all at one moment. Raises StorageError."""
    running = Job.objects.filter(collection=models.OuterRef("pk"), status=JobStatus.RUNNING, has_faces=None)
    number = running.order_by().values("collection").values(number=models.Count("*"))
    rows = Collection.objects.filter(pk__in=[each.pk for each in collections])
    columns = ("total", *(state.value for state in IS_OVER))
    with storage_errors():
        found = rows.annotate(running=Coalesce(models.Subquery(number), 0)).values("pk", "running", *columns)
        return {row["pk"]: counts_of(row) for row in found}


def counts_of(row: Mapping[str, int]) -> Counts:
    over, running = {state: row[state.value] for state in IS_OVER}, row["running"]
    queued = row["total"] - sum(over.values()) - running
    return Counts({**dict.fromkeys(State, 0), **over, State.RUNNING: running, State.QUEUED: queued})
