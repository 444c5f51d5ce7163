"""How many bytes each owner stores, and how many it may.

A number in the owner's row is changed in the transaction that inserts or deletes the row of a file: exact, and one
read for every page, however many photos there are.
"""

from django.conf import settings
from django.db import models, transaction
from django.db.models import F

from landmarks.core.errors import QuotaExceeded
from landmarks.models import Owner, Photo, Result
from landmarks.storage import files
from landmarks.storage.errors import storage_errors

BATCH = 100
"""Files measured between two transactions."""


def max_bytes() -> int | None:
    """What one owner may store; None for any amount."""
    return None if settings.MAX_STORED_MB is None else int(settings.MAX_STORED_MB) * 2**20


def check_quota(owner: Owner) -> None:
    """Raise QuotaExceeded where the owner, who need not have a row yet, has no room left, or StorageError.

    To be called before a photo is fetched or decoded, or an engine is paid.
    """
    limit = max_bytes()
    if limit is None:
        return
    with storage_errors():
        is_full = Owner.objects.filter(kind=owner.kind, key=owner.key, stored_bytes__gte=limit).exists()
    if is_full:
        raise quota_exceeded(limit)


def add_photo(owner_id: int, count: int) -> None:
    """Count a photo of so many bytes in the transaction that inserts it. Raises QuotaExceeded, for no byte too many."""
    limit, owners = max_bytes(), Owner.objects.filter(pk=owner_id)
    if limit is not None:
        owners = owners.filter(stored_bytes__lte=limit - count)
    if not owners.update(stored_bytes=F("stored_bytes") + count) and limit is not None:
        raise quota_exceeded(limit)


def add(owner_id: int, count: int) -> None:
    """Count what is stored in any case, such as the thumbnail of a run that may have been paid, or less than before."""
    Owner.objects.filter(pk=owner_id).update(stored_bytes=F("stored_bytes") + count)


def quota_exceeded(limit: int) -> QuotaExceeded:
    return QuotaExceeded("quota_exceeded", limit=limit)


# --- what was stored before sizes were -------------------------------------------------------------------------------


def measure_files() -> None:
    """Record the sizes of files whose rows have none. Raises StorageError."""
    measure(Photo, "file", "file_size")
    measure(Result, "thumbnail", "thumbnail_size")


def measure(model: type[models.Model], file: str, size: str) -> None:
    with storage_errors():
        while rows := list(model._default_manager.filter(**{size: None}).only("pk", file, "owner_id")[:BATCH]):
            # Lost files count nothing. They are looked at before the transaction, since they may be on a network.
            sizes = [files.size(str(getattr(row, file))) or 0 for row in rows]
            with transaction.atomic():
                for row, count in zip(rows, sizes, strict=True):
                    unmeasured = model._default_manager.filter(pk=row.pk, **{size: None})
                    if unmeasured.update(**{size: count}):
                        add(row.owner_id, count)  # type: ignore[attr-defined]
