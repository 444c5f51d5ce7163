"""The claim that a request has on its `Idempotency-Key` while it makes something.

Whoever makes something says so in the transaction that stores it: neither a process that is killed afterwards, nor one
that was frozen so long that its claim was given to a repetition of the request, can leave a second one.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from landmarks.core.errors import KeyInUse, StorageError
from landmarks.models import Collection, IdempotencyKey, Job, Result
from landmarks.storage.errors import storage_errors

Made = Result | Job | Collection

LEASE = timedelta(seconds=20)
"""From a claim or renewal on. Then a repetition of the request gets the key."""

_current: ContextVar[IdempotencyKey | None] = ContextVar("key_claim", default=None)


@contextmanager
def holding(row: IdempotencyKey) -> Iterator[None]:
    """What this thread stores within this block is what the request with this key makes."""
    token = _current.set(row)
    try:
        yield
    finally:
        _current.reset(token)


def settle(made: Made) -> None:
    """In the transaction that stores it. Raises KeyInUse where the claim was given to another request."""
    row = _current.get()
    if row and not held(row).update(**made_by(made)):
        raise KeyInUse("idempotency_key_in_use")


def note_found(row: IdempotencyKey, made: Made) -> None:
    """Of a request that was answered with something that there was already. Raises StorageError."""
    with storage_errors():
        held(row).update(**made_by(made))


def made_by(made: Made) -> dict[str, Made]:
    return {type(made).__name__.lower(): made}


def held(row: IdempotencyKey) -> QuerySet[IdempotencyKey]:
    """The row, unless it was given to another request, or this one has made something."""
    return IdempotencyKey.objects.filter(pk=row.pk, created=row.created, result=None, job=None, collection=None)


def renew(row: IdempotencyKey) -> bool:
    """Whether the claim is still this request's. Raises StorageError."""
    with storage_errors():
        return bool(held(row).update(renewed=timezone.now()))


def release(row: IdempotencyKey) -> None:
    """If this fails, the key is free again when the lease is over."""
    with suppress(StorageError), storage_errors():
        held(row).delete()
