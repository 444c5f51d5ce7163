"""Timers, and the one thread that waits for them."""

import os
import subprocess
import sys
import threading
from pathlib import Path

from landmarks.runtime.timers import TimerThread
from tests.patience import PATIENCE

FORKED = """
import os, threading
from landmarks.runtime.timers import TimerThread

def fires(timers):
    fired = threading.Event()
    timers.start(0.01, fired.set)
    return fired.wait(90)

timers = TimerThread()
assert fires(timers)
child = os.fork()
if not child:
    os._exit(0 if fires(timers) else 1)
assert os.waitpid(child, 0)[1] == 0
"""


def test_a_timer_fires() -> None:
    fired = threading.Event()
    TimerThread().start(0.01, fired.set)
    assert fired.wait(PATIENCE)


def test_a_cancelled_timer_does_not() -> None:
    timers, fired, all_are_set, is_over = TimerThread(), [], threading.Event(), threading.Event()
    timers.start(0, lambda: all_are_set.wait(PATIENCE))  # nothing fires before all are started
    timers.start(0.01, lambda: fired.append("cancelled")).cancel()
    timers.start(0.02, lambda: fired.append("kept"))
    timers.start(0.03, is_over.set)
    all_are_set.set()
    assert is_over.wait(PATIENCE)
    assert fired == ["kept"]


def test_a_timer_that_is_started_later_and_due_earlier_does_not_wait() -> None:
    timers, fired = TimerThread(), threading.Event()
    timers.start(10 * PATIENCE, fired.clear)
    timers.start(0.01, fired.set)
    assert fired.wait(PATIENCE)


def test_one_thread_waits_for_all() -> None:
    timers, before = TimerThread(), threading.active_count()
    started = [timers.start(10 * PATIENCE, list) for _ in range(50)]
    assert threading.active_count() == before + 1
    for timer in started:
        timer.cancel()


def test_a_forked_process_has_timers_too() -> None:
    subprocess.run([sys.executable, "-c", FORKED], cwd=Path(__file__).parents[2], env=os.environ, check=True)
