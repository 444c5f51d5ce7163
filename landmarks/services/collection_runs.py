"""A collection whose photos a command analyses by itself, beside the server or the workers, which may take them too.

Each photo becomes a job as if it had been sent to the site, and is claimed by whoever comes first, usually by this
process at once. So what a killed command leaves behind is what a killed server leaves: jobs whose lease ends.
"""

import logging
from datetime import datetime

from landmarks.core.errors import AddressInvalid, NotFound, PhotoError
from landmarks.core.finding import Options
from landmarks.models import Collection, Job, Owner
from landmarks.services import collections, jobs
from landmarks.services.photos import PhotoFile
from landmarks.storage import collections as storage
from landmarks.storage import jobs as job_rows
from landmarks.storage.errors import storage_errors

logger = logging.getLogger(__name__)

POLL = 0.5
"""Seconds between two looks at a job that another process has."""


def newest_called(owner: Owner, name: str) -> Collection | None:
    """Raises StorageError."""
    with storage_errors():
        return storage.collections_of(owner).filter(name=collections.clean_name(name)).first()


def has_options(collection: Collection, options: Options, engine_name: str) -> bool:
    """Whether the collection's photos are analysed like that."""
    return engine_name == collection.engine and options == collections.options_of(collection)


def analyze(collection: Collection, file: PhotoFile, name: str, began: datetime) -> tuple[Job, bool]:
    """The job of a photo, which is over, and whether it was before. What failed before `began` is tried again.

    A photo that can't be read is noted in the collection.

    Raises PhotoError, Busy, QuotaExceeded or StorageError.
    """
    wait_while_paused(collection)
    try:
        job, _ = collections.submit(collection, file, name)
    except PhotoError as exc:
        storage.insert_unread(collections.make_job(collection, name), exc)
        raise
    return run_to_end(collection, job, began)


def analyze_address(collection: Collection, address: str, began: datetime) -> tuple[Job, bool]:
    """The same for a photo that is fetched. Raises AddressInvalid, NotFound or StorageError."""
    wait_while_paused(collection)
    try:
        job, _ = collections.submit_address(collection, address, "")
    except AddressInvalid as exc:
        storage.insert_unread(collections.make_job(collection, address), exc)
        raise
    return run_to_end(collection, job, began)


def wait_while_paused(collection: Collection) -> None:
    """Raises StorageError."""
    is_reported = False
    while storage.is_paused(collection):
        if not is_reported:
            logger.warning("The collection is paused. This command goes on when it is resumed on its page.")
            is_reported = True
        jobs.wait_for_jobs(POLL)


def forget_unread(collection: Collection, name: str) -> None:
    """What an earlier run noted of a photo that it couldn't read, before that is tried again. Raises StorageError."""
    storage.delete_unread(collections.make_job(collection, name))


def run_to_end(collection: Collection, job: Job, began: datetime) -> tuple[Job, bool]:
    """Raises NotFound where the job is deleted meanwhile, or StorageError."""
    if job.finished and job.finished < began and storage.retry(collection, job.pk):
        job = read(job)
    is_known = job.is_over
    while not job.is_over:
        claimed = job_rows.claim(job.pk)
        if claimed:
            jobs.run(claimed)
        job = read(job, claimed)
        if not job.is_over:  # another process has it, or it is tried again later
            wait_while_paused(collection)
            jobs.wait_for_jobs(POLL)
            job_rows.requeue_expired()
    return job, is_known


def read(job: Job, claimed: Job | None = None) -> Job:
    """The job as it is now; of an address whose photo is in the collection already, the job of that photo."""
    if row := storage.read(job.pk):
        return row
    photo = claimed.photo if claimed else None
    copy = storage.find(claimed.collection, photo.digest) if claimed and claimed.collection and photo else None
    if copy is None:
        raise NotFound("job_not_found")
    return copy
