"""The thread that sees to jobs: it queues lost ones again, and has those that are due run by an executor."""

import logging
import threading
import time
from typing import Protocol

from django.conf import settings
from django.db import DatabaseError, connections

from landmarks.core.errors import StorageError
from landmarks.server.job_pool import JobPool
from landmarks.services import jobs
from landmarks.storage import jobs as storage
from landmarks.storage.time_limits import limited

logger = logging.getLogger(__name__)

EXPIRE_EVERY = 5.0
"""Seconds between two searches for jobs whose lease has ended."""
PAUSE = 5.0
"""Seconds before the next round if something failed."""


class Executor(Protocol):
    def start_due(self) -> None:
        """Start the jobs that are due, or wait a little for one. Raises StorageError."""

    def stop(self) -> None:
        """Start no more, and wait for those that run in this process."""


class JobThread:
    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)
        self._expire_at = 0.0

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Jobs that run are finished; those that are queued stay so, for the next process."""
        self._stopping.set()
        jobs.announce()
        self._thread.join()
        self._executor.stop()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._round()
        connections.close_all()

    def _round(self) -> None:
        try:
            with limited():
                if time.monotonic() >= self._expire_at:
                    self._expire_at = time.monotonic() + EXPIRE_EVERY
                    if count := storage.requeue_expired():
                        logger.warning("%d jobs were interrupted and are queued again, or failed", count)
                self._executor.start_due()
        except (StorageError, DatabaseError) as exc:
            if not isinstance(exc, StorageError):
                logger.exception("Jobs cannot be started")
            connections.close_all()
            self._stopping.wait(PAUSE)


def start(at_once: int) -> JobThread:
    """Start the thread with the executor of the settings; `at_once` is for jobs that run in this process."""
    thread = JobThread(executor(at_once))
    thread.start()
    return thread


def executor(at_once: int) -> Executor:
    if settings.TASKS == "celery":
        # Imported here because Celery is needed for this setting only.
        from landmarks.server.job_sender import JobSender

        return JobSender()
    return JobPool(at_once)
