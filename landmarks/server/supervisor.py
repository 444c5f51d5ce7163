"""Several processes that share one listening socket: started, replaced when they die, and stopped together."""

import logging
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from typing import Any

from waitress.wasyncore import file_dispatcher

logger = logging.getLogger(__name__)

STABLE_SECONDS = 10.0
"""A process that lived that long is replaced at once."""
PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds before each further one, when processes die young: a cause that stays must not fill the log."""
KILL_SECONDS = 60.0
"""After which processes that should stop are killed; each needs 31, and longer if it has just been started."""
FAILED = 3
"""Exit status of a process that can't start, which its replacement could not do either."""
STOPPING = (signal.SIGTERM, signal.SIGINT)


class Supervisor:
    """The parent of the processes. It has no threads, no connection to the database and no engine."""

    def __init__(self, work: Callable[[int, int], None], count: int, listener: socket.socket) -> None:
        """`work` runs in each process, with its number and the pipe that ends when the parent does or is gone."""
        self._work = work
        self._listener = listener
        self._started: dict[int, float] = {}
        """Moment of each process, by its id."""
        self._due = [0.0] * count
        """Moments at which missing processes are to be started."""
        self._number = self._deaths = 0
        self._stop_at = 0.0
        self._status = 0
        self._alive, self._parent = os.pipe()
        self._woken, self._waker = os.pipe()

    def run(self) -> int:
        """The exit status, when all processes have ended."""
        os.set_blocking(self._waker, False)
        os.set_blocking(self._woken, False)
        for each in (*STOPPING, signal.SIGCHLD):
            signal.signal(each, lambda *args: None)
        signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)
        while not self._stop_at or self._started:
            self._start_due()
            for number in self._signals():
                if number in STOPPING:
                    self._signalled(number)
            self._reap()
            if self._stop_at and time.monotonic() - self._stop_at > KILL_SECONDS:
                self._kill()
        return self._status

    def _start_due(self) -> None:
        now = time.monotonic()
        for moment in [moment for moment in self._due if moment <= now and not self._stop_at]:
            self._due.remove(moment)
            self._number += 1
            if pid := os.fork():
                self._started[pid] = now
            else:
                self._become()

    def _become(self) -> None:
        """Be a process that serves, which ends with SystemExit."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for descriptor in (self._parent, self._woken, self._waker):
            os.close(descriptor)
        self._work(self._number, self._alive)
        sys.exit(0)

    def _signals(self) -> bytes:
        """Those that came, waited for until something is to be done."""
        waits = [moment - time.monotonic() for moment in self._due]
        timeout = 1.0 if self._stop_at else max(0.0, min(waits)) if waits else None
        select.select([self._woken], [], [], timeout)
        try:
            return os.read(self._woken, 4096)
        except BlockingIOError:
            return b""

    def _signalled(self, number: int) -> None:
        if self._stop_at:
            self._status = 128 + number
            self._kill()
        else:
            self._stop()

    def _stop(self) -> None:
        """Let all processes end in order: they see the end of their pipe, also those that have just been started."""
        self._stop_at = time.monotonic()
        os.close(self._parent)
        self._listener.close()

    def _kill(self) -> None:
        for pid in self._started:
            os.kill(pid, signal.SIGKILL)

    def _reap(self) -> None:
        while self._started:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            if pid in self._started:
                self._ended(self._started.pop(pid), os.waitstatus_to_exitcode(status))

    def _ended(self, started: float, status: int) -> None:
        if self._stop_at:
            return
        if status == FAILED:
            self._status = 1
            self._stop()
            return
        now = time.monotonic()
        self._deaths = 0 if now - started > STABLE_SECONDS else self._deaths + 1
        pause = PAUSES[min(self._deaths, len(PAUSES)) - 1] if self._deaths else 0.0
        logger.error("A process ended (status %s); it is replaced in %g seconds", status, pause)
        self._due.append(now + pause)


class ParentWatch(file_dispatcher):  # type: ignore[misc]
    """Stops the server of a process whose parent is gone: the system then closes the other end of this pipe."""

    def __init__(self, pipe: int, server: Any) -> None:
        self._server = server
        super().__init__(pipe, map=server._map)

    def writable(self) -> bool:
        return False

    def handle_read(self) -> None:
        self.handle_close()

    def handle_close(self) -> None:
        self.close()
        if not self._server.is_stopping:
            self._server.stop()
