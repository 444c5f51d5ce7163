"""Requests repeated under one key make one result, job or collection, however often and concurrently they come."""

from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Generic, NamedTuple, TypeVar, cast

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from landmarks.core.errors import KeyInUse, KeyReused, StorageError
from landmarks.models import IdempotencyKey, Owner, Result, ResultQuerySet
from landmarks.runtime.renewal import renewing
from landmarks.storage import key_claims
from landmarks.storage.connections import close_connection
from landmarks.storage.errors import storage_errors
from landmarks.storage.key_claims import Made
from landmarks.storage.time_limits import limited

Kind = TypeVar("Kind", bound=Made)

LIFETIME = timedelta(hours=24)
RENEW_EVERY = key_claims.LEASE.total_seconds() / 4
LONGEST = 180.0
"""Seconds after which a request that still runs no longer blocks its repetition."""
DELETED_AT_ONCE = 2
"""Expired keys deleted for each new one, so that their number cannot grow for ever."""


class Outcome(NamedTuple, Generic[Kind]):
    """What the first request with a key made."""

    made: Kind
    first_sent: datetime | None
    """When that was, if it was an earlier request."""


def run_once(owner: Owner, key: str, request: bytes, run: Callable[[], Kind]) -> Outcome[Kind]:
    """What the first request with this key made.

    `request` is all that distinguishes this request from another. A request that raises an error made nothing, so its
    key is free again. Raises KeyReused if the earlier request was another one, KeyInUse while it is being processed, or
    StorageError, and whatever `run` raises.
    """
    owner, now = owner.saved(), timezone.now()
    with storage_errors():
        row = claim(owner, hashed(f"{owner.pk} {key}".encode()), hashed(request), now)
    if row.made:
        return Outcome(cast("Kind", row.made), row.created)
    with ExitStack() as undo, renewing(RENEW_EVERY, LONGEST, partial(renew, row)):
        undo.callback(key_claims.release, row)
        with key_claims.holding(row):
            made = run()
        undo.pop_all()
    key_claims.note_found(row, made)
    return Outcome(made, None)


def renew(row: IdempotencyKey) -> bool:
    """On a thread of its own."""
    is_held = True
    with suppress(StorageError), limited():  # the lease lasts for some more tries
        is_held = key_claims.renew(row)
    close_connection(always=True)
    return is_held


def claim(owner: Owner, digest: str, fingerprint: str, now: datetime) -> IdempotencyKey:
    """The row of the key: one that has made nothing belongs to this request. Raises KeyReused or KeyInUse."""
    values = {"fingerprint": fingerprint, "created": now}
    with transaction.atomic():
        row, is_new = IdempotencyKey.objects.get_or_create(owner=owner, digest=digest, defaults=values)
        if is_new:
            delete_expired(now)
            return row
        row = IdempotencyKey.objects.select_for_update().get(pk=row.pk)
        if not is_over(row, now):
            return checked(row, fingerprint)
        row.fingerprint, row.created, row.renewed = fingerprint, now, None
        row.result = row.job = row.collection = None
        row.save()
    return row


def is_over(row: IdempotencyKey, now: datetime) -> bool:
    """Whether the key is free again: too old, its result deleted, or its request lost."""
    if is_pending(row):
        return (row.renewed or row.created) <= now - key_claims.LEASE
    return row.created <= now - LIFETIME or (row.result_id is not None and not kept_result(row).exists())


def is_pending(row: IdempotencyKey) -> bool:
    return row.result_id is None and row.job_id is None and row.collection_id is None


def checked(row: IdempotencyKey, fingerprint: str) -> IdempotencyKey:
    if row.fingerprint != fingerprint:
        raise KeyReused("idempotency_key_reused")
    if is_pending(row):
        raise KeyInUse("idempotency_key_in_use")
    if row.result_id:
        row.result = kept_result(row).select_related("photo").get()
    return row


def kept_result(row: IdempotencyKey) -> ResultQuerySet:
    return Result.objects.kept().filter(idempotency_keys=row)


def delete_expired(now: datetime) -> None:
    expired = IdempotencyKey.objects.filter(created__lte=now - LIFETIME).order_by("created")
    for pk in list(expired.values_list("pk", flat=True)[:DELETED_AT_ONCE]):
        IdempotencyKey.objects.filter(pk=pk, created__lte=now - LIFETIME).delete()


def hashed(value: bytes) -> str:
    """Keys and requests may contain anything, also personal data, so neither is stored."""
    return salted_hmac("landmarks.services.idempotency", value, algorithm="sha256").hexdigest()
