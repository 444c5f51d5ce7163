"""The thread of a worker that says that the worker is there."""

import threading
from contextlib import suppress

from landmarks.core.errors import StorageError
from landmarks.storage import workers
from landmarks.storage.connections import close_connection
from landmarks.storage.time_limits import limited

EVERY = 15.0
"""Seconds; two can fail before the worker is taken for dead."""


class PresenceThread:
    def __init__(self, executor: str) -> None:
        workers.begin(executor)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="presence", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()
        with suppress(StorageError), limited():  # logged by the storage; it is seen no more
            workers.end()
        close_connection()

    def _run(self) -> None:
        is_over = False
        while not is_over:
            with suppress(StorageError), limited():
                workers.note_seen()
            close_connection(always=True)
            is_over = self._stopping.wait(EVERY)
