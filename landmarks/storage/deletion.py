"""How results are deleted: hidden at once, removed with their files when that can no longer be undone."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from landmarks.models import Job, JobQuerySet, Photo, Result, ResultQuerySet
from landmarks.runtime.periods import SLACK
from landmarks.storage import collection_counts, files, quota
from landmarks.storage.collection_counts import state_of
from landmarks.storage.errors import storage_errors

UNDO = timedelta(seconds=10)
"""How long a deletion can be undone."""


def mark_deleted(results: ResultQuerySet, now: datetime) -> int:
    """Hide those that are kept, until the deletion is undone or finished; returns their number."""
    with storage_errors():
        return results.kept().update(deleted=now)


def restore(results: ResultQuerySet, now: datetime) -> int:
    """Undo the deletion of those that still can be restored; returns their number."""
    with storage_errors():
        return restorable(results, now).update(deleted=None)


def renew(results: ResultQuerySet, now: datetime) -> int:
    """Let the deletion of those that still can be restored begin now; returns their number."""
    with storage_errors():
        return restorable(results, now).update(deleted=now)


def restorable(results: ResultQuerySet, now: datetime) -> ResultQuerySet:
    return results.filter(deleted__gt=now - UNDO, deleted__lte=now + SLACK)


def expired(now: datetime) -> ResultQuerySet:
    """Those whose deletion can no longer be undone, also because the clock was set back."""
    return Result.objects.filter(Q(deleted__lte=now - UNDO) | Q(deleted__gt=now + SLACK))


def finish_deletions(now: datetime) -> int:
    """Delete for good what can no longer be restored; returns the number of results. Raises StorageError."""
    with storage_errors():
        results = list(expired(now).only("photo_id"))
    return sum(delete(result, expired(now)) for result in results)


def delete(result: Result, among: ResultQuerySet | None = None) -> bool:
    """Delete a result for good with its files, if it is still among those; the photo goes with its last result.

    Raises StorageError when the rows cannot be deleted.
    """
    rows = Result.objects.all() if among is None else among
    with storage_errors(), transaction.atomic():
        photo = Photo.lock(result.photo_id)
        # Locked before it is deleted: an undo that came first has taken it out of `among`, a later one finds no row.
        row = rows.select_for_update().filter(pk=result.pk).first()
        if photo is None or row is None:
            return False
        with_states = list(jobs_of(row))
        row.delete()
        quota.add(row.owner_id, -(row.thumbnail_size or 0))
        for job in with_states:
            collection_counts.move(job.collection_id, state_of(job.status, job.has_faces), None)
        transaction.on_commit(lambda: files.delete(str(row.thumbnail)))
        delete_if_unused(photo)
    return True


def jobs_of(result: Result) -> JobQuerySet:
    """Those that go with it, in the order in which all lock collections; they keep their states until then."""
    return Job.objects.select_for_update().filter(result=result).order_by("collection", "pk")


def delete_unused(photo: Photo) -> bool:
    """Delete a photo for good with its file, if it has no result and no job; whether it did. Raises StorageError."""
    with storage_errors(), transaction.atomic():
        row = Photo.lock(photo.pk)
        return row is not None and delete_if_unused(row)


def delete_if_unused(photo: Photo) -> bool:
    if photo.results.exists() or photo.jobs.exists():
        return False
    photo.delete()
    quota.add(photo.owner_id, -(photo.file_size or 0))
    transaction.on_commit(lambda: files.delete(str(photo.file)))
    return True
