"""A process that analyses photos for `manage.py analyze`. It imports nothing of Django before it is prepared."""

import os
import signal
import threading
from multiprocessing import parent_process
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from landmarks.cli.tasks import Outcome, Task


def prepare() -> None:
    import django

    # Ctrl+C in a terminal is for the command, which ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=end_with_command, daemon=True).start()
    django.setup()
    from landmarks.engines.local.threads import use_single_thread

    use_single_thread()


def end_with_command() -> None:
    """If the command is killed, this process would otherwise wait for its next photo for ever."""
    if command := parent_process():
        command.join()
        os._exit(1)


def work(task: "Task") -> "Outcome":
    from landmarks.cli.batch import analyze

    return analyze(task)
