"""Jobs run by threads of the server itself."""

import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor

from django.conf import settings
from django.db import close_old_connections

from landmarks.models import Job
from landmarks.server.presence_thread import PresenceThread
from landmarks.services import jobs
from landmarks.storage import jobs as storage

logger = logging.getLogger(__name__)

POLL = 1.0
"""Seconds between two looks for jobs that other processes queued, or that are tried again."""


class JobPool:
    """So many jobs at once. A job is claimed when a thread is free for it, so that all others are there for others."""

    def __init__(self, at_once: int) -> None:
        self._free = threading.Semaphore(at_once)
        # Its rows would be written for nobody where the page for operators is off.
        self._presence = PresenceThread("threads") if settings.METRICS else None
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="job")

    def start_due(self) -> None:
        if not self._free.acquire(timeout=POLL):
            return
        job = None
        try:
            job = storage.claim_next()
        finally:
            if job is None:
                self._free.release()
        if job is None:
            jobs.wait_for_jobs(POLL)
        else:
            self._pool.submit(run, job).add_done_callback(self._done)

    def stop(self) -> None:
        self._pool.shutdown()
        if self._presence:
            self._presence.stop()

    def _done(self, done: "Future[None]") -> None:
        self._free.release()
        if error := done.exception():
            # Its lease ends, and it is tried again.
            logger.error("A job ended unexpectedly", exc_info=error)


def run(job: Job) -> None:
    try:
        jobs.run(job)
    finally:
        close_old_connections()
