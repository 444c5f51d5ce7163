"""Creates what is missing and runs the site."""

import socket
import sys
from argparse import ArgumentTypeError
from contextlib import nullcontext
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from landmarks.runtime import concurrency, metrics
from landmarks.server import bootstrap, listener, supervisor, worker
from landmarks.storage.time_limits import AT_ONCE

FOR_PAGES = AT_ONCE + 4
"""Threads that are always free for pages, and some for health checks while all others wait for the database."""


class Command(BaseCommand):
    help = "Run the site: create what is missing, load the engine, start the server and print its address."
    # `handle` runs them, so that a data folder that cannot be written is one sentence and not a list.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
        parser.add_argument("--port", type=port_number, default=8000, help="0 takes a free port (default: %(default)s)")
        parser.add_argument("--workers", type=positive, default=1, help="processes (default: %(default)s)")
        parser.add_argument("--threads", type=positive, default=default_threads(), help="of each process (%(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        worker.check_threads(options["threads"])
        bound = listener.open_listener(options["host"], options["port"])
        bootstrap.make_data_dir()
        self.check()
        bootstrap.make_everything(self.say, options["verbosity"])
        # Processes must not share a database connection.
        connections.close_all()
        self.run(bound, options["workers"], options["threads"])

    def run(self, bound: socket.socket, workers: int, threads: int) -> None:
        jobs_at_once = max(1, concurrency.CORES // workers)
        ready = f"facesite is ready at {listener.shown_address(bound)} (Ctrl+C stops it)"

        def serve(number: int, parent: int) -> None:
            # The first of several speaks for all.
            is_ready = (lambda: self.say(ready)) if number == 1 else (lambda: None)
            try:
                worker.serve(bound, threads, is_ready, parent, jobs_at_once)
            except CommandError as exc:
                self.stderr.write(str(exc))
                sys.exit(supervisor.FAILED)

        if workers == 1:
            worker.serve(bound, threads, lambda: self.say(ready))
            return
        with metrics.added_up() if settings.METRICS else nullcontext():
            status = supervisor.Supervisor(serve, workers, bound).run()
        if status:
            sys.exit(status)

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def default_threads() -> int:
    """Enough for all runs and drawings, running or queued, and some for pages."""
    return concurrency.MAX_THREADS + FOR_PAGES


def port_number(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise ArgumentTypeError(f"a port is a whole number from 0 to 65535, not {text!r}")
    return int(text)


def positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"a whole number of at least 1 is needed, not {text!r}")
    return int(text)
