"""A process that analyses photos for `manage.py analyze`. It imports nothing of Django before it is prepared."""

import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from landmarks.cli.batch import Outcome, Task


def prepare() -> None:
    import django

    # Ctrl+C in a terminal is for the command, which ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    django.setup()
    from landmarks.engines.local.threads import use_single_thread

    use_single_thread()


def work(task: "Task") -> "Outcome":
    from landmarks.cli.batch import analyze

    return analyze(task)
