"""Jobs: poll and cancel what was requested with `async=1`."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Status
from ninja.decorators import decorate_view

from landmarks.api.auth import owner_of
from landmarks.api.conditional import conditional
from landmarks.api.result_router import ERRORS, NOT_FOUND, router
from landmarks.api.schemas import ErrorBody, JobOut
from landmarks.api.webhooks import webhook_of, webhook_to_json
from landmarks.core.errors import NotFound
from landmarks.models import Job, JobStatus
from landmarks.services import jobs

PROGRESS = {JobStatus.QUEUED.value: 0.0, JobStatus.RUNNING.value: 0.5}
"""A photo takes a fraction of a second, so nothing finer is stored; all other statuses are the end."""


def queued(request: HttpRequest, response: HttpResponse, job: Job) -> Status[dict[str, Any]]:
    response["Location"] = job_path(job)
    return Status(202, job_to_json(request, job))


def job_to_json(request: HttpRequest, job: Job) -> dict[str, Any]:
    """Raises StorageError."""
    more = {"progress": PROGRESS.get(job.status, 1.0), "webhook": webhook_to_json(webhook_of(job))}
    return job_fields(request, job) | more


def job_fields(request: HttpRequest, job: Job) -> dict[str, Any]:
    """What is also told of a photo of a collection."""
    has_error = job.status == JobStatus.FAILED
    return {
        "id": job.pk,
        "status": job.status,
        "url": request.build_absolute_uri(job_path(job)),
        "created": job.created,
        "finished": job.finished,
        "attempts": job.attempts,
        "result": job.result_id,
        "error": {"code": job.error_code, "message": job.error_message} if has_error else None,
    }


def job_path(job: Job) -> str:
    return reverse("api:job", args=[job.pk])


def find_job(request: HttpRequest, id: UUID) -> Job:
    """Raises NotFound."""
    job = Job.objects.owned_by(owner_of(request)).select_related("photo", "webhook").filter(pk=id).first()
    if job is None:
        raise NotFound("job_not_found")
    return job


@router.api_operation(
    ["GET", "HEAD"],
    "/api/jobs/{uuid:id}",
    response={200: JobOut, ERRORS | NOT_FOUND: ErrorBody},
    operation_id="readJob",
    summary="Read a job",
    url_name="job",
)
@decorate_view(conditional)
def read(request: HttpRequest, id: UUID) -> dict[str, Any]:
    """What has become of a request with `async=1`. Poll it about once a second, until it is done, failed or cancelled.

    If the engine failed, there is a result as well, and `error` says why. A job can be read for a day after its end, or
    until its result is deleted.
    """
    return job_to_json(request, find_job(request, id))


@router.delete(
    "/api/jobs/{uuid:id}",
    response={200: JobOut, ERRORS | NOT_FOUND: ErrorBody},
    operation_id="cancelJob",
    summary="Cancel a job",
)
def cancel(request: HttpRequest, id: UUID) -> dict[str, Any]:
    """Its photo is deleted, unless other results have it. A job that is over stays as it is."""
    job = find_job(request, id)
    jobs.cancel(job)
    return job_to_json(request, job)
