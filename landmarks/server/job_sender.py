"""Jobs run by Celery's workers, on this machine or others, which get no more than a job's id.

The row is the truth: a message that is lost is sent again, and one that is doubled or late finds nothing to do.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.utils.module_loading import import_string
from kombu.exceptions import OperationalError

from landmarks.models import JobQueue
from landmarks.services import jobs
from landmarks.services.job_task import run_job
from landmarks.storage import jobs as storage

logger = logging.getLogger(__name__)

POLL = 1.0
"""Seconds between two looks for jobs that other processes queued, or that are tried again."""
SENT_AGAIN = timedelta(seconds=60)
"""After which a message that no worker has taken is replaced by another one; the broker drops it."""
MOST = 500
"""Messages of a queue that wait for a worker. The others wait in the database, where nothing can lose them."""


class JobSender:
    def __init__(self) -> None:
        # Makes it the application of all tasks, in every thread.
        import_string(settings.CELERY_APPLICATION).set_default()

    def start_due(self) -> None:
        sent = storage.mark_sent(SENT_AGAIN, MOST)
        try:
            for job in sent:
                run_job.apply_async((str(job.pk),), queue=queue_name(job.queue), expires=SENT_AGAIN.total_seconds())
        except OperationalError as exc:
            logger.error("The broker of CELERY_BROKER_URL cannot be used (%s); jobs wait", type(exc.__cause__).__name__)
        if not sent:
            jobs.wait_for_jobs(POLL)

    def stop(self) -> None:
        """Nothing runs in this process."""


def queue_name(queue: int) -> str:
    return JobQueue(queue).name.lower()
