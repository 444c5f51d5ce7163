"""How long the database may take: for one statement, and for all that a request waits for together.

It shares the caller's patience with the slots: who waited for one while others held it, and waited for the database,
may not wait as long again.
"""

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, transaction

from landmarks.core.errors import Busy
from landmarks.runtime import caller

AT_ONCE = 16
"""Statements, all of which may wait in vain. `serve` has some threads more than that for pages."""
PATIENCE = 0.5
"""Seconds to wait for one of them; usually nobody does, because statements take milliseconds."""
QUICK = 0.25
"""Seconds of each statement that do not count if it succeeds: waits are limited, not how much a request does."""
STALLED = 1.0
"""Seconds for which nobody waits for a slot after somebody waited in vain, so that threads stay free for the rest."""
PROGRESS_STEPS = 20_000
"""Instructions of SQLite's machine between two looks at the clock: about a millisecond."""


@dataclass
class Budget:
    """The seconds for which a request, or a round of work, may still wait for the database."""

    left: float
    is_lock_timeout_short: bool = False


_budget: ContextVar[Budget | None] = ContextVar("database_budget", default=None)
_slots = threading.BoundedSemaphore(AT_ONCE)
_stalled_until = -math.inf


@contextmanager
def limited(seconds: float = math.inf) -> Iterator[None]:
    """Limit how long this thread waits for the database within this block: so long in all, and for each statement.

    Whatever takes longer ends in OperationalError. Outside of such blocks there are no limits: migrations and other
    commands may take as long as they need.
    """
    outer = _budget.get()
    budget = Budget(min(seconds, outer.left if outer else math.inf))
    token = _budget.set(budget)
    try:
        with ExitStack() as stack:
            if outer is None:
                stack.enter_context(connection.execute_wrapper(_execute))
            yield
    finally:
        _budget.reset(token)
        if budget.is_lock_timeout_short and connection.connection:
            _set_lock_timeout(settings.DATABASE_LOCK_TIMEOUT)


def seconds_left() -> float | None:
    """For the next statement; None where nothing is limited."""
    budget = _budget.get()
    if budget is None:
        return None
    patience, longest = caller.current().patience_for_database, float(settings.DATABASE_STATEMENT_TIMEOUT)
    return max(0.0, min(budget.left, patience, longest))


@contextmanager
def spending(*, needs_slot: bool = True) -> Iterator[None]:
    """Wait for the database within this block, at the cost of the budget. Raises OperationalError if it is used up.

    Slots keep a database that hangs from holding all threads: some are always free for what needs no database.
    """
    budget = _budget.get()
    if budget is None:
        yield
        return
    if not seconds_left():
        raise OperationalError("the database took longer than this request may wait")
    start, free = time.monotonic(), 0.0
    try:
        with _slot() if needs_slot else ExitStack():
            yield
        free = QUICK
    finally:
        waited = max(0.0, time.monotonic() - start - free)
        budget.left -= waited
        caller.current().patience -= waited


@contextmanager
def _slot() -> Iterator[None]:
    global _stalled_until
    if not _slots.acquire(timeout=0 if time.monotonic() < _stalled_until else PATIENCE):
        _stalled_until = time.monotonic() + STALLED
        raise OperationalError("too many requests wait for the database already")
    try:
        yield
    finally:
        _slots.release()


def _execute(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """A wrapper of all statements, in the form of Django's `execute_wrapper`."""
    # Who is within a transaction may hold the locks for which the others wait in their slots.
    with spending(needs_slot=not _is_in_transaction()):
        _shorten_lock_timeout()
        return execute(sql, params, many, context)


def _is_in_transaction() -> bool:
    if connection.vendor == "sqlite":
        return bool(connection.connection.in_transaction)
    return bool(connection.connection.pgconn.transaction_status)  # 0 is idle


def _shorten_lock_timeout() -> None:
    """In SQLite, to what is left, where that is less; PostgreSQL's connections look at that themselves."""
    budget, left = _budget.get(), seconds_left()
    if connection.vendor == "sqlite" and budget and left is not None and left < settings.DATABASE_LOCK_TIMEOUT:
        _set_lock_timeout(left)
        budget.is_lock_timeout_short = True


def _set_lock_timeout(seconds: float) -> None:
    connection.connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")


@contextmanager
def limit_statements(seconds: float, message_id: str) -> Iterator[None]:
    """Stop the statements within this block after so many seconds. Raises Busy with that message."""
    end = time.monotonic() + seconds
    try:
        with _stopping_at(end) if connection.vendor == "sqlite" else _stopped_by_server(seconds):
            yield
    except OperationalError as exc:
        if time.monotonic() < end:
            raise
        raise Busy(message_id, detail="stopped by its time limit") from exc


@contextmanager
def _stopping_at(end: float) -> Iterator[None]:
    connection.ensure_connection()
    connection.connection.set_progress_handler(lambda: time.monotonic() >= end, PROGRESS_STEPS)
    try:
        yield
    finally:
        connection.connection.set_progress_handler(None, 0)


@contextmanager
def _stopped_by_server(seconds: float) -> Iterator[None]:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(max(1, int(seconds * 1000)))])
        yield
