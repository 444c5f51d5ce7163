"""The production server: gunicorn with threads, on a socket of our own, with a warm engine in each worker."""

import errno
import gc
import ipaddress
import logging
import os
import socket
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, connections
from django.utils.module_loading import import_string
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.workers.gthread import ThreadWorker

from landmarks.core.errors import LandmarksError
from landmarks.runtime.concurrency import MAX_THREADS
from landmarks.runtime.memory import keep_freed, release_freed_if_large
from landmarks.server import cleanup_thread
from landmarks.services import engines, runs
from landmarks.storage.temporary_files import delete_expired_files

logger = logging.getLogger(__name__)

KEPT, KEPT_BLOCK = 24 * 2**20, 6 * 2**20
"""Bytes of freed memory that are kept for the next photo, in all and in one block."""
STALLED_SECONDS = 30
"""How long a connection may send nothing in the middle of a request before it loses its thread."""


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's worker with threads, which can be stopped at any moment."""

    def handle_quit(self, sig: int, frame: object) -> None:
        # Deferred to the worker's loop: otherwise it could end while a thread starts, which nothing would end.
        self.method_queue.defer(super().handle_quit, sig, frame)


class Site(BaseApplication):  # type: ignore[misc]
    """Our WSGI application with gunicorn's settings given in code."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        # Imported here, in the worker, because it loads all pages.
        return import_string(settings.WSGI_APPLICATION)


def run(listener: socket.socket, workers: int, threads: int, say: Callable[[str], object]) -> None:
    """Serve until stopped; ends in SystemExit."""
    # The workers must not share a database connection.
    connections.close_all()
    address = shown_address(listener)

    def warm(worker: Any) -> None:
        keep_freed(KEPT, KEPT_BLOCK)
        delete_expired_files()
        try:
            runs.warm_engine()
        except LandmarksError as exc:
            sys.stderr.write(f"{exc.message}\n")
            sys.exit(Arbiter.WORKER_BOOT_ERROR)
        keep_database_open()
        cleanup_thread.start()
        # Everything loaded so far stays, so the garbage collector need not visit it again.
        gc.freeze()
        if worker.age == 1:
            say(f"facesite is ready at {address} (Ctrl+C stops it)")

    Site(
        {
            "bind": f"fd://{listener.detach()}",
            "worker_class": Worker,
            "workers": workers,
            "threads": threads,
            "timeout": 120,
            "graceful_timeout": 30,
            "keepalive": 5,
            "limit_request_line": 4094,
            "limit_request_fields": 100,
            "limit_request_field_size": 8190,
            # No header may set SCRIPT_NAME: a proxy that passes such headers on would let strangers change all links.
            "forwarder_headers": "",
            "forwarded_allow_ips": ",".join(trusted_for_https()),
            "worker_tmp_dir": _heartbeat_dir(),
            "control_socket_disable": True,
            "loglevel": "warning",
            "proc_name": "facesite",
            "post_worker_init": warm,
            "post_request": lambda worker, request, environ, response: release_freed_if_large(),
            # With the last connection SQLite merges its journal into the database.
            "worker_exit": lambda arbiter, worker: connections.close_all(),
        }
    ).run()


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


def open_listener(host: str, port: int) -> socket.socket:
    """A listening socket. Raises CommandError where the address cannot be used, and says what to do."""
    if not is_loopback(host) and not settings.NAMED_HOSTS:
        raise CommandError(
            f"{host} is not a loopback address, and a host that is not loopback needs ALLOWED_HOSTS: set it to the "
            "names by which the site is reached, for example ALLOWED_HOSTS=photos.example.org."
        )
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.create_server(address[:2], family=family, backlog=2048)
    except OSError as exc:
        raise CommandError(_why_not(exc, host, port)) from exc
    # Inherited by every connection: blocking reads and writes end after this time.
    timeout = struct.pack("ll", STALLED_SECONDS, 0)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, timeout)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, timeout)
    if hasattr(socket, "TCP_DEFER_ACCEPT"):
        # A connection that sends nothing stays with the kernel and holds no thread.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, STALLED_SECONDS)
    return listener


def trusted_for_https() -> list[str]:
    """Proxies that may say that a request came by HTTPS: those of this machine and TRUSTED_PROXIES."""
    return ["127.0.0.1", "::1", *map(str, settings.TRUSTED_PROXIES)]


def check_threads(threads: int) -> None:
    """Raise CommandError where a site that publishes photos could lack a thread to serve them."""
    if engines.publishes_photos() and threads <= MAX_THREADS:
        raise CommandError(
            f"With PUBLIC_URL the hosted engine fetches photos from this site while up to {MAX_THREADS} threads "
            f"analyze or draw photos, or wait for its answers. Use --threads {MAX_THREADS + 1} or more, or set "
            "ACEDATA_PLATFORM_TOKEN."
        )


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def shown_address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    if ipaddress.ip_address(host).is_unspecified:
        host = settings.NAMED_HOSTS[0].lstrip(".") if settings.NAMED_HOSTS[0] != "*" else "localhost"
        return f"http://{host}:{port}/"
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _why_not(exc: OSError, host: str, port: int) -> str:
    if exc.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is already in use. Stop the other program or choose another: "
            f"manage.py serve --port {port % 65535 + 1}"
        )
    if exc.errno == errno.EACCES:
        return f"This user may not open port {port}. Choose one above 1023: manage.py serve --port 8000"
    return f"Port {port} on {host} cannot be opened ({exc.strerror}). Choose an address that this machine has."


def _heartbeat_dir() -> str | None:
    """In memory if possible: gunicorn kills a worker whose heartbeat waits for a slow disk."""
    memory = Path("/dev/shm")  # noqa: S108 - gunicorn gives its file there a random name
    return str(memory) if memory.is_dir() and os.access(memory, os.W_OK) else None
