"""Jobs: photos that are stored now and analysed later, by the server's own threads or by workers."""

import logging
import threading
from contextlib import ExitStack, suppress
from datetime import timedelta
from functools import partial

from landmarks.core.errors import Busy, LandmarksError, StorageError
from landmarks.core.finding import Options
from landmarks.core.names import composed
from landmarks.core.text import clean_line
from landmarks.models import Job, JobQueue, Owner, Photo, Webhook, truncate
from landmarks.net.fetch import Fetched
from landmarks.runtime import caller, concurrency, request_id
from landmarks.runtime.renewal import renewing
from landmarks.services import engines, photos, runs
from landmarks.services.photos import PhotoFile, StoredPhoto
from landmarks.storage import collections, deletion
from landmarks.storage import jobs as storage
from landmarks.storage.connections import close_connection
from landmarks.storage.time_limits import limited

logger = logging.getLogger(__name__)

CLIENT = "jobs"
"""All jobs are one client, so that visitors get every second slot beside them, however many jobs wait."""
PATIENCE = 120.0
"""Seconds that a job may wait for its slots: nobody waits for its answer."""
RENEW_EVERY = storage.LEASE.total_seconds() / 3
LONGEST = 300.0
"""Seconds after which a job that still runs is taken for one that hangs: its lease is renewed no more."""

# --- submit ----------------------------------------------------------------------------------------------------------


def submit(
    file: PhotoFile,
    name: str,
    owner: Owner,
    options: Options,
    engine_name: str,
    *,
    note: str = "",
    queue: JobQueue = JobQueue.INTERACTIVE,
    webhook: Webhook | None = None,
) -> Job:
    """Store a photo and queue a job for it.

    Raises PhotoError, Busy, QuotaExceeded or StorageError, and then leaves nothing, or RequestInvalid where the engine
    takes no files.
    """
    engines.require_files(engine_name)
    photos.check_room(owner)
    with concurrency.REQUESTS.slot():
        job = make_job(name, owner, options, engine_name, note, queue)
        return store_and_queue(photos.read(file), job, None, webhook)


def submit_address(
    address: str,
    owner: Owner,
    options: Options,
    engine_name: str,
    *,
    name: str = "",
    note: str = "",
    queue: JobQueue = JobQueue.INTERACTIVE,
    webhook: Webhook | None = None,
) -> Job:
    """Fetch a photo, store it and queue a job for it.

    Raises FetchError, PhotoError, Busy, QuotaExceeded or StorageError, and then leaves nothing.
    """
    photos.check_room(owner)
    with concurrency.REQUESTS.slot(), photos.fetch(address) as fetched:
        job = make_job(name or fetched.name, owner, options, engine_name, note, queue)
        return store_and_queue(fetched.read(), job, fetched, webhook)


def make_job(name: str, owner: Owner, options: Options, engine_name: str, note: str, queue: JobQueue) -> Job:
    return Job(
        owner=owner,
        name=clean_line(truncate("name", composed(name))) or runs.UNNAMED,
        note=truncate("note", note),
        engine=engine_name,
        largest_only=options.largest_only,
        rotate=options.rotate,
        dense=options.dense,
        face_model_version=options.face_model_version,
        queue=queue,
        request_id=request_id.current(),
    )


def store_and_queue(data: bytes, job: Job, source: Fetched | None, webhook: Webhook | None) -> Job:
    with photos.slot(engines.EMBEDDED) as slot:
        photo = photos.store(data, job.owner, slot, name=job.name, source=source).row
    with ExitStack() as undo:
        undo.callback(runs.discard, photo)
        job.photo, job.owner, job.address = photo, photo.owner, source.address if source else ""
        storage.insert(job, webhook)
        undo.pop_all()
    announce()
    return job


def cancel(job: Job) -> None:
    """Cancel a job unless it is over; its photo goes with it. Raises StorageError."""
    photo = job.photo
    if storage.cancel(job) and photo:
        # Not needed for the answer; what fails is swept.
        with suppress(StorageError):
            deletion.delete_unused(photo)
    job.refresh_from_db()


# --- run -------------------------------------------------------------------------------------------------------------


def run(job: Job) -> None:
    """Run a job that this process has claimed, and finish it. What hinders it for the moment is tried again later."""
    begin_log(job)
    renewed = renewing(RENEW_EVERY, LONGEST, partial(renew, job))
    with caller.working_for(CLIENT, PATIENCE), limited(), renewed, suppress(StorageError):  # logged by the storage
        try:
            run_engine(job)
        except storage.LeaseLost:
            logger.info("Job %s was cancelled or given to another process; this one's result is discarded", job.pk)
        except Busy as exc:
            storage.release(job, timedelta(seconds=exc.retry_after), counts=False)
        except StorageError as exc:
            if job.attempts >= storage.MAX_ATTEMPTS:
                storage.fail(job, exc)
            else:
                storage.release(job, timedelta(seconds=exc.retry_after), counts=True)
        except LandmarksError as exc:
            logger.info("Job %s failed (%s): %s %s", job.pk, exc.code, exc.message, exc.detail)
            storage.fail(job, exc)


def begin_log(job: Job) -> None:
    """From here on, the log lines of this thread are those of the job, and of the request that queued it."""
    request_id.begin(job.request_id or request_id.NONE, str(job.pk))


def run_engine(job: Job) -> None:
    """In a function of its own, so that the picture is freed before its memory is given to another run."""
    photo = StoredPhoto(job.photo or fetch(job), job.name, job.address, job.note)
    options = runs.run_options(
        largest_only=job.largest_only,
        rotate=job.rotate,
        dense=job.dense,
        face_model_version=job.face_model_version,
    )
    with photos.slot(job.engine) as slot:
        runs.run(photo, job.engine, options, slot, confirm=partial(storage.finish, job))


def fetch(job: Job) -> Photo:
    """The photo of a job that has only its address. Raises FetchError, PhotoError, QuotaExceeded or StorageError."""
    photos.check_room(job.owner)
    with photos.fetch(job.address) as fetched, photos.slot(engines.EMBEDDED) as slot:
        photo = photos.store(fetched.read(), job.owner, slot, name=job.name, source=fetched).row
    collections.attach(job, photo)
    return photo


def renew(job: Job) -> bool:
    """On a thread of its own, so that the engine does not keep it from being on time."""
    begin_log(job)
    is_held = True
    with suppress(StorageError), limited():  # the lease lasts for two more tries
        is_held = storage.renew(job)
    close_connection(always=True)
    return is_held


# --- who waits for jobs ----------------------------------------------------------------------------------------------

_queued = threading.Condition()


def announce() -> None:
    """Wake those of this process who wait for jobs; other processes look for them once in a while."""
    with _queued:
        _queued.notify_all()


def wait_for_jobs(seconds: float) -> None:
    """Until one is queued by this process, or for so long."""
    with _queued:
        _queued.wait(seconds)
