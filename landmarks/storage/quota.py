"""How many bytes each owner stores, and how many it may.

A number in the owner's row is changed in the transaction that inserts or deletes the row of a file: exact, and one
read for every page, however many photos there are.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction

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
    limit = max_bytes()
    if not _add(owner_id, count, at_most=limit) and limit is not None:
        raise quota_exceeded(limit)


def add(owner_id: int, count: int) -> None:
    """Count what is stored in any case, such as the thumbnail of a run that may have been paid, or less than before."""
    _add(owner_id, count)


def _add(owner_id: int, count: int, at_most: int | None = None) -> bool:
    """Whether the count was added. Each photo does this twice; the query builder would take five times as long."""
    statement, values = "UPDATE landmarks_owner SET stored_bytes = stored_bytes + %s WHERE id = %s", [count, owner_id]
    if at_most is not None:
        statement, values = f"{statement} AND stored_bytes <= %s", [*values, at_most - count]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return bool(cursor.rowcount > 0)


def quota_exceeded(limit: int) -> QuotaExceeded:
    return QuotaExceeded("quota_exceeded", limit=limit)


# --- what was stored before sizes were -------------------------------------------------------------------------------


def measure_files() -> Iterator[int]:
    """Record the sizes of files whose rows have none; yields after each step how many. Raises StorageError."""
    for model, file, size in ((Photo, "file", "file_size"), (Result, "thumbnail", "thumbnail_size")):
        rows = model._default_manager.filter(**{size: None}).order_by("pk").values_list("pk", file)
        while batch := measure(model, size, rows):
            rows = rows.filter(pk__gt=batch[-1])
            yield len(batch)


def measure(model: type[models.Model], column: str, rows: "models.QuerySet[Any, tuple[Any, str]]") -> list[Any]:
    """The keys of the first rows, whose sizes are recorded now."""
    with storage_errors():
        # Lost files count nothing. They are looked at before the transaction, since they may be on a network.
        sizes = {pk: files.size(name) or 0 for pk, name in rows[:BATCH]}
        record(model, column, sizes)
    return list(sizes)


def record(model: type[models.Model], column: str, sizes: dict[Any, int]) -> None:
    """Only in rows that are still there and still without a size."""
    counts: dict[int, int] = defaultdict(int)
    with transaction.atomic():
        unmeasured = model._default_manager.select_for_update().filter(pk__in=sizes, **{column: None})
        rows = list(unmeasured.order_by("pk").only("pk", "owner_id"))
        for row in rows:
            setattr(row, column, sizes[row.pk])
            counts[row.owner_id] += sizes[row.pk]  # type: ignore[attr-defined]
        model._default_manager.bulk_update(rows, [column])
        for owner_id in sorted(counts):
            add(owner_id, counts[owner_id])
