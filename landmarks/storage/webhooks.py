"""The rows of webhooks: which ends are to be reported, and the reports, each attempt made by one process only.

A webhook is stored together with its job or collection. That it is over is read from the rows of jobs, whoever ended
them and however, so there is nothing that a process could forget to do when it is killed.
"""

import random
from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from landmarks.models import Delivery, DeliveryStatus, Job, Webhook
from landmarks.storage.errors import storage_errors

SETTLED = timedelta(seconds=5)
"""For which no photo may have been added to a collection that is over: photos are sent one by one, and analysed faster
than they arrive."""
LEASE = timedelta(seconds=60)
"""Of an attempt, which takes much less. The attempt of a killed process is made again then."""
MAX_ATTEMPTS = 8
FIRST_WAIT, FACTOR, LONGEST_WAIT = 10.0, 5, 8 * 3600.0
"""Seconds before the second attempt, what each following wait is longer by, and the longest: 18 hours in all."""
JITTER = 0.2
"""Share by which a wait is longer or shorter at random, so that the reports of one failure don't come back together."""
AT_ONCE = 100
"""Ends that are looked for in one round."""
KEPT = timedelta(days=30)
"""For which a report that is over can be seen; that of a job goes with the job."""

# --- ends ------------------------------------------------------------------------------------------------------------


def arm(collection_id: UUID | None) -> None:
    """Photos are added to the collection, in the transaction of the caller: its next end is to be reported.

    Also if it was armed already: the row is locked, so that a report of the end before waits for these photos.
    """
    Webhook.objects.filter(collection=collection_id).update(is_armed=True, due=timezone.now() + SETTLED)


def ended(now: datetime) -> Iterator[Webhook]:
    """Webhooks whose job or collection seems to be over, some of them."""
    armed = Webhook.objects.filter(is_armed=True, due__lte=now).order_by("due")
    yield from armed.filter(job__finished__isnull=False)[:AT_ONCE]
    yield from armed.exclude(collection=None).exclude(Exists(open_jobs()))[:AT_ONCE]


def open_jobs() -> QuerySet[Job]:
    return Job.objects.open().filter(collection=OuterRef("collection"))


def report_ended(write: Callable[[Webhook], str]) -> int:
    """Make a report of each end, once; returns their number. `write` makes its body. Raises StorageError."""
    now, count = timezone.now(), 0
    with storage_errors():
        for found in list(ended(now)):
            with transaction.atomic():
                count += report(found, now, write)
    return count


def report(found: Webhook, now: datetime, write: Callable[[Webhook], str]) -> bool:
    # Who adds photos at this moment holds the row, or waits until it is disarmed.
    row = Webhook.objects.select_for_update(skip_locked=True).filter(pk=found.pk, is_armed=True, due__lte=now).first()
    if row is None or (row.collection_id and Job.objects.open().filter(collection=row.collection_id).exists()):
        return False
    Webhook.objects.filter(pk=row.pk).update(is_armed=False)
    Delivery.objects.create(webhook=row, body=write(row))
    return True


# --- attempts --------------------------------------------------------------------------------------------------------


def claim_next(others: Collection[int] = ()) -> Delivery | None:
    """The report whose turn it is, unless it is signed by one of those tokens; the caller makes its next attempt.

    Raises StorageError.
    """
    now = timezone.now()
    due = Delivery.objects.filter(status=DeliveryStatus.PENDING, due__lte=now).exclude(webhook__token__in=others)
    with storage_errors():
        for row in due.select_related("webhook__token", "webhook__job").order_by("due", "pk")[:AT_ONCE]:
            was = Delivery.objects.filter(pk=row.pk, status=row.status, attempts=row.attempts, due=row.due)
            row.attempts, row.lease, row.due = row.attempts + 1, uuid4(), now + LEASE
            if was.update(attempts=row.attempts, lease=row.lease, due=row.due):
                return row
    return None


def held(delivery: Delivery) -> QuerySet[Delivery]:
    """The report, if this attempt is the one that is going on."""
    return Delivery.objects.filter(pk=delivery.pk, status=DeliveryStatus.PENDING, lease=delivery.lease)


def note_delivered(delivery: Delivery, http_status: int) -> None:
    """Raises StorageError."""
    with storage_errors():
        held(delivery).update(**_over(DeliveryStatus.DELIVERED), error="", http_status=http_status)


def note_failed(delivery: Delivery, error: str, http_status: int | None, *, is_final: bool = False) -> bool:
    """Whether there will be no further attempt. Raises StorageError."""
    is_final = is_final or delivery.attempts >= MAX_ATTEMPTS
    values = _over(DeliveryStatus.FAILED) if is_final else {"due": timezone.now() + wait_after(delivery.attempts)}
    with storage_errors():
        held(delivery).update(**values | {"lease": None, "error": error, "http_status": http_status})
    return is_final


def _over(status: DeliveryStatus) -> dict[str, object]:
    return {"status": status, "finished": timezone.now(), "lease": None}


def wait_after(attempts: int) -> timedelta:
    """Until the next attempt."""
    seconds = min(FIRST_WAIT * FACTOR ** (attempts - 1), LONGEST_WAIT)
    return timedelta(seconds=seconds * random.uniform(1 - JITTER, 1 + JITTER))  # noqa: S311


# --- later -----------------------------------------------------------------------------------------------------------


def last_delivery(webhook: Webhook) -> Delivery | None:
    """Of the end that was reported last. Raises StorageError."""
    with storage_errors():
        return webhook.deliveries.order_by("-created").first()


def delete_old() -> bool:
    """Delete some of the reports that are over for long; whether there were any. Raises StorageError."""
    with storage_errors():
        old = Delivery.objects.filter(finished__lte=timezone.now() - KEPT)
        ids = list(old.values_list("pk", flat=True)[:AT_ONCE])
        return bool(ids and Delivery.objects.filter(pk__in=ids).delete()[0])
