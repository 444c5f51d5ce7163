"""The rows of jobs: claimed by one, finished once, queued again when their lease has ended."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from unittest.mock import ANY

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from landmarks.core.errors import EngineTimeout
from landmarks.models import Job, JobQueue, JobStatus, Photo, Result
from landmarks.storage import deletion, jobs, orphans
from landmarks.storage.results import PhotoGone
from tests.rows import make_photo, make_result

pytestmark = pytest.mark.django_db(transaction=True)
SECOND = timedelta(seconds=1)


def make_job(**facts: Any) -> Job:
    photo = facts.pop("photo", None) or make_photo()
    job = Job(owner=photo.owner, photo=photo, name="photo.jpg", engine="local", face_model_version="3.0", **facts)
    jobs.insert(job)
    return job


def run_out(job: Job) -> None:
    """Let the lease of a job end."""
    Job.objects.filter(pk=job.pk).update(due=timezone.now() - SECOND)


def status(job: Job) -> tuple[str, int]:
    job = Job.objects.get(pk=job.pk)
    return job.status, job.attempts


def claimed(job: Job) -> Job:
    found = jobs.claim(job.pk)
    assert found
    return found


def finish(job: Job, **facts: Any) -> Result:
    """As services.runs does it: the result and the end of its job in one transaction."""
    with transaction.atomic():
        result = make_result(photo=job.photo, owner=job.owner, **facts)
        jobs.finish(job, result)
    return result


# --- turns -----------------------------------------------------------------------------------------------------------


def test_jobs_are_claimed_in_order_and_those_that_somebody_waits_for_first() -> None:
    batch, first, second = make_job(queue=JobQueue.BATCH), make_job(), make_job()
    assert [jobs.claim_next() for _ in range(4)] == [first, second, batch, None]


def test_a_job_is_not_claimed_before_it_is_due() -> None:
    make_job(due=timezone.now() + 60 * SECOND)
    assert jobs.claim_next() is None


def test_a_claimed_job_is_nobody_elses() -> None:
    job = make_job()
    assert claimed(job).lease
    assert jobs.claim(job.pk) is None
    assert jobs.claim_next() is None
    assert status(job) == (JobStatus.RUNNING, 1)


def test_of_many_who_claim_at_once_each_job_has_one() -> None:
    made = {make_job().pk for _ in range(20)}

    def claim_all(number: int) -> list[Any]:
        try:
            return [job.pk for job in iter(jobs.claim_next, None)]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        found = [pk for pks in threads.map(claim_all, range(4)) for pk in pks]
    # Others may have seen a locked row as none, so what is left is claimed now.
    found += [job.pk for job in iter(jobs.claim_next, None)]
    assert len(found) == 20
    assert set(found) == made


def test_a_job_whose_photo_is_deleted_is_not_queued() -> None:
    photo = make_photo()
    deletion.delete_unused(Photo.objects.get(pk=photo.pk))
    with pytest.raises(PhotoGone):
        make_job(photo=photo)
    assert not Job.objects.exists()


# --- leases ----------------------------------------------------------------------------------------------------------


def test_a_job_is_finished_together_with_its_result() -> None:
    job = claimed(make_job())
    result = finish(job)
    job.refresh_from_db()
    assert (job.status, job.result, job.lease, job.error_code) == (JobStatus.DONE, result, None, "")
    assert job.finished


def test_the_failed_run_of_an_engine_is_a_result_too() -> None:
    job = claimed(make_job())
    result = finish(job, error_code="timeout", error_message="Too slow.")
    job.refresh_from_db()
    assert (job.status, job.result, job.error_code) == (JobStatus.FAILED, result, "timeout")


def test_a_job_that_fails_without_a_result_has_its_reason() -> None:
    job = claimed(make_job())
    jobs.fail(job, EngineTimeout("hosted_timeout"))
    job.refresh_from_db()
    assert (job.status, job.result, job.error_code) == (JobStatus.FAILED, None, "timeout")


def test_a_job_whose_lease_ended_is_claimed_again_and_the_late_answer_discarded() -> None:
    late = claimed(make_job())
    run_out(late)
    assert jobs.requeue_expired() == 1
    again = claimed(late)
    assert not jobs.renew(late)
    with pytest.raises(jobs.LeaseLost):
        finish(late)
    jobs.fail(late, EngineTimeout("hosted_timeout"))
    jobs.release(late, SECOND, counts=False)
    assert status(late) == (JobStatus.RUNNING, 2)
    finish(again)
    assert Result.objects.count() == 1


def test_a_late_answer_to_a_job_that_waits_again_is_discarded_too() -> None:
    late = claimed(make_job())
    run_out(late)
    jobs.requeue_expired()
    with pytest.raises(jobs.LeaseLost):
        finish(late)
    assert status(late) == (JobStatus.QUEUED, 1)
    assert not Result.objects.exists()


def test_a_renewed_lease_lasts() -> None:
    job = claimed(make_job())
    run_out(job)
    assert jobs.renew(job)
    assert jobs.requeue_expired() == 0


def test_after_three_interrupted_attempts_a_job_has_failed() -> None:
    job = make_job()
    for _ in range(3):
        run_out(claimed(job))
        jobs.requeue_expired()
    job.refresh_from_db()
    assert (job.status, job.attempts, job.error_code) == (JobStatus.FAILED, 3, "job_interrupted")
    assert "3 times" in job.error_message
    assert jobs.claim(job.pk) is None


def test_what_only_had_to_wait_is_no_attempt() -> None:
    job = make_job()
    jobs.release(claimed(job), SECOND, counts=False)
    assert status(job) == (JobStatus.QUEUED, 0)
    assert jobs.claim_next() is None
    jobs.release(claimed(job), -SECOND, counts=True)
    assert status(job) == (JobStatus.QUEUED, 1)
    assert jobs.claim_next() == job


def test_a_clock_that_was_set_back_holds_up_no_job() -> None:
    job = make_job(due=timezone.now() + timedelta(days=365))
    jobs.requeue_expired()
    assert jobs.claim_next() == job


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"status": JobStatus.RUNNING}, id="running without a lease"),
        pytest.param({"status": JobStatus.DONE}, id="done without a result"),
    ],
)
def test_the_database_refuses_a_job_that_is_only_half_of_what_it_says(values: dict[str, Any]) -> None:
    make_job()
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.update(**values)


# --- messages --------------------------------------------------------------------------------------------------------


def test_a_job_is_sent_once_and_again_when_no_worker_took_it() -> None:
    job = make_job()
    assert jobs.mark_sent(60 * SECOND, 10) == [job]
    assert jobs.mark_sent(60 * SECOND, 10) == []
    run_out(job)
    assert jobs.mark_sent(60 * SECOND, 10) == [job]
    assert claimed(job)


def test_only_so_many_messages_wait_for_workers_in_each_queue() -> None:
    batch, interactive = [make_job(queue=JobQueue.BATCH) for _ in range(3)], make_job()
    assert jobs.mark_sent(60 * SECOND, 2) == [interactive, *batch[:2]]
    assert jobs.mark_sent(60 * SECOND, 2) == []
    claimed(batch[0])
    assert jobs.mark_sent(60 * SECOND, 2) == [batch[2]]


# --- end -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prepare", [pytest.param(lambda job: job, id="queued"), pytest.param(claimed, id="running")])
def test_a_cancelled_job_is_over(prepare: Callable[[Job], Job]) -> None:
    job = prepare(make_job())
    assert jobs.cancel(job)
    assert not jobs.cancel(job)
    assert jobs.claim(job.pk) is None
    with pytest.raises(jobs.LeaseLost):
        finish(job)
    assert Job.objects.values_list("status", "photo", "finished").get() == (JobStatus.CANCELLED, None, ANY)


def test_a_photo_stays_as_long_as_a_job_needs_it() -> None:
    job = make_job()
    Photo.objects.update(created=timezone.now() - timedelta(days=2))
    assert not deletion.delete_unused(job.photo)
    assert orphans.find_unused_photos(timezone.now()) == []
    jobs.cancel(job)
    assert deletion.delete_unused(job.photo)


def test_a_job_goes_with_its_result() -> None:
    result = finish(claimed(make_job()))
    assert deletion.delete(result)
    assert not Job.objects.exists()
    assert not Photo.objects.exists()


def test_jobs_that_are_over_for_a_day_are_deleted_and_their_results_stay() -> None:
    result, waiting = finish(claimed(make_job())), make_job()
    assert not jobs.delete_finished()
    Job.objects.filter(result=result).update(finished=timezone.now() - timedelta(days=1))
    assert jobs.delete_finished()
    assert not jobs.delete_finished()
    assert list(Job.objects.all()) == [waiting]
    assert Result.objects.get() == result
