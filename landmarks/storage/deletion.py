"""How results are deleted: hidden at once, removed with their files when it can no longer be undone."""

from datetime import datetime, timedelta

from django.db import transaction

from landmarks import models
from landmarks.storage.files import discard, storage_errors

UNDO = timedelta(seconds=10)
"""So long a deletion can be undone."""


def mark_deleted(results: models.ResultQuerySet, now: datetime) -> int:
    """Hide those that are kept from everybody, until the deletion is undone or finished; tells how many they are."""
    with storage_errors():
        return results.kept().update(deleted=now)


def restore(results: models.ResultQuerySet, now: datetime) -> int:
    """Undo the deletion of those whose time is not over; tells how many they are."""
    with storage_errors():
        return results.filter(deleted__gt=now - UNDO).update(deleted=None)


def expired(now: datetime) -> models.ResultQuerySet:
    """Those whose deletion can no longer be undone."""
    return models.Result.objects.filter(deleted__lte=now - UNDO)


def finish_deletions(now: datetime) -> int:
    """Delete for good what can no longer be undone; tells how many results that were. Raises StorageError."""
    with storage_errors():
        results = list(expired(now).only("photo_id"))
    return sum(delete(result, expired(now)) for result in results)


def delete(result: models.Result, among: models.ResultQuerySet | None = None) -> bool:
    """Delete a result for good with its files, if it is still there, among those; the photo goes with its last result.

    Raises StorageError when the rows cannot be deleted.
    """
    rows = models.Result.objects.all() if among is None else among
    with storage_errors(), transaction.atomic():
        photo = models.Photo.objects.select_for_update().filter(pk=result.photo_id).first()
        # Locked before it is deleted: an undo that was faster has taken it out of `among`, a slower one finds no row.
        row = rows.select_for_update().filter(pk=result.pk).first()
        if photo is None or row is None:
            return False
        row.delete()
        files = [row.thumbnail]
        if not photo.results.exists():
            files.append(photo.file)
            photo.delete()
        transaction.on_commit(lambda: discard(*files))
    return True
