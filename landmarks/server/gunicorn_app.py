"""The production server: gunicorn with threads, on a socket of our own, the engine warmed in each worker."""

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
from landmarks.runtime.concurrency import MOST
from landmarks.runtime.memory import give_back_when_large, keep_freed
from landmarks.server import deletion_thread
from landmarks.services import engines, runs
from landmarks.storage.temporary_files import remove_stale_copies

logger = logging.getLogger(__name__)

KEPT, KEPT_BLOCK = 24 * 2**20, 6 * 2**20
"""Bytes that were freed and are kept for the next photo, in all and at a piece."""
STALLED_SECONDS = 30
"""A connection that sends nothing for so long in the middle of a request gives its thread back."""


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's worker with threads, which can be stopped at any moment."""

    def handle_quit(self, sig: int, frame: object) -> None:
        # Left to the loop, between two of its steps: within one, the end could come while a thread is being made, which
        # nobody would end then.
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
        # Imported here, in the worker: with it all pages are loaded.
        return import_string(settings.WSGI_APPLICATION)


def run(listener: socket.socket, workers: int, threads: int, say: Callable[[str], object]) -> None:
    """Serve until stopped; ends in SystemExit."""
    # A database connection must not be shared with the workers to come.
    connections.close_all()
    address = shown_address(listener)

    def warm(worker: Any) -> None:
        keep_freed(KEPT, KEPT_BLOCK)
        remove_stale_copies()
        try:
            runs.warm_engine()
        except LandmarksError as exc:
            sys.stderr.write(f"{exc.message}\n")
            sys.exit(Arbiter.WORKER_BOOT_ERROR)
        keep_database_open()
        deletion_thread.start()
        # What is loaded by now stays, and need not be looked through for rubbish again and again.
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
            # No header may name the script: a proxy that passes such headers on would let strangers move all links.
            "forwarder_headers": "",
            "forwarded_allow_ips": ",".join(trusted_for_https()),
            "worker_tmp_dir": _heartbeat_dir(),
            "control_socket_disable": True,
            "loglevel": "warning",
            "proc_name": "facesite",
            "post_worker_init": warm,
            "post_request": lambda worker, request, environ, response: give_back_when_large(),
            # The last one out folds SQLite's journal into the database.
            "worker_exit": lambda arbiter, worker: connections.close_all(),
        }
    ).run()


def keep_database_open() -> None:
    """A connection of the thread that answers nobody, for as long as this process runs.

    Whoever opens SQLite first makes two files beside the database, and whoever leaves last removes them. On a disk that
    is full or read-only that fails, and with it all reading; while they are there, what is kept can be looked at.
    """
    if connection.vendor == "sqlite":
        try:
            connection.ensure_connection()
        except DatabaseError as exc:
            logger.error("The database cannot be opened yet (%s).", exc)


def open_listener(host: str, port: int) -> socket.socket:
    """A listening socket; raise CommandError with the next step where the address cannot be had."""
    if not is_loopback(host) and not settings.NAMED_HOSTS:
        raise CommandError(
            f"{host} is not a loopback address, and a host that is not loopback needs ALLOWED_HOSTS: set it to the "
            "names by which the site is reached, for example ALLOWED_HOSTS=photos.example.org."
        )
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.create_server(address[:2], family=family, backlog=2048)
    except OSError as exc:
        raise CommandError(_refusal(exc, host, port)) from exc
    # Handed down to every connection: blocking reads and writes end after so long.
    patience = struct.pack("ll", STALLED_SECONDS, 0)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, patience)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, patience)
    if hasattr(socket, "TCP_DEFER_ACCEPT"):
        # A connection on which nothing comes is left to the kernel and holds no thread.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, STALLED_SECONDS)
    return listener


def trusted_for_https() -> list[str]:
    """Proxies that are believed when they say that a request came by HTTPS: those of this machine, and the named."""
    return ["127.0.0.1", "::1", *map(str, settings.TRUSTED_PROXIES)]


def refuse_too_few_threads(threads: int) -> None:
    """A site that publishes photos would wait for itself; raise CommandError."""
    if engines.publishes() and threads <= MOST:
        raise CommandError(
            f"With PUBLIC_URL the hosted engine fetches photos from this site while up to {MOST} threads look at "
            f"photos, draw, or wait for its answers. Use --threads {MOST + 1} or more, or set ACEDATA_PLATFORM_TOKEN."
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


def _refusal(exc: OSError, host: str, port: int) -> str:
    if exc.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is already in use. Stop the other program or choose another: "
            f"manage.py serve --port {port % 65535 + 1}"
        )
    if exc.errno == errno.EACCES:
        return f"This user may not open port {port}. Choose one above 1023: manage.py serve --port 8000"
    return f"Port {port} on {host} cannot be opened ({exc.strerror}). Choose an address that this machine has."


def _heartbeat_dir() -> str | None:
    """Memory where there is some: gunicorn takes a worker whose heartbeat waits for a slow disk for dead."""
    memory = Path("/dev/shm")  # noqa: S108 - gunicorn makes its file there with a random name
    return str(memory) if memory.is_dir() and os.access(memory, os.W_OK) else None
