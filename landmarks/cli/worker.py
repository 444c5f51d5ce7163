"""A process that analyses photos for `manage.py analyze`. It imports nothing of Django before it is prepared."""

import signal
from contextlib import ExitStack
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from landmarks.cli.batch import Outcome, Task

HELD = ExitStack()


def prepare() -> None:
    import django

    # Ctrl+C in a terminal is for the command, which ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    django.setup()
    from landmarks.engines.local.threads import single_thread

    HELD.enter_context(single_thread())


def work(task: "Task") -> "Outcome":
    from landmarks.cli.batch import analyze

    return analyze(task)
