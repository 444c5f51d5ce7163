"""A process that serves the site: it warms the engine, serves until it is stopped, and ends in order."""

import gc
import logging
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Callable

from django.conf import settings
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, connections
from django.utils.module_loading import import_string

from landmarks.core.errors import LandmarksError
from landmarks.http import event_stream
from landmarks.runtime.concurrency import CORES, MAX_THREADS
from landmarks.runtime.memory import KEPT, KEPT_BLOCK, keep_freed
from landmarks.server import cleanup_thread, job_thread, webhook_thread
from landmarks.server.http_server import HttpServer, connections_at_once
from landmarks.server.supervisor import ParentWatch
from landmarks.services import engines, runs
from landmarks.storage.temporary_files import delete_expired_files

logger = logging.getLogger(__name__)


def serve(
    listener: socket.socket,
    threads: int,
    is_ready: Callable[[], object],
    parent: int | None = None,
    jobs_at_once: int = CORES,
) -> None:
    """Serve until a signal or, where the pipe of a parent is given, until that ends. Raises CommandError.

    A second signal ends the process at once; where there is a parent, that sees to it, as both get what a terminal or
    a service manager sends.
    """
    servers: list[HttpServer] = []

    def stop(number: int, frame: object) -> None:
        if not servers:
            sys.exit(0)
        if not servers[0].is_stopping:
            servers[0].stop()
        elif parent is None:
            os._exit(128 + number)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    warm()
    # Imported here, in the worker, because it loads all pages.
    application = import_string(settings.WSGI_APPLICATION)
    # Everything loaded so far stays, so the garbage collector need not visit it again.
    gc.freeze()
    servers.append(HttpServer(application, listener, threads, connections_at_once(), event_stream.stop))
    if parent is not None:
        ParentWatch(parent, servers[0])
    jobs, webhooks = job_thread.start(jobs_at_once), webhook_thread.start()
    is_ready()
    servers[0].run()
    jobs.stop()
    webhooks.stop()
    # With the last connection SQLite merges its journal into the database.
    connections.close_all()


def warm() -> None:
    """Everything that no visitor should wait for."""
    keep_freed(KEPT, KEPT_BLOCK)
    # Finding the folder for temporary files writes one, which no health check should.
    tempfile.gettempdir()
    delete_expired_files()
    try:
        runs.warm_engine()
    except LandmarksError as exc:
        raise CommandError(exc.message) from exc
    keep_database_open()
    cleanup_thread.start()


def keep_database_open() -> None:
    """Open a connection on this thread, which serves no request, for as long as the process runs.

    The first connection to an SQLite database makes two files beside it, and the last one removes them. On a disk that
    is full or read-only that fails, and reading with it; while the files are there, the database can be read.
    """
    if connection.vendor == "sqlite":
        try:
            connection.ensure_connection()
        except DatabaseError as exc:
            logger.error("The database cannot be opened yet (%s).", exc)


def check_threads(threads: int) -> None:
    """Raise CommandError where a site that publishes photos could lack a thread to serve them."""
    if engines.publishes_photos() and threads <= MAX_THREADS:
        raise CommandError(
            f"With PUBLIC_URL the hosted engine fetches photos from this site while up to {MAX_THREADS} threads "
            f"analyze or draw photos, or wait for its answers. Use --threads {MAX_THREADS + 1} or more, or set "
            "ACEDATA_PLATFORM_TOKEN."
        )
