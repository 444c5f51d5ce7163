"""The task of Celery's workers: claim the job of a message, or one whose turn is before, and run it."""

from uuid import UUID

from celery import shared_task
from django.db import close_old_connections

from landmarks.services import jobs
from landmarks.storage import jobs as storage


@shared_task(name="landmarks.run_job")  # type: ignore[untyped-decorator]
def run_job(id: str) -> None:
    try:
        if job := storage.claim_in_place_of(UUID(id)):
            jobs.run(job)
    finally:
        # A connection that has failed; others are kept for the next job.
        close_old_connections()
