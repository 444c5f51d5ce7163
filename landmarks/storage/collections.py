"""The photos of collections: added once each, and read page by page, at a cost that hardly grows with their number."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from landmarks.core.errors import LandmarksError
from landmarks.models import Collection, Job, JobQuerySet, JobQueue, JobStatus, Owner, Photo, Result, Webhook, truncate
from landmarks.storage import collection_counts, jobs, key_claims, turns, webhooks
from landmarks.storage.collection_counts import State, state_of
from landmarks.storage.errors import storage_errors
from landmarks.storage.results import PhotoGone

BATCH = 500
"""Addresses in one statement."""
CANCELLED = {"status": JobStatus.CANCELLED, "lease": None, "photo": None}
UNREAD = Q(status=JobStatus.FAILED, photo=None, address="")
"""A file that a command could not read; the site answers such ones at once, and stores nothing."""


def condition(state: State) -> dict[str, object]:
    if state in (State.DONE, State.NONE):
        # As a list, because Django writes a condition on one truth value so that no index helps.
        return {"status": JobStatus.DONE, "has_faces__in": [state is State.DONE]}
    # Without it, the index would not lead from one position to the next.
    return {"status": JobStatus(state), "has_faces": None}


@dataclass(frozen=True)
class Page:
    """Jobs in the order in which their photos were added, and the positions at which its neighbours begin."""

    jobs: Sequence[Job]
    before: int | None
    """None for the first page."""
    after: int | None
    """None for the last one."""


def jobs_of(collection: Collection) -> JobQuerySet:
    return Job.objects.filter(collection=collection)


def read_page(
    collection: Collection, size: int, state: State | None = None, after: int | None = None, before: int | None = None
) -> Page:
    """The first page, or the one after or before a position. Raises StorageError."""
    rows = jobs_of(collection).filter(**condition(state)) if state else jobs_of(collection)
    rows = with_results(rows)
    with storage_errors():
        if before is not None:
            found = list(rows.filter(position__lt=before).order_by("-position")[: size + 1])
            has_more, found = len(found) > size, found[:size][::-1]
            return Page(found, position(found[:1]) if has_more else None, position(found[-1:]))
        found = list(rows.filter(position__gt=after or 0).order_by("position")[: size + 1])
        has_more, found = len(found) > size, found[:size]
    return Page(found, position(found[:1]) if after else None, position(found[-1:]) if has_more else None)


def with_results(rows: JobQuerySet) -> JobQuerySet:
    """With their photos, and with those results that are not deleted."""
    return rows.select_related("photo").prefetch_related(Prefetch("result", Result.objects.kept()))


def position(jobs: Sequence[Job]) -> int | None:
    return jobs[0].position if jobs else None


def known_digests(collection: Collection, digests: Iterable[str]) -> set[str]:
    """Of these photos, those that are in the collection already. Raises StorageError."""
    with storage_errors():
        rows = jobs_of(collection).filter(photo__owner=collection.owner_id, photo__digest__in=list(digests))
        return set(rows.values_list("photo__digest", flat=True))


def find(collection: Collection, digest: str) -> Job | None:
    """The job of that photo. Raises StorageError."""
    with storage_errors():
        rows = jobs_of(collection).filter(photo__owner=collection.owner_id, photo__digest=digest)
        return with_results(rows).first()


def read(id: UUID) -> Job | None:
    """A job of whichever collection. Raises StorageError."""
    with storage_errors():
        return with_results(Job.objects.filter(pk=id)).first()


def create(collection: Collection, webhook: Webhook | None) -> None:
    """With the address to which its ends are reported. Raises KeyInUse or StorageError."""
    with storage_errors(), transaction.atomic():
        collection.save(force_insert=True)
        if webhook:
            webhook.collection = collection
            webhook.save(force_insert=True)
        key_claims.settle(collection)


def find_address(collection: Collection, address: str) -> Job | None:
    """The first job of the photo from that address. Raises StorageError."""
    with storage_errors():
        return with_results(jobs_of(collection).filter(address=address)).order_by("position").first()


def insert(job: Job, earlier: Result | None) -> bool:
    """Whether the photo is new in the collection; with an earlier result its job is done.

    Raises PhotoGone where the photo was deleted meanwhile, KeyInUse or StorageError.
    """
    if earlier:
        job.status, job.finished = JobStatus.DONE, timezone.now()
        job.result, job.has_faces = earlier, earlier.face_count > 0
    try:
        with storage_errors(), transaction.atomic():
            if job.photo_id is None or Photo.lock(job.photo_id) is None:
                raise PhotoGone
            turns.line_up([job])
            job.save(force_insert=True)
            webhooks.arm(job.collection_id)
            collection_counts.move(job.collection_id, None, state_of(job.status, job.has_faces))
            key_claims.settle(job)
    except IntegrityError:  # somebody sent it at the same moment
        return False
    return True


def insert_unread(job: Job, error: LandmarksError) -> None:
    """Note why a photo could not be read. Raises StorageError."""
    job.status, job.finished = JobStatus.FAILED, timezone.now()
    job.error_code, job.error_message = truncate("error_code", error.code), truncate("error_message", error.message)
    with storage_errors(), transaction.atomic():
        job.save(force_insert=True)
        collection_counts.move(job.collection_id, None, State.FAILED)
        webhooks.arm(job.collection_id)


def delete_unread(job: Job) -> None:
    """What was noted of photos of that name in the job's collection. Raises StorageError."""
    with storage_errors(), transaction.atomic():
        _, deleted = Job.objects.filter(UNREAD, collection=job.collection_id, name=job.name).delete()
        collection_counts.move(job.collection_id, State.FAILED, None, deleted.get(Job._meta.label, 0))


def known_addresses(collection: Collection) -> set[str]:
    """Those from which photos of the collection came, or will. Raises StorageError."""
    with storage_errors():
        return set(jobs_of(collection).exclude(address="").values_list("address", flat=True))


def insert_addresses(collection: Collection, rows: Sequence[Job]) -> None:
    """Raises KeyInUse or StorageError."""
    with storage_errors(), transaction.atomic():
        turns.line_up(rows)
        Job.objects.bulk_create(rows, batch_size=BATCH)
        collection_counts.move(collection.pk, None, State.QUEUED, len(rows))
        webhooks.arm(collection.pk)
        for job in rows:  # one, of a request with a key
            key_claims.settle(job)


def earlier_result(job: Job) -> Result | None:
    """The newest result of the same engine with the same options over the job's photo. Raises StorageError."""
    with storage_errors():
        return (
            Result.objects.kept()
            .done()
            .filter(photo=job.photo, engine=job.engine, largest_only=job.largest_only, rotate=job.rotate)
            .filter(dense=job.dense, requested_face_model_version=job.face_model_version)
            .newest_first()
            .first()
        )


def attach(job: Job, photo: Photo) -> None:
    """Give a job the photo that was fetched for it. A photo that is in the collection already needs no second job.

    Raises LeaseLost where the job is over, or superfluous, or StorageError.
    """
    job.photo = photo
    with storage_errors():
        try:
            with transaction.atomic():
                is_held = jobs.held(job).update(photo=photo)
        except IntegrityError:
            is_held = 0
            delete_held(job)
    if not is_held:
        raise jobs.LeaseLost


def delete_held(job: Job) -> None:
    with transaction.atomic():
        _, deleted = jobs.held(job).delete()
        if deleted.get(Job._meta.label):
            collection_counts.move(job.collection_id, State.RUNNING, None)


def retry(collection: Collection, job_id: UUID | None = None) -> int:
    """Queue those that failed again, or that one, as if they were new; returns their number. Raises StorageError.

    What could not be read isn't there to be tried again.
    """
    again = {"status": JobStatus.QUEUED, "attempts": 0, "due": timezone.now(), "finished": None, "result": None}
    queue = queue_of(collection)
    rows = jobs_of(collection).filter(status=JobStatus.FAILED).exclude(UNREAD)
    rows = rows.filter(pk=job_id) if job_id else rows
    with storage_errors(), transaction.atomic():
        turns.line_up_again(rows, collection.owner_id, queue)
        number = rows.update(**again, queue=queue, error_code="", error_message="")
        collection_counts.move(collection.pk, State.FAILED, State.QUEUED, number)
        if number:
            webhooks.arm(collection.pk)
    return number


def queue_of(collection: Collection) -> JobQueue:
    """For its new jobs."""
    return JobQueue.PAUSED if collection.is_paused else JobQueue.BATCH


def is_paused(collection: Collection) -> bool:
    """Now, as others may have paused or resumed it. Raises StorageError."""
    with storage_errors():
        collection.is_paused = Collection.objects.filter(pk=collection.pk, is_paused=True).exists()
    return collection.is_paused


def pause(collection: Collection) -> None:
    """What is running is finished, the rest waits. Raises StorageError."""
    with storage_errors(), transaction.atomic():
        Collection.objects.filter(pk=collection.pk).update(is_paused=True)
        jobs_of(collection).open().update(queue=JobQueue.PAUSED)
    collection.is_paused = True


def resume(collection: Collection) -> None:
    """Its photos come after those that their owner has queued meanwhile. Raises StorageError."""
    with storage_errors(), transaction.atomic():
        Collection.objects.filter(pk=collection.pk).update(is_paused=False)
        paused = jobs_of(collection).open().filter(queue=JobQueue.PAUSED)
        turns.line_up_again(paused, collection.owner_id, JobQueue.BATCH)
        paused.update(queue=JobQueue.BATCH)
    collection.is_paused = False


def cancel(collection: Collection) -> int:
    """Those that are open; returns their number. Their photos are swept. Raises StorageError."""
    with storage_errors(), transaction.atomic():
        number = jobs_of(collection).open().update(**CANCELLED, finished=timezone.now())
        collection_counts.move(collection.pk, State.QUEUED, State.CANCELLED, number)
    return number


def delete_all(owner: Owner) -> None:
    """The owner's collections and open jobs; results stay, and unused photos are swept. Raises StorageError."""
    with storage_errors(), transaction.atomic():
        Collection.objects.filter(owner=owner).delete()
        Job.objects.owned_by(owner).open().update(**CANCELLED, finished=timezone.now())


def collections_of(owner: Owner | None) -> QuerySet[Collection]:
    """Newest first."""
    rows = Collection.objects.filter(owner=owner) if owner else Collection.objects.none()
    return rows.select_related("owner", "webhook").order_by("-created", "-pk")


def older_than(rows: QuerySet[Collection], created: datetime, id: UUID) -> QuerySet[Collection]:
    """Those after one with that moment and id, which may be deleted by now."""
    return rows.filter(Q(created__lt=created) | Q(created=created, pk__lt=id))
