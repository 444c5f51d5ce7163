"""The rows of jobs: queued, claimed by one at a time, and finished once.

Whoever claims a job gets a lease, and must renew it. A job whose lease has ended is queued again, so the job of a
process that was killed is not lost; and it can be finished only under the lease that it has, in the transaction that
stores its result, so a process that was frozen can't give it a second one.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Count, F, Min
from django.utils import timezone

from landmarks.core.errors import JobInterrupted, LandmarksError
from landmarks.models import (
    TAKEN_QUEUES,
    DeliveryStatus,
    Job,
    JobQuerySet,
    JobQueue,
    JobStatus,
    Photo,
    Result,
    Webhook,
    truncate,
)
from landmarks.runtime.periods import SLACK
from landmarks.storage import collection_counts, key_claims, turns, workers
from landmarks.storage.collection_counts import State, state_of
from landmarks.storage.errors import storage_errors
from landmarks.storage.results import PhotoGone

LEASE = timedelta(seconds=30)
"""From a claim or renewal on. The job of a killed process starts again within twice that."""
MAX_ATTEMPTS = 3
LATEST = timedelta(minutes=10)
"""How far ahead a job can be due; what seems to be due later was queued before the clock was set back."""
KEPT = timedelta(days=1)
"""For which a job that is in no collection can be polled after its end; its result stays."""
BATCH = 100
"""Finished jobs deleted in one transaction."""


class LeaseLost(Exception):
    """The job is over, or somebody else's: whoever gets this must store nothing."""


# --- queue -----------------------------------------------------------------------------------------------------------


def insert(job: Job, webhook: Webhook | None = None) -> None:
    """With the address to which its end is reported.

    Raises PhotoGone where its photo was deleted meanwhile, KeyInUse or StorageError.
    """
    with storage_errors(), transaction.atomic():
        if job.photo_id is None or Photo.lock(job.photo_id) is None:
            raise PhotoGone
        turns.line_up([job])
        job.save(force_insert=True)
        if webhook:
            webhook.job, webhook.is_armed = job, True
            webhook.save(force_insert=True)
        key_claims.settle(job)


def queued(now: datetime) -> JobQuerySet:
    """Those whose turn it is, in order."""
    queued = Job.objects.open().filter(status=JobStatus.QUEUED, queue__lt=JobQueue.PAUSED, due__lte=now)
    return queued.order_by("queue", "turn", "due")


class OpenJobs(NamedTuple):
    """The jobs of one queue that wait, or that are being done."""

    queue: str
    status: str
    number: int
    oldest_seconds: float


def count_open() -> list[OpenJobs]:
    """Also kinds of which there are none, but nothing that is paused. Raises StorageError."""
    now = timezone.now()
    with storage_errors():
        rows = Job.objects.open().values_list("queue", "status").annotate(Count("pk"), Min("created")).order_by()
        found = {(queue, status): (count, (now - oldest).total_seconds()) for queue, status, count, oldest in rows}
    return [
        OpenJobs(queue.name.lower(), status, *found.get((queue, status), (0, 0.0)))
        for queue in TAKEN_QUEUES
        for status in (JobStatus.QUEUED, JobStatus.RUNNING)
    ]


def claim_next() -> Job | None:
    """The job whose turn it is, if there is one; it is the caller's as long as its lease. Raises StorageError."""
    now = timezone.now()
    with storage_errors():
        # A transaction of SQLite locks the whole database, also if it finds nothing to do.
        return _claim(queued(now), now) if queued(now).exists() else None


def claim(id: UUID) -> Job | None:
    """That job, unless it is not queued: then somebody else has it, or it is over, or paused. Raises StorageError."""
    lease, due = uuid4(), timezone.now() + LEASE
    with storage_errors():
        # One statement, which waits where others claim the same job, and then finds it running.
        was = Job.objects.filter(pk=id, status=JobStatus.QUEUED, queue__in=TAKEN_QUEUES)
        claimed = {"status": JobStatus.RUNNING, "lease": lease, "due": due, "worker": workers.own_id()}
        if not was.update(**claimed, attempts=F("attempts") + 1):
            return None
        return Job.objects.select_related("photo__owner").filter(pk=id, lease=lease).first()


def claim_in_place_of(id: UUID) -> Job | None:
    """For a message about that job: the job, or one of the same queue that came later and has its turn before.

    Messages can wait long, and those of one owner in a row. The first job is then sent again.

    Raises StorageError.
    """
    now = timezone.now()
    with storage_errors():
        earlier = _earlier(id, now)
        found = claim(earlier) if earlier else None
        if found:
            Job.objects.filter(pk=id, status=JobStatus.QUEUED, queue__in=TAKEN_QUEUES).update(due=now)
            return found
    return claim(id)


SENT = "SELECT queue, turn FROM landmarks_job WHERE id = %s AND status = %s AND queue IN (%s, %s)"
EARLIER = """\
SELECT id FROM landmarks_job WHERE finished IS NULL AND status = %s AND queue = %s AND turn < %s AND due <= %s
ORDER BY turn, due LIMIT 1"""


def _earlier(id: UUID, now: datetime) -> UUID | None:
    """A job that has its turn before that one. In plain SQL, because each message of a worker asks for it."""
    queued, queues = JobStatus.QUEUED.value, [queue.value for queue in TAKEN_QUEUES]
    pk, moment = Job._meta.pk.get_db_prep_value(id, connection), connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(SENT, [pk, queued, *queues])
        if sent := cursor.fetchone():
            cursor.execute(EARLIER, [queued, *sent, moment])
            if found := cursor.fetchone():
                return UUID(str(found[0]))
    return None


def _claim(jobs: JobQuerySet, now: datetime) -> Job | None:
    with transaction.atomic():
        # Others skip what is locked here; SQLite has no such locks, and lets in one at a time.
        job = jobs.select_for_update(skip_locked=True).first()
        if job is None:
            return None
        was = Job.objects.filter(pk=job.pk, status=job.status, attempts=job.attempts)
        job.status, job.lease, job.attempts, job.due = JobStatus.RUNNING, uuid4(), job.attempts + 1, now + LEASE
        job.worker = workers.own_id()
        if not was.update(status=job.status, lease=job.lease, attempts=job.attempts, due=job.due, worker=job.worker):
            return None
    return job


def mark_sent(wait: timedelta, most: int) -> list[Job]:
    """Jobs to be sent to workers now, by one sender only; they are due again after that time. Raises StorageError.

    At most so many of a queue have been sent and not yet been claimed, so that messages don't pile up while there are
    fewer workers than work.
    """
    now, sent = timezone.now(), []
    with storage_errors():
        for queue in TAKEN_QUEUES:
            waiting = Job.objects.open().filter(status=JobStatus.QUEUED, queue=queue)
            if not waiting.filter(due__lte=now).exists():
                continue
            left = max(0, most - waiting.filter(due__gt=now).count())
            for job in waiting.filter(due__lte=now).order_by("turn", "due").only("pk", "queue", "due")[:left]:
                if Job.objects.filter(pk=job.pk, status=JobStatus.QUEUED, due=job.due).update(due=now + wait):
                    sent.append(job)
    return sent


def requeue_expired() -> int:
    """Queue the jobs whose lease has ended again, or fail those that had all their attempts. Raises StorageError.

    Returns their number.
    """
    now = timezone.now()
    with storage_errors():
        # With each value of the index before the time, which is then looked up for each.
        expired = Job.objects.open().filter(status=JobStatus.RUNNING, queue__in=JobQueue.values, due__lte=now)
        count = 0
        if expired.exists():
            interrupted = JobInterrupted("job_interrupted", attempts=MAX_ATTEMPTS)
            count += sum(_end(expired, job, interrupted) for job in expired.filter(attempts__gte=MAX_ATTEMPTS))
            count += expired.update(status=JobStatus.QUEUED, lease=None, due=now)
        statuses = [JobStatus.QUEUED, JobStatus.RUNNING]
        too_late = Job.objects.open().filter(
            status__in=statuses, queue__in=JobQueue.values, due__gt=now + LATEST + SLACK
        )
        if too_late.exists():
            too_late.update(due=now)
    return count


# --- under a lease ---------------------------------------------------------------------------------------------------


def held(job: Job) -> JobQuerySet:
    """The job, if the lease of this claim is still its lease."""
    return Job.objects.filter(pk=job.pk, status=JobStatus.RUNNING, lease=job.lease)


def renew(job: Job) -> bool:
    """Whether the claim is still the caller's. Raises StorageError."""
    with storage_errors():
        return bool(held(job).update(due=timezone.now() + LEASE))


def finish(job: Job, result: Result) -> None:
    """In the transaction that stores the result. Raises LeaseLost."""
    values = _over(JobStatus.FAILED if result.is_failed else JobStatus.DONE)
    values |= {"result": result, "error_code": result.error_code, "error_message": result.error_message}
    values["has_faces"] = None if result.is_failed else result.face_count > 0
    if not held(job).update(**values):
        raise LeaseLost
    collection_counts.move(job.collection_id, State.RUNNING, state_of(values["status"], values["has_faces"]))


def fail(job: Job, error: LandmarksError) -> None:
    """Without a result. Raises StorageError."""
    with storage_errors():
        _end(held(job), job, error)


def _end(among: JobQuerySet, job: Job, error: LandmarksError) -> bool:
    """Let a claimed job fail, if it is still among those with the lease that it has; whether it was."""
    with transaction.atomic():
        is_mine = among.filter(pk=job.pk, lease=job.lease).update(**_over(JobStatus.FAILED, error))
        if is_mine:
            collection_counts.move(job.collection_id, State.RUNNING, State.FAILED)
    return bool(is_mine)


def release(job: Job, wait: timedelta, *, counts: bool) -> None:
    """Queue the job again, for after that time; whether this was an attempt. Raises StorageError."""
    attempts = job.attempts if counts else job.attempts - 1
    with storage_errors():
        held(job).update(status=JobStatus.QUEUED, lease=None, attempts=attempts, due=timezone.now() + wait)


def _over(status: JobStatus, error: LandmarksError | None = None) -> dict[str, Any]:
    values: dict[str, Any] = {"status": status, "lease": None, "finished": timezone.now()}
    if error:
        values |= {
            "error_code": truncate("error_code", error.code),
            "error_message": truncate("error_message", error.message),
        }
    return values


# --- end -------------------------------------------------------------------------------------------------------------


def cancel(job: Job) -> bool:
    """Whether it was open. What runs goes on, and is discarded. Raises StorageError."""
    with storage_errors(), transaction.atomic():
        is_cancelled = Job.objects.open().filter(pk=job.pk).update(**_over(JobStatus.CANCELLED), photo=None)
        if is_cancelled:
            collection_counts.move(job.collection_id, State.QUEUED, State.CANCELLED)
    return bool(is_cancelled)


def delete_finished() -> bool:
    """Delete some of the jobs that are over for long, and reported; whether there were any. Raises StorageError."""
    now = timezone.now()
    with storage_errors():
        old = Job.objects.filter(finished__lte=now - KEPT, collection=None)
        old = old.exclude(webhook__is_armed=True).exclude(webhook__deliveries__status=DeliveryStatus.PENDING)
        ids = list(old.values_list("pk", flat=True)[:BATCH])
        return bool(ids and Job.objects.filter(pk__in=ids).delete()[0])
