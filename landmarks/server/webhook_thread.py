"""The thread that reports the ends of jobs and collections to webhooks, with others that wait for the addresses."""

import logging
import threading
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

from django.db import DatabaseError, close_old_connections, connections

from landmarks.core.errors import StorageError
from landmarks.models import Delivery
from landmarks.services import webhooks
from landmarks.storage import webhooks as storage
from landmarks.storage.time_limits import limited

logger = logging.getLogger(__name__)

AT_ONCE = 8
"""Reports that are being sent by this process; each waits for an address."""
SHARE = 3
"""Of these, those of one token: its addresses may answer slowly."""
POLL, PAUSE = 1.0, 5.0
"""Seconds between two looks, and before the next one if something failed."""


class WebhookThread:
    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook")
        self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)
        self._lock = threading.Lock()
        self._sent_by: Counter[int] = Counter()
        """Reports that are being sent, by token."""
        self._wake = threading.Event()
        self._is_stopping = False

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Attempts that are going on end within seconds; what is left is for the next process."""
        self._is_stopping = True
        self._wake.set()
        self._thread.join()
        self._pool.shutdown()

    def _run(self) -> None:
        while not self._is_stopping:
            self._wake.clear()
            self._wake.wait(POLL if self._round() else PAUSE)
        connections.close_all()

    def _round(self) -> bool:
        """Whether nothing failed."""
        try:
            with limited():
                webhooks.report_ended()
                while not self._is_stopping and (delivery := self._next()):
                    self._pool.submit(send, delivery).add_done_callback(partial(self._done, delivery.webhook.token_id))
        except (StorageError, DatabaseError) as exc:
            if not isinstance(exc, StorageError):
                logger.exception("Webhooks cannot be sent")
            connections.close_all()
            return False
        return True

    def _next(self) -> Delivery | None:
        with self._lock:
            if self._sent_by.total() >= AT_ONCE:
                return None
            busy = [token for token, count in self._sent_by.items() if count >= SHARE]
        delivery = storage.claim_next(busy)
        if delivery:
            with self._lock:
                self._sent_by[delivery.webhook.token_id] += 1
        return delivery

    def _done(self, token: int, done: "Future[None]") -> None:
        with self._lock:
            self._sent_by[token] -= 1
        self._wake.set()
        error = done.exception()
        if error and not isinstance(error, StorageError):
            # Its lease ends, and it is tried again.
            logger.error("A webhook ended unexpectedly", exc_info=error)


def send(delivery: Delivery) -> None:
    try:
        with limited():
            webhooks.deliver(delivery)
    finally:
        close_old_connections()


def start() -> WebhookThread:
    thread = WebhookThread()
    thread.start()
    return thread
