"""What is to happen when a time is over."""

import os
import subprocess
import sys
import threading
from pathlib import Path

from landmarks.runtime.timers import Clock
from tests.patience import PATIENCE

FORKED = """
import os, threading
from landmarks.runtime.timers import Clock

def rings(clock):
    is_over = threading.Event()
    clock.set(0.01, is_over.set)
    return is_over.wait(120)

clock = Clock()
assert rings(clock)
child = os.fork()
if not child:
    os._exit(0 if rings(clock) else 1)
assert os.waitpid(child, 0)[1] == 0
"""


def test_strikes_when_the_time_is_over() -> None:
    is_over = threading.Event()
    Clock().set(0.01, is_over.set)
    assert is_over.wait(PATIENCE)


def test_one_that_was_cancelled_does_not() -> None:
    clock, struck, is_held, is_over = Clock(), [], threading.Event(), threading.Event()
    clock.set(0, lambda: is_held.wait(PATIENCE))  # nothing strikes before all are set
    clock.set(0.01, lambda: struck.append("cancelled")).cancel()
    clock.set(0.02, lambda: struck.append("kept"))
    clock.set(0.03, is_over.set)
    is_held.set()
    assert is_over.wait(PATIENCE)
    assert struck == ["kept"]


def test_one_that_is_set_later_and_due_earlier_does_not_wait() -> None:
    clock, is_over = Clock(), threading.Event()
    clock.set(10 * PATIENCE, is_over.clear)
    clock.set(0.01, is_over.set)
    assert is_over.wait(PATIENCE)


def test_one_thread_waits_for_all() -> None:
    clock, before = Clock(), threading.active_count()
    alarms = [clock.set(10 * PATIENCE, list) for _ in range(50)]
    assert threading.active_count() == before + 1
    for alarm in alarms:
        alarm.cancel()


def test_a_process_that_was_forked_off_has_alarms_too() -> None:
    subprocess.run([sys.executable, "-c", FORKED], cwd=Path(__file__).parents[2], env=os.environ, check=True)
