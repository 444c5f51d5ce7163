"""What the page for operators shows: the queue, workers, failures and what is left of the disk."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Max
from django.utils import timezone

from landmarks.core.version import VERSION
from landmarks.http.health import free_mb
from landmarks.models import Job, JobStatus, Result, Status
from landmarks.services import engines
from landmarks.storage import jobs
from landmarks.storage.errors import storage_errors
from landmarks.storage.workers import WorkerState, all_workers

PERIOD = timedelta(days=1)
"""For which failures are counted."""


@dataclass(frozen=True)
class Failure:
    kind: str
    """`result` for an engine that failed, `job` for an analysis that has no result."""
    code: str
    number: int
    latest: object


@dataclass(frozen=True)
class SiteStatus:
    version: str
    engine: str
    is_engine_ready: bool
    executor: str
    queues: list[jobs.OpenJobs]
    workers: list[WorkerState]
    failures: list[Failure]
    results: int
    """Within the period."""
    free_mb: int | None
    min_free_mb: int


def site_status() -> SiteStatus:
    """Raises StorageError."""
    since = timezone.now() - PERIOD
    with storage_errors():
        made = Result.objects.filter(created__gte=since)
        failed_results = _by_code(made.filter(status=Status.FAILED).order_by(), "created")
        ended = Job.objects.filter(status=JobStatus.FAILED, finished__gte=since, result=None).order_by()
        failures = [
            *(Failure("result", *row) for row in failed_results),
            *(Failure("job", *row) for row in _by_code(ended, "finished")),
        ]
        results = made.count()
    return SiteStatus(
        version=VERSION,
        engine=engines.engine_label(engines.default_engine()),
        is_engine_ready=engines.engine_ready(),
        executor=settings.TASKS,
        queues=jobs.count_open(),
        workers=all_workers(),
        failures=failures,
        results=results,
        free_mb=free_mb(),
        min_free_mb=settings.MIN_FREE_MB,
    )


def _by_code(rows: object, moment: str) -> Iterable[tuple[str, int, object]]:
    """Code, number and newest moment, the most frequent first."""
    counted = rows.values_list("error_code").annotate(number=Count("pk"), latest=Max(moment))  # type: ignore[attr-defined]
    return list(counted.order_by("-number", "error_code"))
