"""Jobs: a photo is stored now and analysed later, and there is one result or a reason."""

import io
import json
import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone

from facesite.log_format import JsonFormatter
from landmarks.core.errors import Busy, FetchError, PhotoTooLarge, QuotaExceeded, StorageFull
from landmarks.core.finding import Finding
from landmarks.models import Job, JobStatus, Owner, Photo, Result
from landmarks.runtime import concurrency, request_id
from landmarks.services import engines, jobs, runs
from landmarks.storage import jobs as storage
from landmarks.storage import results
from tests.patience import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("models_dir")]
Find = Callable[..., Finding]


@pytest.fixture(autouse=True)
def media(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def ann() -> Owner:
    return Owner(kind=Owner.Kind.TOKEN, key="ann")


def submit(photo: Path, **more: Any) -> Job:
    options = runs.run_options(rotate=True, dense=True)
    return jobs.submit(photo.read_bytes(), photo.name, ann(), options, "local", note="a note", **more)


def run_next() -> Job:
    """Run the next job, and return it as it is then."""
    job = storage.claim_next()
    assert job
    jobs.run(job)
    job.refresh_from_db()
    return job


def kept_files(media: Path) -> list[str]:
    return [path.parts[-3] for path in media.rglob("*") if path.is_file()]


def test_a_photo_is_stored_now_and_analysed_when_the_job_runs(images: Path, media: Path) -> None:
    job = submit(images / "astronaut.jpg")
    assert (job.status, kept_files(media)) == (JobStatus.QUEUED, ["photos"])
    assert not Result.objects.exists()
    done = run_next()
    assert (done.pk, done.status, done.attempts) == (job.pk, JobStatus.DONE, 1)
    result = done.result
    assert result
    assert (result.name, result.note, result.owner.key) == ("astronaut.jpg", "a note", "ann")
    assert (result.face_count, result.rotate, result.dense, result.photo) == (1, True, True, job.photo)
    assert storage.claim_next() is None


def test_the_log_of_a_job_names_it_and_the_request_that_queued_it(images: Path, settings: LazySettings) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logging.getLogger("landmarks.services.jobs").addHandler(handler)
    request_id.begin("the-request")
    job = submit(images / "rocket.jpg")
    Photo.objects.update(file="photos/gone.jpg")
    try:
        assert run_next().status == JobStatus.FAILED
    finally:
        logging.getLogger("landmarks.services.jobs").removeHandler(handler)
    (line,) = map(json.loads, stream.getvalue().splitlines())
    assert (line["request_id"], line["job_id"]) == ("the-request", str(job.pk))
    request_id.begin("another")
    assert request_id.current_job() == ""


def test_the_points_are_those_of_a_run_at_once(images: Path) -> None:
    """But for what the stored JPEG differs from the photo that was sent."""
    submit(images / "astronaut.jpg")
    later = run_next().result
    assert later
    at_once = runs.submit((images / "astronaut.jpg").read_bytes(), "a", ann(), runs.run_options(), "local")
    pairs = zip(at_once.found_faces()[0].points, later.found_faces()[0].points, strict=True)
    assert max(max(abs(a - c), abs(b - d)) for (a, b), (c, d) in pairs) < 1.5


def test_a_copy_makes_a_result_of_its_own(images: Path) -> None:
    for _ in range(2):
        submit(images / "rocket.jpg")
    assert run_next().result_id != run_next().result_id
    assert (Photo.objects.count(), Result.objects.count()) == (1, 2)


def test_what_is_wrong_with_a_photo_is_reported_at_once_and_leaves_nothing(
    images: Path, media: Path, settings: LazySettings
) -> None:
    settings.MAX_PIXELS = 1000
    with pytest.raises(PhotoTooLarge):
        submit(images / "astronaut.jpg")
    with pytest.raises(FetchError):
        jobs.submit_address("http://127.0.0.1:9/photo.jpg", ann(), runs.run_options(), "local")
    settings.MAX_PIXELS, settings.MAX_STORED_MB = 60_000_000, 0
    with pytest.raises(QuotaExceeded):
        submit(images / "astronaut.jpg")
    assert not Job.objects.exists()
    assert kept_files(media) == []


def test_an_engine_that_fails_is_a_failed_job_with_a_result(
    images: Path, settings: LazySettings, tmp_path: Path
) -> None:
    submit(images / "astronaut.jpg")
    settings.MODELS_DIR = tmp_path
    job = run_next()
    assert (job.status, job.error_code) == (JobStatus.FAILED, "engine_unavailable")
    assert job.result and job.result.error_message == job.error_message


def test_a_photo_whose_file_is_lost_is_a_failed_job(images: Path, media: Path) -> None:
    job = submit(images / "astronaut.jpg")
    (media / str(job.photo.file)).unlink()  # type: ignore[union-attr]
    job = run_next()
    assert (job.status, job.error_code, job.result) == (JobStatus.FAILED, "photo_damaged", None)


def test_a_job_that_meets_a_full_site_waits_and_counts_no_attempt(
    images: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(images / "astronaut.jpg")

    def busy(*args: Any, **more: Any) -> Any:
        raise Busy("busy_detecting")

    with monkeypatch.context() as patch:
        patch.setattr(concurrency.DETECTION, "slot", busy)
        job = run_next()
    assert (job.status, job.attempts) == (JobStatus.QUEUED, 0)
    assert job.due > timezone.now()
    Job.objects.update(due=timezone.now())
    assert run_next().status == JobStatus.DONE


def test_a_full_disk_is_tried_three_times_and_then_the_reason(
    images: Path, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(images / "astronaut.jpg")

    def full(*args: Any) -> Any:
        raise StorageFull("storage_full")

    monkeypatch.setattr(results.files, "save_picture", full)
    statuses = []
    for _ in range(3):
        Job.objects.update(due=timezone.now())
        statuses.append(run_next().status)
    assert statuses == [JobStatus.QUEUED, JobStatus.QUEUED, JobStatus.FAILED]
    assert Job.objects.get().error_code == "storage_full"
    assert kept_files(media) == ["photos"]


@pytest.fixture
def finding(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], object]]:
    """What happens while the engine runs."""
    happening: list[Callable[[], object]] = []
    find = engines.engine("local").find

    def wait(*args: Any) -> Finding:
        for each in happening:
            each()
        return find(*args)

    monkeypatch.setattr(engines.engine("local"), "find", wait)
    return happening


def test_a_job_that_is_cancelled_while_it_runs_leaves_nothing(
    images: Path, media: Path, finding: list[Callable[[], object]]
) -> None:
    job = submit(images / "astronaut.jpg")
    finding.append(lambda: jobs.cancel(job))
    assert run_next().status == JobStatus.CANCELLED
    assert not Result.objects.exists()
    assert not Photo.objects.exists()
    assert kept_files(media) == []


def test_a_late_answer_leaves_nothing(images: Path, media: Path, finding: list[Callable[[], object]]) -> None:
    """As of a process that was frozen: meanwhile another one has done the job."""
    submit(images / "astronaut.jpg")

    def wake_late() -> None:
        finding.clear()
        Job.objects.update(due=timezone.now() - timedelta(seconds=1))
        assert storage.requeue_expired() == 1
        assert run_next().status == JobStatus.DONE

    finding.append(wake_late)
    assert run_next().status == JobStatus.DONE
    assert Result.objects.count() == 1
    assert sorted(kept_files(media)) == ["photos", "thumbnails"]


def test_the_lease_of_a_long_run_is_renewed(
    images: Path, finding: list[Callable[[], object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(images / "astronaut.jpg")
    is_renewed, renew = threading.Event(), storage.renew
    monkeypatch.setattr(jobs, "RENEW_EVERY", 0.01)
    monkeypatch.setattr(storage, "renew", lambda job: renew(job) and not is_renewed.set())

    def let_it_end() -> None:
        Job.objects.update(due=timezone.now() - timedelta(seconds=1))
        is_renewed.clear()
        assert is_renewed.wait(PATIENCE)
        assert storage.requeue_expired() == 0

    finding.append(let_it_end)
    assert run_next().status == JobStatus.DONE


def test_the_lease_of_a_run_that_hangs_is_renewed_no_more(
    images: Path, finding: list[Callable[[], object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(images / "astronaut.jpg")
    monkeypatch.setattr(jobs, "RENEW_EVERY", 0.01)
    monkeypatch.setattr(jobs, "LONGEST", 0.03)
    renewals, renew = threading.Semaphore(0), storage.renew
    monkeypatch.setattr(storage, "renew", lambda job: renew(job) and not renewals.release())

    def hang() -> None:
        assert renewals.acquire(timeout=PATIENCE)
        for thread in [each for each in threading.enumerate() if each.name == "lease"]:
            thread.join(PATIENCE)
            assert not thread.is_alive()

    finding.append(hang)
    assert run_next().status == JobStatus.DONE
