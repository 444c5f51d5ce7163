"""The workers: which processes run jobs, when each was last seen, and what it does."""

import os
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from landmarks.models import Job, JobStatus, Worker
from landmarks.storage.errors import storage_errors

ALIVE = timedelta(seconds=45)
"""Who was not seen for so long is killed, frozen, or cut off from the database."""
KEPT = timedelta(hours=1)
"""For which one is listed that is seen no more. Who ends in order goes at once."""

_own: Worker | None = None


def begin(executor: str) -> None:
    """From here on, this process is a worker, and what it claims is noted as its own."""
    global _own
    _own = Worker(host=socket.gethostname(), process=os.getpid(), executor=executor)


def own_id() -> UUID | None:
    """None in a process that is no worker."""
    return _own.pk if _own else None


def note_seen() -> None:
    """That this worker is there. Raises StorageError."""
    now = timezone.now()
    if _own is None:
        return
    with storage_errors(), transaction.atomic():
        Worker.objects.filter(seen__lte=now - KEPT).delete()
        if not Worker.objects.filter(pk=_own.pk).update(seen=now):
            _own.seen = now
            _own.save(force_insert=True)


def end() -> None:
    """Raises StorageError."""
    global _own
    if _own:
        with storage_errors():
            Worker.objects.filter(pk=_own.pk).delete()
        _own = None


@dataclass(frozen=True)
class WorkerState:
    host: str
    process: int
    executor: str
    started: datetime
    seen: datetime
    is_alive: bool
    jobs: tuple[UUID, ...]
    """Those that it runs."""


def all_workers() -> list[WorkerState]:
    """By host. Raises StorageError."""
    now = timezone.now()
    with storage_errors():
        rows = list(Worker.objects.order_by("host", "started", "process"))
        running = Job.objects.open().filter(status=JobStatus.RUNNING).order_by("due")
        claimed = list(running.values_list("worker", "pk"))
    return [
        WorkerState(
            host=row.host,
            process=row.process,
            executor=row.executor,
            started=row.started,
            seen=row.seen,
            is_alive=row.seen > now - ALIVE,
            jobs=tuple(job for worker, job in claimed if worker == row.pk),
        )
        for row in rows
    ]


def count_alive() -> dict[str, int]:
    """By executor. Raises StorageError."""
    with storage_errors():
        rows = Worker.objects.filter(seen__gt=timezone.now() - ALIVE).values_list("executor").annotate(Count("pk"))
        return dict(rows.order_by())
