"""`/metrics`: how the site fares, for Prometheus, and only for those who reach it directly."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from landmarks.core.errors import StorageError
from landmarks.http.direct import require_direct
from landmarks.http.methods import require_safe
from landmarks.models import JobStatus
from landmarks.runtime import metrics
from landmarks.runtime.metrics import Gauge
from landmarks.storage import disk, jobs, workers


@never_cache
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """404 unless METRICS is on, and for whoever comes through a proxy."""
    require_direct(request)
    return HttpResponse(metrics.page(gauges()), content_type=metrics.CONTENT_TYPE)


def gauges() -> Iterator[Gauge]:
    try:
        free = disk.free_bytes()
    except StorageError:
        free = None
    if free is not None:
        yield Gauge("facesite_free_bytes", "Free disk space where photos and database are.", (), {(): free})
    try:
        open_jobs, alive = jobs.count_open(), workers.count_alive()
    except StorageError:
        # `facesite_rejected_requests_total` tells of it, and the other figures are still true.
        return
    counts = {(each.queue, each.status): float(each.number) for each in open_jobs}
    yield Gauge("facesite_open_jobs", "Jobs that wait or are being done.", ("queue", "status"), counts)
    ages = {(each.queue,): each.oldest_seconds for each in open_jobs if each.status == JobStatus.QUEUED}
    yield Gauge("facesite_job_age_seconds", "Age of the oldest job that waits.", ("queue",), ages)
    numbers = {(executor,): float(number) for executor, number in alive.items()}
    yield Gauge("facesite_workers", "Processes that run jobs and were seen lately.", ("executor",), numbers)
